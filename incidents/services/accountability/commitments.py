"""What was promised to a team: said once, seen by the team, carried over to the next manager, and kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, EntryKind
from incidents.models import Commitment, Incident
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.choices import COMMAND_ROLES
from teams.models import Person, Team

LONGEST = 500


class CommitmentRefused(Refusal):
    """A commitment cannot be made or kept now."""

    code = "commitment_refused"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is promised to whom, by when; without a time it holds until it is kept."""

    team: Team
    text: str
    due_at: datetime | None = None


@transaction.atomic
def make(
    *, reference: str, team: Team, text: str, person: Person, now: datetime, due_at: datetime | None = None
) -> Commitment:
    """Promise something to a team. Its members see it as it is written."""
    incident = locking.lock(reference=reference, person=person)
    return record(incident, Promise(team=team, text=text, due_at=due_at), person=person, now=now)


def record(incident: Incident, promise: Promise, *, person: Person, now: datetime) -> Commitment:
    """The same for an incident that is locked already, as a handover does it."""
    if incident.state not in COMMANDED_STATES:
        raise CommitmentRefused(_("The incident has ended."), code="ended")
    if not person.has_role(*COMMAND_ROLES):
        raise Forbidden(_("Only an incident manager or a deputy promises something to a team."))
    text = promise.text.strip()
    if not text:
        raise Invalid(_("Say what is promised."), code="required", field="text")
    if len(text) > LONGEST:
        raise Invalid(_("Use at most %d characters.") % LONGEST, field="text")
    if promise.due_at is not None and promise.due_at < now:
        raise Invalid(_("A promise is due in the future."), field="due_at")
    made = Commitment.objects.create(
        incident=incident, team=promise.team, text=text, made_by=person, made_at=now, due_at=promise.due_at
    )
    _append(incident, EntryKind.COMMITMENT_MADE, made, person=person, at=now)
    return made


@transaction.atomic
def keep(*, commitment_id: int, person: Person, now: datetime) -> Commitment:
    """It is kept: said by whoever commands, or by the team that got what it was promised."""
    incident_id = Commitment.objects.filter(pk=commitment_id).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise locking.UnknownIncident(_("There is no such commitment."))
    incident = locking.lock_by_id(incident_id, person=person)
    row = Commitment.objects.select_related("team").get(pk=commitment_id)
    if not person.is_member(row.team_id) and not person.has_role(*COMMAND_ROLES):
        raise Forbidden(_("Only %s, an incident manager or a deputy can say that it is kept.") % row.team.name)
    if row.kept_at is not None:
        raise CommitmentRefused(_("This is kept already."), code="already_kept")
    row.kept_at = max(now, row.made_at)
    row.save(update_fields=["kept_at"])
    _append(incident, EntryKind.COMMITMENT_KEPT, row, person=person, at=now)
    return row


def _append(incident: Incident, kind: EntryKind, row: Commitment, *, person: Person, at: datetime) -> None:
    data: dict[str, Any] = {"commitment": row.pk, "team": row.team_id}
    if kind == EntryKind.COMMITMENT_MADE and row.due_at is not None:
        data["due_at"] = row.due_at.isoformat()
    entry = Entry(kind=kind, at=at, actor_id=person.pk, text=row.text, data=data)
    timeline.append(incident=incident, entries=[entry])
