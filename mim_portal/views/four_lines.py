"""An incident for an executive in four lines: so what, size, what is being done, the next word."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from comms.choices import AudienceCode
from comms.models import Update, UpdateDeadline
from comms.queries import estimates
from comms.queries.writing import texts, updates
from comms.rendering import estimates as estimate_words
from incidents.choices import UNRESTORED_STATES, DecisionState
from incidents.models import Decision, ImpactStatement, Incident
from incidents.queries import command, impact, work
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class FourLines:
    """What an executive reads; only the accountable manager is named."""

    incident: Incident
    manager: Person | None
    so_what: str
    size: str
    update: Update | None
    said: str
    promise: UpdateDeadline | None
    decisions: Sequence[Decision] = ()
    estimate: str = ""

    @property
    def needed(self) -> list[Decision]:
        """What executives have to decide now."""
        return [one for one in self.decisions if one.state == DecisionState.NEEDED]

    @property
    def decided(self) -> Decision | None:
        """What was decided last, so that whoever comes second sees it."""
        return next((one for one in self.decisions if one.state == DecisionState.DECIDED), None)


def of(incidents: Sequence[Incident], promises: Sequence[UpdateDeadline]) -> list[FourLines]:
    """In the order of the incidents; what is being done is the last update that executives were sent."""
    ids = [incident.pk for incident in incidents]
    managers = command.managers_of(ids)
    statements = impact.current_of(ids)
    told = updates.last_to(AudienceCode.EXECUTIVES, ids)
    due = {one.incident_id: one for one in reversed(promises) if one.audience.code == AudienceCode.EXECUTIVES}
    asked = work.asked_of_executives(ids)
    expected = estimates.shown(ids)
    zone, now = timezone.get_current_timezone(), timezone.now()
    return [
        FourLines(
            incident=incident,
            manager=managers.get(incident.pk),
            so_what=impact.sentence(statements[incident.pk], zone) if incident.pk in statements else "",
            size=_size(statements.get(incident.pk)),
            update=told.get(incident.pk),
            said=_said(told.get(incident.pk)),
            promise=due.get(incident.pk),
            decisions=asked.get(incident.pk, ()),
            estimate=estimate_words.line(expected.get(incident.pk), at=now, zone=zone)
            if incident.state in UNRESTORED_STATES
            else "",
        )
        for incident in incidents
    ]


def _said(update: Update | None) -> str:
    return texts.read_by(update, AudienceCode.EXECUTIVES).body if update else ""


def _size(statement: ImpactStatement | None) -> str:
    return impact.size(statement) if statement else ""
