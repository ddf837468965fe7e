"""Feedback in both directions: two things that helped and one request, and whether the desk was told enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import IncidentState
from incidents.models import CommandTenure, DeskFeedback, DeskRating, Incident
from incidents.services import locking
from incidents.services.desk import desk_words
from mim_portal.lib.findings import Finding
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.choices import DESK_ROLES
from teams.models import Person

AFTER = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED})
FIELDS = ("helped_first", "helped_second", "request")


@dataclass(frozen=True, kw_only=True)
class Written:
    """The feedback, and where its words pass blame on: suggestions, not refusals."""

    feedback: DeskFeedback
    findings: Sequence[Finding]


class Suggested(Refusal):
    """The words can be sent as they are; the writer is asked once whether they want to."""

    code = "suggestions"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(dict.fromkeys(finding.message for finding in findings)), field=findings[0].field)
        self.findings = findings


@transaction.atomic
def give(
    *,
    reference: str,
    helped_first: str,
    helped_second: str,
    request: str,
    person: Person,
    now: datetime,
    as_it_is: bool = True,
) -> Written:
    """Two things that helped and one request, by the incident's manager, once. Names stop; blame is suggested away
    first, unless the writer wants the words as they are.
    """
    incident = _locked_after(reference, person=person)
    if not CommandTenure.objects.filter(incident=incident, manager=person).exists():
        raise Forbidden(_("The incident's manager writes this."))
    if DeskFeedback.objects.filter(incident=incident).exists():
        raise Refusal(_("The desk has this incident's feedback already."), code="already_given")
    texts = {"helped_first": helped_first.strip(), "helped_second": helped_second.strip(), "request": request.strip()}
    for name, text in texts.items():
        if not text:
            raise Invalid(_("Two things that helped, and one request."), code="required", field=name)
    findings = desk_words.check(texts)
    if findings and not as_it_is:
        raise Suggested(findings)
    made = DeskFeedback.objects.create(incident=incident, written_by=person, written_at=now, **texts)
    AuditEntry.objects.create(actor=person, verb="desk.feedback", subject=incident.reference)
    return Written(feedback=made, findings=findings)


@transaction.atomic
def rate(*, reference: str, score: int, line: str, person: Person, now: datetime) -> DeskRating:
    """Did we tell you enough to answer callers? One answer a person and incident, which they may change."""
    incident = _locked_after(reference, person=person)
    if not person.has_role(*DESK_ROLES):
        raise Forbidden(_("The service desk answers this."))
    if score not in range(1, 6):
        raise Invalid(_("Choose 1 to 5."), field="score")
    desk_words.check({"line": line})
    values = {"score": score, "line": line.strip()[:300], "given_at": now}
    rating, _is_new = DeskRating.objects.update_or_create(incident=incident, person=person, defaults=values)
    return rating


def _locked_after(reference: str, *, person: Person) -> Incident:
    incident = locking.lock(reference=reference, person=person)
    if incident.state not in AFTER:
        raise Refusal(_("Feedback comes when the incident is resolved."), code="not_resolved")
    return incident
