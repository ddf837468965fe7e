"""Every promise that is open, across incidents, soonest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q

from comms.models import UpdateDeadline, WaitingFor
from comms.models.deadline import OPEN
from comms.rules.promises import deadlines
from incidents.models import CommandTenure, Incident, RoleAssignment
from incidents.queries import command, visibility
from teams.models import Person

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class PromiseLine:
    """What one incident owes at one moment: one message serves all of these audiences."""

    incident: Incident
    manager: Person | None
    due_at: datetime
    warned_at: datetime
    names: tuple[str, ...]
    is_late: bool
    waiting_for: WaitingFor | None


@dataclass(frozen=True, kw_only=True)
class PromisePage:
    lines: tuple[PromiseLine, ...]
    next_after: int | None


def open_promises(
    person: Person,
    *,
    now: datetime,
    after: int | None = None,
    late: bool = False,
    mine: bool = False,
    audience: str = "",
) -> PromisePage:
    """A page of what is owed by incidents that the person may see; `after` is the last deadline of the page before.

    `mine` are those of incidents that the person is accountable for or has a role in.
    """
    rows = (
        UpdateDeadline.objects.filter(OPEN, incident__in=visibility.visible_incidents(person))
        .select_related("incident__service", "audience")
        .order_by("due_at", "id")
    )
    if late:
        rows = rows.filter(due_at__lt=now)
    if mine:
        managed = CommandTenure.objects.filter(incident=OuterRef("incident"), manager=person, ended_at=None)
        held = RoleAssignment.objects.filter(incident=OuterRef("incident"), person=person, ended_at=None)
        rows = rows.filter(Exists(managed) | Exists(held))
    if audience:
        rows = rows.filter(audience__code=audience)
    last = UpdateDeadline.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        rows = rows.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return PromisePage(lines=_lines(shown, now=now), next_after=shown[-1].pk if len(found) > PAGE else None)


def _lines(rows: Sequence[UpdateDeadline], *, now: datetime) -> tuple[PromiseLine, ...]:
    incidents = {row.incident_id for row in rows}
    managers = command.managers_of(incidents)
    facts = {fact.incident_id: fact for fact in WaitingFor.objects.filter(incident__in=incidents, ended_at=None)}
    lines = []
    for (due_at, incident_id), group in groupby(
        sorted(rows, key=lambda row: (row.due_at, row.incident_id, row.audience.position)),
        key=lambda row: (row.due_at, row.incident_id),
    ):
        promises = list(group)
        lines.append(
            PromiseLine(
                incident=promises[0].incident,
                manager=managers.get(incident_id),
                due_at=due_at,
                warned_at=deadlines.warn_at(opened_at=promises[0].opened_at, due_at=due_at),
                names=tuple(row.audience.name for row in promises),
                is_late=now > due_at,
                waiting_for=facts.get(incident_id),
            )
        )
    return tuple(lines)
