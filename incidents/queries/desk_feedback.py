"""Feedback between desk and managers: what is owed, what was said, and who may still say something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from incidents.choices import IncidentState
from incidents.models import Candidate, CommandTenure, DeskFeedback, DeskRating, Incident
from incidents.queries import visibility
from incidents.rules import working_days
from mim_portal.lib import times
from teams.models import Person

AFTER = (IncidentState.RESOLVED, IncidentState.CLOSED)
ASKED_FOR = timedelta(days=14)  # what is older is not asked for any more
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An incident whose desk waits for feedback, and until when."""

    incident: Incident
    due_at: datetime
    is_late: bool


def owed_by(person: Person, *, now: datetime) -> list[Owed]:
    """Incidents that the person managed to their resolution, that the desk raised, and that have no feedback yet."""
    managed = CommandTenure.objects.filter(incident=OuterRef("pk"), manager=person)
    later = CommandTenure.objects.filter(incident=OuterRef("pk")).order_by("-started_at").values("manager")[:1]
    found = (
        _resolved(person, now=now)
        .filter(Exists(managed))
        .alias(last_manager=later)
        .filter(last_manager=person.pk)
        .exclude(Exists(DeskFeedback.objects.filter(incident=OuterRef("pk"))))
        .order_by("resolved_at", "pk")[:SHOWN]
    )
    zone = times.zone(person.time_zone)
    owed = []
    for incident in found:
        assert incident.resolved_at is not None
        due_at = working_days.one_later(incident.resolved_at.astimezone(zone))
        owed.append(Owed(incident=incident, due_at=due_at, is_late=due_at < now))
    return owed


def to_rate(person: Person, *, now: datetime) -> Sequence[Incident]:
    """Incidents of the last days that the person has not said anything about."""
    mine = DeskRating.objects.filter(incident=OuterRef("pk"), person=person)
    return list(_resolved(person, now=now).exclude(Exists(mine)).order_by("-resolved_at", "-pk")[:5])


def latest(person: Person | AnonymousUser) -> QuerySet[DeskFeedback]:
    """What managers said, the newest first; of incidents that the person may see."""
    return (
        DeskFeedback.objects.filter(incident__in=visibility.visible_incidents(person))
        .select_related("incident")
        .order_by("-written_at", "-pk")
    )


def of(incident: Incident) -> DeskFeedback | None:
    """The incident's feedback."""
    return DeskFeedback.objects.filter(incident=incident).select_related("written_by", "incident").first()


def is_manager(incident: Incident, person: Person) -> bool:
    """Whether the person was accountable for it."""
    return CommandTenure.objects.filter(incident=incident, manager=person).exists()


def _resolved(person: Person | AnonymousUser, *, now: datetime) -> QuerySet[Incident]:
    raised = Candidate.objects.filter(incident=OuterRef("pk"), raised_by__isnull=False)
    return visibility.visible_incidents(person).filter(
        Exists(raised), state__in=AFTER, is_exercise=False, resolved_at__gte=now - ASKED_FOR
    )


def ratings(incident: Incident) -> QuerySet[DeskRating]:
    """Everybody's answers about the incident, to be pooled."""
    return DeskRating.objects.filter(incident=incident)


def rating_of(incident: Incident, person: Person) -> DeskRating | None:
    """The person's own answer."""
    return DeskRating.objects.filter(incident=incident, person=person).first()
