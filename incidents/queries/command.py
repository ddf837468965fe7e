"""Who is accountable: now, and at any instant since declaration."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from incidents.choices import HandoverState
from incidents.models import CommandTenure, Handover, Incident
from teams.models import Person


def current_tenure(incident: Incident) -> CommandTenure | None:
    """The tenure that runs; None once the incident has ended."""
    return CommandTenure.objects.filter(incident=incident, ended_at=None).select_related("manager").first()


def last_tenure(incident: Incident) -> CommandTenure:
    """The tenure that runs, or the one that ran to the end."""
    return CommandTenure.objects.filter(incident=incident).select_related("manager").latest("started_at")


def current_manager(incident: Incident) -> Person:
    """Who is accountable, or was when the incident ended."""
    return last_tenure(incident).manager


def manager_at(incident_id: int, at: datetime) -> int | None:
    """The id of the manager whose tenure covered the moment; None before declaration and after the end."""
    return (
        CommandTenure.objects.filter(incident=incident_id, started_at__lte=at)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
        .values_list("manager_id", flat=True)
        .first()
    )


def managers_of(incident_ids: Iterable[int]) -> dict[int, Person]:
    """The present or last manager of each incident, one query for a whole page."""
    tenures = (
        CommandTenure.objects.filter(incident__in=list(incident_ids))
        .order_by("incident_id", "-started_at")
        .distinct("incident_id")
        .select_related("manager")
    )
    return {tenure.incident_id: tenure.manager for tenure in tenures}


def tenures(incident: Incident) -> QuerySet[CommandTenure]:
    """Everybody who was accountable, in order."""
    return CommandTenure.objects.filter(incident=incident).select_related("manager").order_by("started_at")


def open_handover(incident: Incident) -> Handover | None:
    """The offer that waits for an answer."""
    return (
        Handover.objects.filter(incident=incident, state=HandoverState.OFFERED)
        .select_related("offered_by", "offered_to")
        .first()
    )


def handovers(incident: Incident) -> QuerySet[Handover]:
    """All offers, newest first."""
    return (
        Handover.objects.filter(incident=incident)
        .select_related("offered_by", "offered_to", "incident")
        .order_by("-offered_at", "-id")
    )


def waiting_for(person: Person) -> QuerySet[Handover]:
    """Offers that the person has yet to answer."""
    return (
        Handover.objects.filter(offered_to=person, state=HandoverState.OFFERED)
        .select_related("incident__service", "offered_by")
        .order_by("offered_at")
    )
