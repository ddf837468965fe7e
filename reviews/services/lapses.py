"""The ledger's verbs that a person speaks: confirmed or dismissed, owned, corrected, planned, in place.

What each step needs and what may follow what is reviews.rules.ledger's to say.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.queries.writing import required_parts
from comms.services.writing import learning
from incidents.rules import impact
from incidents.services import locking
from mim_portal.lib.refusals import Forbidden, Invalid, Missing, Refusal
from reviews.choices import NAMED_CHANGES, ActionStrength, LapseCause, LapseState, PlanChange
from reviews.models import Lapse, PreventionPlan
from reviews.queries import lapses as lapse_queries
from reviews.rules import ledger
from teams.models import Person

# How the rule's fields are called where a person gives them.
FIELD_NAMES = {"plan_owner": "owner", "plan_due": "due_date", "effectiveness_measure": "measure"}


class UnknownLapse(Missing):
    """No lapse has this number, or it does not exist for the person."""


class StepRefused(Refusal):
    """The lapse is not where this step starts."""

    code = "not_allowed"


@transaction.atomic
def confirm(*, lapse_id: int, person: Person, now: datetime) -> Lapse:
    """Yes, this promise was not held. From now on the practice sees it."""
    lapse = _locked(lapse_id=lapse_id, person=person)
    _decided_by(lapse, person)
    _check(lapse.state, LapseState.CONFIRMED, {})
    return _move(lapse, LapseState.CONFIRMED, decided_at=now)


@transaction.atomic
def dismiss(*, lapse_id: int, person: Person, reason: str, now: datetime) -> Lapse:
    """No lapse, with the reason; it stays with those who saw it."""
    lapse = _locked(lapse_id=lapse_id, person=person)
    _decided_by(lapse, person)
    _check(lapse.state, LapseState.DISMISSED, {"reason": reason})
    return _move(lapse, LapseState.DISMISSED, decided_at=now, dismissal_reason=reason.strip()[:500])


@transaction.atomic
def answer_same(*, lapse_id: int, person: Person, now: datetime) -> int:
    """What was answered for one audience is answered for all that waited for the same message: it was late once, so
    that one entry is owned and planned against and the others are dismissed as part of it. Returns how many were.
    """
    lapse = _locked(lapse_id=lapse_id, person=person)
    reason = lapse.dismissal_reason or _("The same message, late once: answered as entry %(number)s.") % {
        "number": lapse_id
    }
    others = list(lapse_queries.same_message(lapse, person))
    for other in others:
        dismiss(lapse_id=other.pk, person=person, reason=reason, now=now)
    return len(others)


@transaction.atomic
def own(
    *,
    lapse_id: int,
    person: Person,
    acknowledgement: str,
    conditions: str = "",
    cause_category: str = "",
    now: datetime,
) -> Lapse:
    """The accountable manager owns it in their own words; owning a suggestion confirms it."""
    lapse = _locked(lapse_id=lapse_id, person=person)
    _decided_by(lapse, person)
    state = LapseState.CONFIRMED if lapse.state == LapseState.SUGGESTED else lapse.state
    _check(state, LapseState.OWNED, {"acknowledgement": acknowledgement})
    if cause_category and cause_category not in LapseCause.values:
        raise Invalid(_("Choose what made it likely."), field="cause_category")
    return _move(
        lapse,
        LapseState.OWNED,
        owned_at=now,
        decided_at=lapse.decided_at or now,
        acknowledgement=acknowledgement.strip(),
        conditions=conditions.strip(),
        cause_category=cause_category,
    )


@transaction.atomic
def correct(*, lapse_id: int, person: Person, correction: str, now: datetime) -> Lapse:
    """How this one occurrence was put right. Preventing the next one is the plan's work."""
    lapse = _locked(lapse_id=lapse_id, person=person)
    _planned_by(lapse, person)
    _check(lapse.state, LapseState.CORRECTED, {"correction": correction})
    return _move(lapse, LapseState.CORRECTED, correction=correction.strip(), corrected_at=now)


@transaction.atomic
def plan(
    *,
    lapse_id: int,
    person: Person,
    text: str,
    strength: str,
    owner: Person | None,
    due_date: date | None,
    measure: str,
    sample_target: int = ledger.CHANCES_TO_HOLD,
    change: str = "",
    change_word: str = "",
    now: datetime,
) -> PreventionPlan:
    """Write down what prevents the next one, who puts it in place, by when, and how it will be seen to work.

    A plan that is not in place yet can be written again: the earlier stays readable, the latest counts.
    """
    lapse = _locked(lapse_id=lapse_id, person=person)
    _planned_by(lapse, person)
    given = {"plan": text, "plan_owner": owner, "plan_due": due_date, "effectiveness_measure": measure}
    _check(LapseState.OWNED if lapse.state == LapseState.PLANNED else lapse.state, LapseState.PLANNED, given)
    if strength not in ActionStrength.values:
        raise Invalid(_("Choose how strong the plan is."), field="strength")
    if change and change not in PlanChange.values:
        raise Invalid(_("Choose which change of the portal makes it hold."), field="change")
    if change == PlanChange.WORD and not change_word.strip():
        raise Invalid(_("Say which word the language check should know."), field="change_word")
    if change == PlanChange.FACT and change_word not in dict(impact.GATES):
        raise Invalid(_("Say which fact the impact has to state."), field="change_fact")
    if change == PlanChange.PART and required_parts.read(change_word) is None:
        raise Invalid(_("Say which messages have to say what."), field="change_part")
    if due_date is None or due_date < now.date():
        raise Invalid(_("The day by which the plan is in place has passed. Choose a later one."), field="due_date")
    made = PreventionPlan.objects.create(
        lapse=lapse,
        plan=text.strip(),
        strength=strength,
        owner=owner or person,
        due_date=due_date,
        measure=measure.strip()[:500],
        sample_target=sample_target,
        change=change,
        change_word=change_word.strip()[:120] if change in NAMED_CHANGES else "",
    )
    _move(lapse, LapseState.PLANNED)
    return made


@transaction.atomic
def put_in_place(*, lapse_id: int, person: Person, now: datetime) -> PreventionPlan:
    """The practice has changed: from this moment every chance counts, and the lapse is watched."""
    lapse = _locked(lapse_id=lapse_id, person=person)
    latest = lapse.plans.order_by("-pk").first()
    if latest is None:
        raise StepRefused(_("There is no plan to put in place. Write one first."), code="no_plan")
    if latest.owner_id != person.pk:
        _planned_by(lapse, person)
    _check(lapse.state, LapseState.WATCHING, {"plan_in_place_at": now})
    latest.in_place_at = now
    latest.save(update_fields=["in_place_at"])
    _move(lapse, LapseState.WATCHING)
    return latest


@transaction.atomic
def add_word(*, lapse_id: int, person: Person) -> str:
    """The language check knows the word of the plan from now on, as it does where a writer adds one while writing."""
    lapse = _locked(lapse_id=lapse_id, person=person)
    latest = lapse.plans.order_by("-pk").first()
    if latest is None or latest.change != PlanChange.WORD:
        raise StepRefused(_("This plan asks for no word."), code="no_word")
    return learning.add(term=latest.change_word, person=person)


def _locked(*, lapse_id: int, person: Person) -> Lapse:
    """The lapse under its incident's lock, where it exists for the person."""
    seen = lapse_queries.get(lapse_id, person)
    if seen is not None:
        locking.lock_by_id(seen.incident_id)
        rows = lapse_queries.visible_lapses(person).select_for_update(no_key=True, of=("self",))
        seen = rows.filter(pk=lapse_id).first()
    if seen is None:
        raise UnknownLapse(_("There is no lapse %(number)s.") % {"number": lapse_id})
    return seen


def _check(state: str, to: LapseState, given: Mapping[str, object]) -> None:
    for problem in ledger.check(state=state, to=to, given=given):
        if problem.code == "missing":
            raise Invalid(problem.message, field=FIELD_NAMES.get(problem.field, problem.field))
        raise StepRefused(problem.message, extra={"allowed": list(ledger.allowed(state))})


def _decided_by(lapse: Lapse, person: Person) -> None:
    if not lapse_queries.may_decide(lapse, person):
        raise Forbidden(_("Only the manager who was accountable at that moment can answer this."))


def _planned_by(lapse: Lapse, person: Person) -> None:
    if not lapse_queries.may_plan(lapse, person):
        raise Forbidden(_("Only the accountable manager or the practice lead can change this."))


def _move(lapse: Lapse, state: LapseState, **fields: object) -> Lapse:
    lapse.state = state
    for name, value in fields.items():
        setattr(lapse, name, value)
    lapse.version += 1
    lapse.save(update_fields=["state", "version", *fields])
    return lapse
