"""The ledger of lapses: its steps, what each asks for, who is asked, and who may see it (domain.md 7.2, DESIGN 1a)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from comms.choices import AudienceCode, UpdateKind
from reviews.choices import UNCONFIRMED_LAPSES, LapseCode, LapseOutcome, LapseState
from teams.choices import Role
from teams.rules import roles

SHIFTS_UNTIL_PASSED_ON: Final = 2
# Without a rota nobody can count shifts; the practice lead is asked after two days.
WITHOUT_SHIFTS: Final = timedelta(hours=48)
CHANCES_TO_HOLD: Final = 20
DAYS_TO_HOLD: Final = timedelta(days=90)
# How long what is over is kept with its words and its person; after that it is a number.
KEPT_FOR: Final = timedelta(days=365)
_OUTCOMES: Final[Mapping[LapseState, LapseOutcome]] = {
    LapseState.HELD: LapseOutcome.HELD,
    LapseState.WATCHING: LapseOutcome.WATCHED,
    LapseState.DISMISSED: LapseOutcome.DISMISSED,
    LapseState.SUGGESTED: LapseOutcome.UNANSWERED,
}


class Chance(StrEnum):
    """What a lapse may come back at: plans are judged by how many of these there were."""

    FIRST_UPDATE = "first_update"
    LATER_UPDATE = "later_update"
    ANY_UPDATE = "any_update"
    MESSAGE = "message"
    CORRECTION = "correction"
    STATEMENT = "statement"
    WEAK_INTAKE = "weak_intake"
    CALL = "call"
    HANDOVER = "handover"
    RESTORATION = "restoration"
    REVIEW = "review"
    PLAN = "plan"


CHANCE_OF: Final[Mapping[LapseCode, Chance]] = {
    LapseCode.L01: Chance.FIRST_UPDATE,
    LapseCode.L02: Chance.LATER_UPDATE,
    LapseCode.L03: Chance.LATER_UPDATE,
    LapseCode.L04: Chance.ANY_UPDATE,
    **dict.fromkeys((LapseCode.L05, LapseCode.L06, LapseCode.L08, LapseCode.L11, LapseCode.L14), Chance.MESSAGE),
    LapseCode.L07: Chance.STATEMENT,
    LapseCode.L09: Chance.STATEMENT,
    LapseCode.L10: Chance.CORRECTION,
    LapseCode.L12: Chance.WEAK_INTAKE,
    LapseCode.L13: Chance.WEAK_INTAKE,
    LapseCode.L15: Chance.CALL,
    LapseCode.L16: Chance.HANDOVER,
    LapseCode.L17: Chance.RESTORATION,
    LapseCode.L18: Chance.REVIEW,
    LapseCode.L20: Chance.PLAN,
}
# A lapse that already mended itself (the late update was sent) needs no correction of its own before the plan.
TRANSITIONS: Final[Mapping[LapseState, tuple[LapseState, ...]]] = {
    LapseState.SUGGESTED: (LapseState.CONFIRMED, LapseState.DISMISSED),
    LapseState.CONFIRMED: (LapseState.OWNED,),
    LapseState.DISMISSED: (),
    LapseState.OWNED: (LapseState.CORRECTED, LapseState.PLANNED),
    LapseState.CORRECTED: (LapseState.PLANNED,),
    LapseState.PLANNED: (LapseState.WATCHING,),
    LapseState.WATCHING: (LapseState.HELD, LapseState.RECURRED),
    LapseState.HELD: (LapseState.RECURRED,),
    LapseState.RECURRED: (LapseState.PLANNED,),
}
# What a step needs, field by field, with the question that asks for it.
REQUIRED: Final[Mapping[LapseState, tuple[tuple[str, str], ...]]] = {
    LapseState.DISMISSED: (("reason", "Say why this was no lapse."),),
    LapseState.OWNED: (("acknowledgement", "Say in your own words what the practice did not do."),),
    LapseState.CORRECTED: (("correction", "Say how this one was put right."),),
    LapseState.PLANNED: (
        ("plan", "Say which practice prevents it from now on."),
        ("plan_owner", "Say who puts the plan in place."),
        ("plan_due", "Say by which day."),
        ("effectiveness_measure", "Say how we will see that it holds."),
    ),
    LapseState.WATCHING: (("plan_in_place_at", "Say since when the plan is in place."),),
    LapseState.HELD: (("check_result", "Say what the check showed."),),
    LapseState.RECURRED: (("recurrence", "Say which lapse shows that it came back."),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a step is refused, with the field that it lacks."""

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Who was accountable from when until when; an open end is still running. The end belongs to the successor."""

    person_id: int
    started_at: datetime
    ended_at: datetime | None = None


def allowed(state: str) -> tuple[LapseState, ...]:
    """The steps that may follow."""
    return TRANSITIONS[LapseState(state)]


def check(*, state: str, to: str, given: Mapping[str, object]) -> tuple[Problem, ...]:
    """Every reason against a step; empty when it may be taken. Blank texts count as not given."""
    if to not in allowed(state):
        steps = ", ".join(allowed(state))
        next_words = f"Next can be: {steps}." if steps else "That is final."
        return (Problem(code="not_allowed", field="to", message=f"This lapse is {state}. {next_words}"),)
    return tuple(
        Problem(code="missing", field=field, message=question)
        for field, question in REQUIRED.get(LapseState(to), ())
        if _blank(given.get(field))
    )


def addressee(tenures: Iterable[Tenure], *, at: datetime) -> int | None:
    """The manager whose tenure covered the moment; None where nobody's did."""
    for tenure in tenures:
        if tenure.started_at <= at and (tenure.ended_at is None or at < tenure.ended_at):
            return tenure.person_id
    return None


def passes_on_at(*, suggested_at: datetime, worked_shift_ends: Sequence[datetime] | None) -> datetime | None:
    """When an unanswered suggestion goes to the practice lead: at the end of the addressee's second worked shift.

    `worked_shift_ends` are the ends of shifts that they worked; None for somebody who is on no rota, who is asked for
    two days. None while fewer than two are known: whoever is away is not passed over.
    """
    if worked_shift_ends is None:
        return suggested_at + WITHOUT_SHIFTS
    ends = sorted(end for end in worked_shift_ends if end > suggested_at)
    return ends[SHIFTS_UNTIL_PASSED_ON - 1] if len(ends) >= SHIFTS_UNTIL_PASSED_ON else None


def may_see(
    *,
    state: str,
    viewer_id: int,
    viewer_roles: Iterable[str],
    addressee_id: int | None,
    passed_on: bool,
) -> bool:
    """Who sees a lapse. Unconfirmed: the addressee alone, and the practice lead once it was passed on.

    Neither auditor nor administrator sees an unconfirmed one; a dismissed one stays with those who saw it.
    """
    if viewer_id == addressee_id:
        return True
    held = frozenset(viewer_roles)
    if state in UNCONFIRMED_LAPSES:
        return passed_on and Role.PRACTICE_LEAD in held
    return not held.isdisjoint(roles.LEDGER_READERS)


def may_decide(*, viewer_id: int, viewer_roles: Iterable[str], addressee_id: int | None, passed_on: bool) -> bool:
    """Who confirms, dismisses, owns and plans: the addressee, and the practice lead once it was passed on."""
    return viewer_id == addressee_id or (passed_on and Role.PRACTICE_LEAD in frozenset(viewer_roles))


def held(*, plan_in_place_at: datetime, chances: int, now: datetime) -> bool:
    """Whether a plan may be called effective: at least 20 chances and 90 days without a repeat, whichever is later."""
    return chances >= CHANCES_TO_HOLD and now - plan_in_place_at >= DAYS_TO_HOLD


def is_repeat(*, cause: str, later_cause: str) -> bool | None:
    """Whether a later lapse of the same code repeats this one: a plan is made against a cause (domain.md 7.3).

    None where the later one's cause is not written down yet; against any cause where this one's never was.
    """
    if not cause or cause == later_cause:
        return True
    return False if later_cause else None


def template_of(*, code: str, audience: str) -> tuple[str, str]:
    """The kind of message and the readers whose template a lapse is about; users where it says none."""
    kinds = {LapseCode.L01: UpdateKind.INITIAL, LapseCode.L10: UpdateKind.CORRECTION}
    return kinds.get(LapseCode(code), UpdateKind.UPDATE), audience or AudienceCode.END_USERS


def outcome(state: str) -> LapseOutcome:
    """How an entry that is over is counted. One that somebody still owes words, a plan or its proof is not over."""
    return _OUTCOMES[LapseState(state)]


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
