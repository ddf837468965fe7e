"""Which incidents count. Exercises are practice and cancelled incidents were none: they count nowhere."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.queries import visibility
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Declared in a period, of a priority, of a service, of the services that a team owns. Empty means all."""

    since: datetime | None = None
    until: datetime | None = None
    priority: str = ""
    service: str = ""
    team: str = ""


def incidents(person: Person | AnonymousUser, filters: Filters) -> QuerySet[Incident]:
    """Those that the person may see; imported history counts where its times exist."""
    return _chosen(visibility.visible_incidents(person), filters)


def parts(person: Person | AnonymousUser, filters: Filters) -> list[QuerySet[Incident]]:
    """The same as lists that share no row, the public ones first: each is found by an index of its own."""
    return [_chosen(part, filters) for part in visibility.parts(person)]


def counted(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those of them that count for anybody."""
    return incidents.filter(is_exercise=False).exclude(state=IncidentState.CANCELLED)


def _chosen(incidents: QuerySet[Incident], filters: Filters) -> QuerySet[Incident]:
    found = counted(incidents)
    if filters.since:
        found = found.filter(declared_at__gte=filters.since)
    if filters.until:
        found = found.filter(declared_at__lt=filters.until)
    if filters.priority:
        found = found.filter(priority=filters.priority)
    if filters.service:
        found = found.filter(service__slug=filters.service)
    if filters.team:
        found = found.filter(service__owner_team__slug=filters.team)
    return found
