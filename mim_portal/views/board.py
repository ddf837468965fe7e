"""The board: what this person has to do next, and by when; below it what their roles watch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from comms.models import UpdateDeadline
from comms.queries.promises import deadlines as deadline_queries
from comms.queries.writing import updates as update_queries
from incidents.choices import UNANSWERED_ENGAGEMENTS
from incidents.models import Incident
from incidents.queries import candidate_queue, command, desk, engagements, impact, work
from incidents.queries import incidents as incident_queries
from mim_portal import context
from mim_portal.lib import access, prepared, together
from mim_portal.views import beats, board_next, four_lines, health
from mim_portal.views.board_next import Step
from reviews.queries import lapses
from reviews.rendering import ledger
from teams.choices import DESK_ROLES, Role
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles

SHOWN_BEATS = 8
EXECUTIVE_ALONE = frozenset({Role.EXECUTIVE.value})


@dataclass
class LiveIncident:
    """One line of the board."""

    incident: Incident
    manager: Person | None
    sentence: str
    promises: list[UpdateDeadline] = field(default_factory=list)
    is_mine: bool = False


@access.allow(read=None)
@require_GET
def board(request: PersonRequest) -> HttpResponse:
    """Parts by role; a person with several roles sees them all, most urgent first."""
    with together.asked(context.ask(), *_asks(request.user)):
        return render(request, "pages/board.html", contents(request.user, now=timezone.now()))


@access.allow(read=None)
@never_cache
@require_GET
def part(request: PersonRequest) -> HttpResponse:
    """The same as a fragment, with which the page keeps itself current."""
    with together.asked(*_asks(request.user)):
        return render(request, "pages/_board.html", contents(request.user, now=timezone.now()))


def _asks(person: Person) -> list[prepared.Ask]:
    """What depends on nobody but the person, of those roles that ask several things."""
    if not person.roles:
        return []
    found = [incident_queries.ask_live_few(person), deadline_queries.ask_soonest(person)]
    if person.has_role(*roles.ROOM_WRITERS):
        found.append(work.ask_own_open_tasks(person))
    if person.has_role(*roles.COMMANDERS):
        found += [desk.ask_waiting(person), command.ask_offers(person)]
    if person.has_role(*roles.SECOND_READERS):
        found.append(update_queries.ask_to_read(person))
    return found + lapses.asks(person)


def contents(person: Person, *, now: datetime) -> dict[str, Any]:
    """What stands on this person's board; a fixed number of queries for each role."""
    held = frozenset(person.roles)
    words: dict[str, Any] = {
        "held": held,
        "is_executive": held == EXECUTIVE_ALONE,
        "may_read_contacts": person.has_role(*roles.CONTACT_READERS),
        "may_read_updates": person.has_role(*(roles.WRITERS | roles.SECOND_READERS)),
        "nothing_waits": _nothing_waits(person),
        **dict.fromkeys(("late", "lines", "four_lines", "steps", "asked"), ()),
    }
    if not held:
        return words
    incidents = incident_queries.live_few(person)
    promises = deadline_queries.soonest(person)
    if held == EXECUTIVE_ALONE:
        return {**words, "four_lines": four_lines.of(incidents, promises)}
    parts, steps = _for_roles(person, now=now)
    if person.has_role(Role.EXECUTIVE):
        parts["asked"] = [one for one in four_lines.of(incidents, promises) if one.needed]
    lines = _lines(incidents, promises, person)
    mine = [line for line in lines if line.is_mine]
    steps.append(board_next.promises(beats.of([promise for line in mine for promise in line.promises])))
    words |= {**parts, **_watched(person, lines, mine, promises, now=now)}
    return {**words, "steps": board_next.in_order(*steps)}


def _watched(
    person: Person,
    lines: Sequence[LiveIncident],
    mine: Sequence[LiveIncident],
    promises: Sequence[UpdateDeadline],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Live incidents and what is promised about them; whoever may command has their own apart."""
    commands = person.has_role(*roles.COMMANDERS)
    watched: dict[str, Any] = {"lines": [line for line in lines if not (commands and line.is_mine)]}
    if commands:
        watched["mine"] = mine
    if person.has_role(*(roles.WRITERS | roles.SECOND_READERS)):
        watched["beats"] = beats.of(promises)[:SHOWN_BEATS]
        watched["late"] = [promise for promise in promises if promise.due_at < now]
    return watched


def _for_roles(person: Person, *, now: datetime) -> tuple[dict[str, Any], list[list[Step]]]:
    """The panels of the person's roles, and what of them waits for this person."""
    parts: dict[str, Any] = {}
    steps: list[list[Step]] = []
    if person.has_role(*roles.ROOM_WRITERS):
        parts["tasks"] = work.own_open_tasks(person)
        steps.append(board_next.tasks(parts["tasks"]))
    if person.has_role(*roles.COMMANDERS):
        parts["candidates"] = candidate_queue.describe(desk.waiting(person)[:20], now=now)
        steps += [
            board_next.candidates(parts["candidates"]),
            board_next.handovers(command.waiting_for(person)),
        ]
    if person.has_role(*roles.SECOND_READERS):
        parts["to_read"] = update_queries.waiting_for_second_reader(person)[:10]
        steps.append(board_next.readings(one for one in parts["to_read"] if one.author_id != person.pk))
    if person.has_role(*roles.LEDGER_READERS):
        parts["lapses"] = ledger.asked(lapses.waiting_few(person), person=person, now=now)
    if person.has_role(*DESK_ROLES):
        parts["raised"] = desk.raised_lately(person)
        steps.append(board_next.questions(desk.questions_for(person)[:20]))
    if person.has_role(Role.RESPONDER):
        parts["engagements"] = list(engagements.open_of_person(person)[:20])
        unanswered = [one for one in parts["engagements"] if one.state in UNANSWERED_ENGAGEMENTS]
        steps.append(board_next.engagements(unanswered))
    if person.has_role(Role.ADMINISTRATOR):
        parts["components"] = health.components()
        steps.append(board_next.broken(parts["components"], now=now))
    return parts, steps


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


def _nothing_waits(person: Person) -> str:
    """What will stand on top, in the words of the person's first role that waits for anything."""
    if person.has_role(*roles.COMMANDERS):
        return _("Nothing waits for you. What is due next stands here with its clock: updates, candidates, handovers.")
    if person.has_role(*DESK_ROLES):
        return _("Nothing waits for you. When a manager asks about what you raised, the question stands here.")
    if person.has_role(Role.RESPONDER):
        return _("Nothing waits for you. When one of your teams is asked for help, it stands here.")
    if person.has_role(*roles.SECOND_READERS):
        return _("Nothing waits for you. A text that needs a second reader stands here with its clock.")
    if person.has_role(Role.ADMINISTRATOR):
        return _("Everything runs. A component that stops stands here.")
    return _("Nothing waits for you. What runs stands below.")
