"""The board: what this person has to do next, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from comms.models import UpdateDeadline
from comms.queries import deadlines as deadline_queries
from comms.queries import updates as update_queries
from incidents.models import Incident
from incidents.queries import command, desk, engagements, impact
from incidents.queries import incidents as incident_queries
from mim_portal.lib import access
from mim_portal.views import four_lines, health
from reviews.queries import lapses
from teams.choices import DESK_ROLES, Role
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles

SHOWN_PROMISES = 400
SHOWN_INCIDENTS = 100
SHOWN_BEATS = 8


@dataclass
class LiveIncident:
    """One line of the board."""

    incident: Incident
    manager: Person | None
    sentence: str
    promises: list[UpdateDeadline] = field(default_factory=list)
    is_mine: bool = False


@dataclass(frozen=True)
class Beat:
    """One writing moment: the promises of one incident that are due at the same time."""

    promises: tuple[UpdateDeadline, ...]

    @property
    def first(self) -> UpdateDeadline:
        return self.promises[0]

    @property
    def audiences(self) -> str:
        return ", ".join(promise.audience.name for promise in self.promises)


@access.allow(read=None)
@require_GET
def board(request: PersonRequest) -> HttpResponse:
    """Parts by role; a person with several roles sees them all, most urgent first."""
    person = request.user
    now = timezone.now()
    context: dict[str, Any] = {
        "held": frozenset(person.roles),
        "may_read_contacts": person.has_role(*roles.CONTACT_READERS),
        **dict.fromkeys(("handovers", "beats", "late", "lines", "to_read", "lapses", "four_lines", "asked"), ()),
    }
    if person.roles:
        context |= _live(person, now=now)
    if person.has_role(*roles.COMMANDERS):
        found = desk.visible_candidates(person)
        context |= {"candidates": desk.waiting(found)[:20], "handovers": list(command.waiting_for(person))}
    if person.has_role(*(roles.SECOND_READERS)):
        context["to_read"] = update_queries.waiting_for_second_reader(person)[:10]
    if person.has_role(*roles.LEDGER_READERS):
        context["lapses"] = list(lapses.waiting_for(person)[:10])
    if person.has_role(*DESK_ROLES):
        context["raised"] = desk.raised_lately(person)
    if person.has_role(Role.RESPONDER):
        context["engagements"] = list(engagements.open_of_person(person)[:20])
    if person.has_role(Role.ADMINISTRATOR):
        context["components"] = health.components()
    return render(request, "pages/board.html", context)


def _live(person: Person, *, now: datetime) -> dict[str, Any]:
    incidents = list(incident_queries.live(person)[:SHOWN_INCIDENTS])
    promises = list(deadline_queries.open_visible(person)[:SHOWN_PROMISES])
    if frozenset(person.roles) == {Role.EXECUTIVE}:
        return {"four_lines": four_lines.of(incidents, promises)}
    lines = _lines(incidents, promises, person)
    asked = four_lines.of(incidents, promises) if person.has_role(Role.EXECUTIVE) else []
    return {
        "asked": [one for one in asked if one.needed],
        "lines": sorted(lines, key=lambda line: not line.is_mine),
        "beats": _beats(promises)[:SHOWN_BEATS],
        "late": [promise for promise in promises if promise.due_at < now],
    }


def _beats(promises: Sequence[UpdateDeadline]) -> list[Beat]:
    """Promises by incident and due time, soonest first: one message serves all of a beat."""
    found: dict[tuple[int, datetime], list[UpdateDeadline]] = {}
    for promise in promises:
        found.setdefault((promise.incident_id, promise.due_at), []).append(promise)
    return [Beat(tuple(rows)) for rows in found.values()]


def _lines(incidents: Sequence[Incident], promises: Sequence[UpdateDeadline], person: Person) -> list[LiveIncident]:
    ids = [incident.pk for incident in incidents]
    managers = command.managers_of(ids)
    statements = impact.current_of(ids)
    zone = timezone.get_current_timezone()
    lines = {
        incident.pk: LiveIncident(
            incident=incident,
            manager=managers.get(incident.pk),
            sentence=impact.sentence(statements[incident.pk], zone) if incident.pk in statements else "",
            is_mine=incident.pk in managers and managers[incident.pk].pk == person.pk,
        )
        for incident in incidents
    }
    for promise in promises:
        if promise.incident_id in lines:
            lines[promise.incident_id].promises.append(promise)
    return list(lines.values())
