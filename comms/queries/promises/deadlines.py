"""Promises as pages and the API read them: through visibility, soonest first, lateness always computed from due_at."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from comms.choices import DeadlineState
from comms.models import UpdateDeadline
from comms.models.deadline import OPEN
from comms.rules.promises import deadlines
from incidents.models import Incident
from incidents.queries import visibility
from mim_portal.lib import prepared
from teams.models import Person

SOONEST = 400

# What each filter means. Missed says that it was late once, whether it was kept later or not.
_STATES: dict[str, Callable[[], Q]] = {
    DeadlineState.OPEN: lambda: OPEN,
    DeadlineState.KEPT: lambda: Q(kept_at__isnull=False),
    DeadlineState.MISSED: lambda: Q(missed_at__isnull=False),
    DeadlineState.ENDED: lambda: Q(ended_at__isnull=False),
}


def visible(person: Person | AnonymousUser) -> QuerySet[UpdateDeadline]:
    """Every promise of incidents that the person may see, soonest due first."""
    return _of(visibility.visible_incidents(person))


def _of(incidents: QuerySet[Incident]) -> QuerySet[UpdateDeadline]:
    rows = UpdateDeadline.objects.filter(incident__in=incidents)
    return rows.select_related("incident", "audience").order_by("due_at", "id")


def soonest(person: Person | AnonymousUser) -> list[UpdateDeadline]:
    """The open ones: what is due soonest, and late first, across incidents; as many as a board has to know."""
    return _soonest(person=person) if visibility.sees_any(person) else []


def ask_soonest(person: Person) -> prepared.Ask:
    """What `soonest` asks, to be asked together with more."""
    return _soonest.ask(person=person)


@prepared.query
def _soonest(*, person: int) -> QuerySet[UpdateDeadline]:
    return _of(visibility.visible_to(person)).filter(OPEN)[:SOONEST]


def of_incident(incident: Incident) -> QuerySet[UpdateDeadline]:
    """Every promise that the incident ever made, in the order in which they were due."""
    rows = UpdateDeadline.objects.filter(incident=incident)
    return rows.select_related("incident", "audience").order_by("due_at", "id")


def in_state(rows: QuerySet[UpdateDeadline], state: str) -> QuerySet[UpdateDeadline]:
    """Those in one of DeadlineState."""
    return rows.filter(_STATES[state]())


def current(incident_ids: Iterable[int]) -> QuerySet[UpdateDeadline]:
    """For each audience of each incident the open promise, or else the last one, in the order of sending."""
    rows = UpdateDeadline.objects.filter(incident__in=list(incident_ids)).select_related("incident", "audience")
    return rows.order_by("incident_id", "audience__position", "audience_id", "-opened_at", "-id").distinct(
        "incident_id", "audience__position", "audience_id"
    )


def plain(row: UpdateDeadline, *, now: datetime) -> dict[str, Any]:
    """One promise as integrations read it, the same at every address. `state` is open, kept or ended; that it was
    late is said beside it, since a late promise is still kept or still open.
    """
    rule = deadlines.Deadline(opened_at=row.opened_at, due_at=row.due_at, kept_at=row.kept_at, ended_at=row.ended_at)
    state = DeadlineState.KEPT if row.kept_at else DeadlineState.ENDED if row.ended_at else DeadlineState.OPEN
    until = row.kept_at or row.ended_at
    return {
        "id": row.pk,
        "incident": row.incident.reference,
        "audience": row.audience.code,
        "state": state.value,
        "is_late": deadlines.is_late(rule, now=now),
        "late_seconds": int(deadlines.lateness(due_at=row.due_at, published_at=until, now=now).total_seconds()),
        "is_first": row.is_first,
        "due_at": row.due_at,
        "promised_at": row.promised_at,
        "opened_at": row.opened_at,
        "warned_at": row.warned_at,
        "missed_at": row.missed_at,
        "deputy_told_at": row.deputy_told_at,
        "practice_lead_told_at": row.practice_lead_told_at,
        "kept_at": row.kept_at,
        "kept_by": row.kept_by_id,
        "ended_at": row.ended_at,
        "end_reason": row.end_reason,
    }
