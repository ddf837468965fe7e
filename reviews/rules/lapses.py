"""Suggests lapses of the practice from facts (domain.md 7.4). A suggestion is a question to one person, in private.

Ledger sentences name the practice, never a person. One promise makes at most one suggestion, the one that fits best.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from incidents.choices import CallAgainst, RevisionReason
from incidents.rules import readers
from mim_portal.lib import times
from reviews.choices import DEADLINE_LAPSES, LapseCode

CORRECTION_WITHIN: Final = timedelta(minutes=15)
CLARIFY_WITHIN: Final = timedelta(minutes=5)
REOPENED_WITHIN: Final = timedelta(hours=24)
LOW_INTAKE: Final = 70
LATE_AGAIN_WITHIN: Final = timedelta(days=30)
WRONG_AGAIN_WITHIN: Final = timedelta(days=90)


class Clock(StrEnum):
    """What learning itself promised."""

    REVIEW = "review"
    ACTION = "action"
    PLAN = "plan"
    DESK = "desk"
    MEASURE = "measure"


_OVERDUE: Final = {
    Clock.REVIEW: (LapseCode.L18, "The review was not published by its day."),
    Clock.ACTION: (LapseCode.L18, "An action of the review passed its day."),
    Clock.MEASURE: (LapseCode.L18, "An action of the published review does not say how we will see that it works."),
    Clock.DESK: (LapseCode.L13, "The desk did not hear what helped and what was missing at hand-over."),
    Clock.PLAN: (LapseCode.L20, "What prevents the next one was not in place by its day."),
}

_SAID_BY_A_TEAM: Final = {
    CallAgainst.CHANNEL: (
        LapseCode.L15,
        "The practice called a team by another way than the team's confirmed profile says.",
    ),
    CallAgainst.HOUR: (
        LapseCode.L15,
        "The practice called a team at an hour that the team's confirmed profile rules out.",
    ),
    CallAgainst.BRIDGE: (
        LapseCode.L14,
        "Executives joined where a team worked, and the practice had not agreed it with the team.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One deadline as it went. `interval` is what the next update would have been given."""

    audience: str
    is_first: bool
    opened_at: datetime
    due_at: datetime
    interval: timedelta
    kept_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What may have gone wrong, when, and one sentence about the practice."""

    code: LapseCode
    occurred_at: datetime
    sentence: str
    audience: str = ""


def from_promise(promise: Promise, *, now: datetime) -> Suggestion | None:
    """L01 for a late first update; L02 for a later one; L03 where a whole interval passed without it.

    Published at the due moment is on time. A promise that ended in time because nothing was owed any more is no lapse.
    """
    until = promise.kept_at or promise.ended_at or now
    late = until - promise.due_at
    if late <= timedelta(0):
        return None
    reader = readers.named([promise.audience])
    unsent = promise.kept_at is None
    if promise.is_first:
        code, what = LapseCode.L01, f"The first update to {reader}"
    elif late > promise.interval:
        code, what = LapseCode.L03, f"An update promised to {reader}"
    else:
        code, what = LapseCode.L02, f"An update promised to {reader}"
    length = _length(late)
    sentence = f"{what} was not sent; {length} passed." if unsent else f"{what} was {length} late."
    return Suggestion(code=code, occurred_at=promise.due_at, sentence=sentence, audience=promise.audience)


def _length(late: timedelta) -> str:
    return times.duration(late) if late >= timedelta(seconds=1) else "less than a second"


def repeated(suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """L04: late or missed updates at two moments or more of one incident. Several audiences that waited for one and the
    same message were late once.
    """
    moments = {item.occurred_at for item in suggestions if item.code in DEADLINE_LAPSES}
    if len(moments) < 2:
        return None
    sentence = f"Promised updates were late {len(moments)} times."
    return Suggestion(code=LapseCode.L04, occurred_at=max(moments), sentence=sentence)


def late_again(moments: Sequence[tuple[int, datetime]]) -> Suggestion | None:
    """L04: late or missed updates in two incidents or more within thirty days. Each has its incident and its moment."""
    return _in_several(
        moments, code=LapseCode.L04, within=LATE_AGAIN_WITHIN, words="Promised updates were late in {count} incidents"
    )


def wrong_again(moments: Sequence[tuple[int, datetime]]) -> Suggestion | None:
    """L09: an impact that was wrong in the same way in two incidents or more within ninety days."""
    return _in_several(
        moments, code=LapseCode.L09, within=WRONG_AGAIN_WITHIN, words="The impact was wrong in {count} incidents"
    )


def _in_several(
    moments: Sequence[tuple[int, datetime]], *, code: LapseCode, within: timedelta, words: str
) -> Suggestion | None:
    if not moments:
        return None
    newest = max(at for _incident, at in moments)
    incidents = {incident for incident, at in moments if newest - at < within}
    if len(incidents) < 2:
        return None
    sentence = f"{words.format(count=len(incidents))} within {within.days} days."
    return Suggestion(code=code, occurred_at=newest, sentence=sentence)


def from_revision(*, reason: str, version: int, wrong_at: datetime, earlier_wrong: int) -> tuple[Suggestion, ...]:
    """L07 or L08 for what `version` of the impact put right, and L09 where it was not the first in this incident.

    New information and a changed situation are never lapses, or people would freeze wrong numbers.
    """
    if reason == RevisionReason.CAPTURED_INCORRECTLY:
        code = LapseCode.L07
        sentence = f"Version {version - 1} of the impact said something else than the evidence at hand."
    elif reason == RevisionReason.COMMUNICATED_INCORRECTLY:
        code = LapseCode.L08
        sentence = f"A message said something else than version {version - 1} of the impact."
    else:
        return ()
    first = Suggestion(code=code, occurred_at=wrong_at, sentence=sentence)
    if not earlier_wrong:
        return (first,)
    times_wrong = earlier_wrong + 1
    again = Suggestion(
        code=LapseCode.L09,
        occurred_at=wrong_at,
        sentence=f"The impact was wrong {times_wrong} times in one incident.",
    )
    return (first, again)


def from_recheck(*, number: int, audiences: Sequence[str], published_at: datetime, defects: int) -> Suggestion | None:
    """L05: an update left with mistakes of language that would have stopped it, found later or kept without a reason.

    What only advises is none, however much of it there is.
    """
    if defects < 1:
        return None
    mistakes = "a mistake" if defects == 1 else f"{defects} mistakes"
    return Suggestion(
        code=LapseCode.L05,
        occurred_at=published_at,
        sentence=f"Update {number} to {readers.named(audiences)} left with {mistakes} of language.",
        audience=next(iter(audiences), ""),
    )


def from_correction(
    *,
    error_known_at: datetime,
    corrected_at: datetime | None,
    original_audiences: frozenset[str],
    corrected_audiences: frozenset[str],
    now: datetime,
) -> Suggestion | None:
    """L10: a known error not corrected within 15 minutes, or not for everyone who read it."""
    due_at = error_known_at + CORRECTION_WITHIN
    late = (corrected_at or now) - due_at
    if late > timedelta(0):
        length = _length(late)
        unsent = f"A known mistake was not corrected; {length} passed after it was due."
        sentence = unsent if corrected_at is None else f"A correction was {length} late."
        return Suggestion(code=LapseCode.L10, occurred_at=due_at, sentence=sentence)
    forgotten = sorted(original_audiences - corrected_audiences)
    if corrected_at is not None and forgotten:
        sentence = f"A correction did not reach {readers.named(forgotten)}."
        return Suggestion(code=LapseCode.L10, occurred_at=corrected_at, sentence=sentence)
    return None


def from_intake(
    *,
    score: int,
    capped: bool,
    accepted_at: datetime,
    asked_at: datetime | None,
    unknown_at_second_update: bool,
) -> Suggestion | None:
    """L12: a weak hand-over whose gaps the practice did not ask about within five minutes.

    It counts only when the fact was still unknown at the second update: until then nothing was lost.
    """
    if (score >= LOW_INTAKE and not capped) or not unknown_at_second_update:
        return None
    due_at = accepted_at + CLARIFY_WITHIN
    if asked_at is not None and asked_at <= due_at:
        return None
    sentence = "A fact that was missing at hand-over was not asked for, and still missing at the second update."
    return Suggestion(code=LapseCode.L12, occurred_at=due_at, sentence=sentence)


def from_call(*, against: str, occurred_at: datetime) -> Suggestion:
    """What only the team that was called can raise: L15 where its confirmed profile says otherwise, L14 where
    executives came in while it worked. Nobody watches who joins a bridge.
    """
    code, sentence = _SAID_BY_A_TEAM[CallAgainst(against)]
    return Suggestion(code=code, occurred_at=occurred_at, sentence=sentence)


def from_handover(*, accepted_at: datetime, gap: timedelta, restatement: str) -> Suggestion | None:
    """L16: a moment without an accountable manager, or a handover that nobody said back."""
    if gap > timedelta(0):
        sentence = f"Nobody was accountable for {times.duration(gap)} at a handover."
        return Suggestion(code=LapseCode.L16, occurred_at=accepted_at, sentence=sentence)
    if not restatement.strip():
        sentence = "A handover was accepted without saying back what is due next."
        return Suggestion(code=LapseCode.L16, occurred_at=accepted_at, sentence=sentence)
    return None


def from_restoration(
    *,
    restored_at: datetime,
    confirmed_by: str,
    reopened_at: datetime | None,
    restored_message_at: datetime | None,
) -> Suggestion | None:
    """L17: restored without a voice of the users, or reopened within a day after users were told that it works."""
    if not confirmed_by:
        sentence = "The service was called restored without confirmation from the users' side."
        return Suggestion(code=LapseCode.L17, occurred_at=restored_at, sentence=sentence)
    told = restored_message_at
    if reopened_at is not None and told is not None and timedelta(0) <= reopened_at - told < REOPENED_WITHIN:
        sentence = f"The service failed again {times.duration(reopened_at - told)} after users were told that it works."
        return Suggestion(code=LapseCode.L17, occurred_at=reopened_at, sentence=sentence)
    return None


def from_clock(*, kind: Clock, due_date: date) -> Suggestion:
    """L13, L18 or L20; it happened when the day was over."""
    code, sentence = _OVERDUE[kind]
    over = datetime.combine(due_date + timedelta(days=1), time(), UTC)
    return Suggestion(code=code, occurred_at=over, sentence=sentence)
