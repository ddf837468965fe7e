"""What a status page's services went through in the last days, as it was published to its readers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from comms.choices import ComponentState, MaintenanceState, UpdateState
from comms.models import Maintenance, StatusPage, Update
from comms.queries import status
from comms.rules import availability, public_state
from comms.rules.availability import Spell
from incidents.models import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHistory:
    """By service: the troubles that readers were told of, and the windows in which maintenance ran."""

    troubles: Mapping[int, Sequence[Spell]] = field(default_factory=dict)
    maintenance: Mapping[int, Sequence[tuple[datetime, datetime]]] = field(default_factory=dict)


def of(page: StatusPage, *, now: datetime) -> PageHistory:
    """Everything that can count within the days that are shown, in a fixed number of queries."""
    since = now - timedelta(days=availability.DAYS + 1)
    return PageHistory(troubles=_troubles(page, since=since), maintenance=_maintenance(page, since=since, now=now))


def _troubles(page: StatusPage, *, since: datetime) -> dict[int, list[Spell]]:
    told = status.published_to(page.audience_id).exclude(state=UpdateState.WITHDRAWN)
    recently = told.filter(incident=OuterRef("pk"), published_at__gte=since)
    counted = status.showable_incidents().filter(Exists(recently)) | status.showable_incidents().filter(
        Exists(told.filter(incident=OuterRef("pk"))), closed_at=None
    )
    rows = told.filter(incident__in=counted).select_related("incident").order_by("incident_id", "published_at", "id")
    by_incident: dict[Incident, list[Update]] = {}
    for row in rows:
        by_incident.setdefault(row.incident, []).append(row)
    found: dict[int, list[Spell]] = {}
    for incident, updates in by_incident.items():
        said = [(_at(row), _state(row, incident)) for row in updates]
        spells = availability.spells(said, ended_at=incident.closed_at)
        found.setdefault(incident.service_id, []).extend(spells)
    return found


def _at(row: Update) -> datetime:
    assert row.published_at is not None  # only published updates are read
    return row.published_at


def _state(row: Update, incident: Incident) -> ComponentState:
    return public_state.component_state(status.said_by(row, impact=incident.impact))


def _maintenance(page: StatusPage, *, since: datetime, now: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """Windows as they ran, not as they were planned."""
    ran = Maintenance.objects.filter(pages=page, started_at__isnull=False).exclude(
        state=MaintenanceState.COMPLETED, ended_at__lt=since
    )
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for service, begin, end in ran.values_list("services", "started_at", "ended_at"):
        if begin is not None:
            found.setdefault(service, []).append((begin, end or now))
    return found
