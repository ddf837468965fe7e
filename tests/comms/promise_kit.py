"""Declared incidents and published updates as rows, for tests of promises that do not concern the verbs themselves."""

import itertools
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from comms.choices import UpdateKind, UpdateState
from comms.models import Audience, Update, UpdateDeadline
from comms.models.deadline import OPEN
from comms.services.promises import deadlines
from incidents.choices import EntryKind, EntrySource, IncidentState
from incidents.models import CommandTenure, Incident
from incidents.services import locking, timeline
from mim_portal.lib import dbtime
from teams.models import Person, Service
from tests import factories

_numbers = itertools.count(1)


def declare(
    *,
    manager: Person,
    priority: str = "P1",
    at: datetime | None = None,
    audiences: Collection[str] | None = None,
    service: Service | None = None,
    source: EntrySource = EntrySource.PERSON,
    **fields: Any,
) -> Incident:
    """A declared incident with its manager, its entries and whatever reacts to them."""
    with transaction.atomic():
        declared_at = at or dbtime.now()
        incident = Incident.objects.create(
            reference=f"MI-2026-{next(_numbers):04d}",
            title=fields.pop("title", "Payments are refused"),
            service=service or factories.service(),
            impact=1,
            urgency=1,
            priority_computed=priority,
            priority=priority,
            declared_at=declared_at,
            source=source,
            **fields,
        )
        CommandTenure.objects.create(incident=incident, manager=manager, started_at=declared_at)
        append(
            incident,
            EntryKind.DECLARED,
            at=declared_at,
            source=source,
            data={"priority": priority, "audiences": None if audiences is None else list(audiences)},
        )
    return incident


def append(
    incident: Incident,
    kind: EntryKind,
    *,
    at: datetime | None = None,
    source: EntrySource = EntrySource.PERSON,
    data: dict[str, Any] | None = None,
) -> None:
    """One entry with its reactions, in the incident's lock."""
    with transaction.atomic():
        locked = locking.lock_by_id(incident.pk)
        timeline.append(
            incident=locked, entries=[timeline.Entry(kind=kind, at=at or dbtime.now(), source=source, data=data or {})]
        )


def move_to(incident: Incident, state: IncidentState, **fields: Any) -> None:
    """Change the state as the lifecycle's verb does, with its entry."""
    before = incident.state
    incident.state = state
    for name, value in fields.items():
        setattr(incident, name, value)
    incident.save(update_fields=["state", *fields])
    append(incident, EntryKind.STATE_CHANGED, data={"from": before, "to": state})


def set_priority(incident: Incident, priority: str) -> None:
    before = incident.priority
    incident.priority = incident.priority_computed = priority
    incident.save(update_fields=["priority", "priority_computed"])
    append(incident, EntryKind.PRIORITY_CHANGED, data={"from": before, "to": priority})


def publish(
    incident: Incident,
    *codes: str,
    author: Person,
    at: datetime | None = None,
    kind: UpdateKind = UpdateKind.UPDATE,
    **fields: Any,
) -> tuple[Update, list[UpdateDeadline], list[UpdateDeadline]]:
    """A published update that keeps what it keeps: (update, kept, opened). Decided by the database's clock."""
    with transaction.atomic():
        locked = locking.lock_by_id(incident.pk)
        published_at = at or dbtime.now()
        update = Update.objects.create(
            incident=locked,
            kind=kind,
            author=author,
            published_by=author,
            published_at=published_at,
            state=UpdateState.PUBLISHED,
            sequence=Update.objects.filter(incident=locked, sequence__isnull=False).count() + 1,
            subject="Payments",
            body="Card payments are refused at the counters.",
            **fields,
        )
        update.audiences.set(Audience.objects.filter(code__in=codes))
        kept, opened = deadlines.keep_and_open(update=update, incident=locked, now=published_at)
    return update, kept, opened


def open_of(incident: Incident) -> dict[str, UpdateDeadline]:
    """The open deadlines by audience."""
    rows = UpdateDeadline.objects.filter(OPEN, incident=incident).select_related("audience")
    return {row.audience.code: row for row in rows}


def minutes_from(start: datetime, incident: Incident) -> dict[str, float]:
    """How many minutes after a moment each audience is due."""
    return {code: (row.due_at - start) / timedelta(minutes=1) for code, row in open_of(incident).items()}
