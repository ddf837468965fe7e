"""Estimates for executives: said by whoever writes updates, shown once a second person stands for them."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.choices import AudienceCode, Reading, UpdateKind
from comms.models import Audience, Estimate
from comms.queries.writing import policies
from comms.rules import estimates as rules
from comms.services import snapshots
from incidents.choices import FINAL_STATES, Certainty, EntryKind, IncidentRole
from incidents.models import Incident, RoleAssignment
from incidents.services import locking, timeline
from mim_portal.lib import times
from mim_portal.lib.refusals import Forbidden, Invalid, Missing, Refusal
from teams.models import Person
from teams.rules import roles

_HOW_SURE: Final = gettext_lazy("Say how sure you are: low, medium or high.")
# What comms.rules.estimates.problem names: the field at fault, and what to do.
_PROBLEMS: Final = {
    "decision_past": ("next_decision_at", gettext_lazy("The next decision lies ahead: give a later time.")),
    "nothing": ("next_decision_at", gettext_lazy("Give a range, or when the next decision is made.")),
    "half": ("latest_at", gettext_lazy("A range has two ends: give both times.")),
    "backwards": ("latest_at", gettext_lazy("The range ends after it begins.")),
    "past": ("latest_at", gettext_lazy("This range has passed: give a later one.")),
    "far": ("latest_at", gettext_lazy("That is more than two weeks away: say when the next decision is made.")),
    "confidence": ("confidence", _HOW_SURE),
}


class UnknownEstimate(Missing):
    """There is none with this number for this person."""


@transaction.atomic
def say(
    *,
    reference: str,
    person: Person,
    now: datetime,
    earliest_at: datetime | None = None,
    latest_at: datetime | None = None,
    confidence: str = "",
    next_decision_at: datetime | None = None,
) -> Estimate:
    """A range waits for its second reader where updates to executives do; “no estimate” claims nothing and holds at
    once.
    """
    incident = locking.lock(reference=reference, person=person)
    if not person.has_role(*roles.WRITERS):
        raise Forbidden(_("Whoever writes updates gives the estimate."))
    if incident.state in FINAL_STATES:
        raise Refusal(_("The incident has ended."), code="ended")
    confidence = confidence if earliest_at or latest_at else ""
    if confidence and confidence not in Certainty.values:
        raise Invalid(str(_HOW_SURE), field="confidence")
    code = rules.problem(
        earliest_at=earliest_at, latest_at=latest_at, confidence=confidence, next_decision_at=next_decision_at, now=now
    )
    if code:
        field, words = _PROBLEMS[code]
        raise Invalid(str(words), code=code, field=field)
    made = Estimate.objects.create(
        incident=incident,
        earliest_at=earliest_at,
        latest_at=latest_at,
        confidence=confidence,
        next_decision_at=next_decision_at,
        said_by=person,
        said_at=now,
        approved_at=None if latest_at is not None and _waits() else now,
    )
    _record(made, "given" if made.approved_at is None else "shown", person=person, now=now)
    return made


@transaction.atomic
def approve(*, estimate_id: int, person: Person, now: datetime) -> Estimate:
    """A second person, who did not give it, stands for it: from now on executives read it."""
    made = _locked(estimate_id, person)
    if not may_approve(made, person):
        raise Forbidden(_("A second reader or the technical lead of the incident stands for an estimate."))
    if made.said_by_id == person.pk:
        raise Refusal(_("You gave this estimate: somebody else has to stand for it."), code="own_estimate")
    if made.approved_at is not None:
        raise Refusal(_("This estimate is shown already."), code="already_settled")
    if made.latest_at is not None and made.latest_at <= now:
        raise Refusal(_("Its time has passed meanwhile. Give another one."), code="past")
    made.approved_by, made.approved_at = person, now
    made.save(update_fields=["approved_by", "approved_at"])
    _record(made, "approved", person=person, now=now)
    return made


@transaction.atomic
def withdraw(*, estimate_id: int, person: Person, now: datetime) -> Estimate:
    """It holds no longer, and nobody has another one."""
    made = _locked(estimate_id, person)
    if not person.has_role(*roles.WRITERS):
        raise Forbidden(_("Whoever writes updates takes an estimate back."))
    made.withdrawn_at = now
    made.save(update_fields=["withdrawn_at"])
    _record(made, "withdrawn", person=person, now=now)
    return made


def may_approve(made: Estimate, person: Person) -> bool:
    """Those who read updates before they leave, and the technical lead of the incident."""
    if person.has_role(*roles.SECOND_READERS):
        return True
    leads = RoleAssignment.objects.filter(
        incident=made.incident_id, role=IncidentRole.TECHNICAL_LEAD, person=person, ended_at=None
    )
    return leads.exists()


def _waits() -> bool:
    executives = Audience.objects.filter(code=AudienceCode.EXECUTIVES)
    return any(each != Reading.ALONE for each in policies.readings(kind=UpdateKind.UPDATE, audiences=executives))


def _locked(estimate_id: int, person: Person) -> Estimate:
    """The incident first; what was taken back is nobody's any more."""
    found = Estimate.objects.filter(pk=estimate_id, withdrawn_at=None).values_list("incident_id", flat=True).first()
    if found is None:
        raise UnknownEstimate(_("There is no such estimate."))
    locking.lock_by_id(found, person=person)
    made = Estimate.objects.select_related("incident").filter(pk=estimate_id, withdrawn_at=None).first()
    if made is None:
        raise UnknownEstimate(_("There is no such estimate."))
    return made


def _record(made: Estimate, step: str, *, person: Person, now: datetime) -> None:
    incident: Incident = made.incident
    data: dict[str, Any] = {"estimate": made.pk, "step": step, "confidence": made.confidence}
    for name in ("earliest_at", "latest_at", "next_decision_at"):
        moment = getattr(made, name)
        if moment is not None:
            data[name] = times.iso(moment)
    entry = timeline.Entry(kind=EntryKind.ESTIMATE, at=now, actor_id=person.pk, data=data)
    timeline.append(incident=incident, entries=[entry])
    if step != "given":  # what waits for its reader is shown to nobody
        snapshots.want(audiences=Audience.objects.filter(code=AudienceCode.EXECUTIVES).values_list("pk", flat=True))
