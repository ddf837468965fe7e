"""What the panels of the room show: each function is one panel's context."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils import timezone as zones

from incidents.choices import COMMANDED_STATES, FINAL_STATES, LIVE_STATES, OPEN_ENGAGEMENTS, EngagementState
from incidents.models import Engagement, EngagementFeedback, Incident
from incidents.queries import candidate_queue, command, desk, impact, impact_page, reports
from incidents.rules import lifecycle
from mim_portal.lib import hooks, prepared
from teams.choices import Role
from teams.models import Person
from teams.rules import roles


def asks(*, incident: Incident, names: Collection[str]) -> list[prepared.Ask]:
    """What the named panels of this module ask of the incident alone, to be asked together."""
    found: list[prepared.Ask] = []
    if "header" in names:
        found += [command.ask(incident=incident), command.ask_handover(incident=incident)]
    if "impact" in names:
        found += [impact.ask(incident=incident), impact_page.ask(incident=incident), *reports.asks(incident=incident)]
        found.append(desk.open_questions.ask(incident=incident))
    if "teams" in names:
        found.append(_engagements.ask(incident=incident))
    return found


def header(*, incident: Incident, person: Person) -> dict[str, Any]:
    """Who is accountable, what may happen next, and an open handover."""
    tenure = command.last_tenure(incident)
    handover = command.open_handover(incident)
    may_command = person.has_role(*roles.COMMANDERS)
    return {
        "tenure": tenure,
        "is_manager": tenure.manager_id == person.pk and tenure.ended_at is None,
        "may_command": may_command and incident.state in COMMANDED_STATES,
        "may_recur": may_command and incident.state in FINAL_STATES,
        "may_appoint": not may_command and person.has_role(Role.ADMINISTRATOR) and incident.state in COMMANDED_STATES,
        "allowed": lifecycle.allowed(incident.state) if may_command else (),
        "handover": handover,
        "offered_to_me": handover is not None and handover.offered_to_id == person.pk,
        "started_at": incident.impact_started_at or incident.declared_at,
        "ended_at": incident.service_restored_at or incident.closed_at,
    }


def impact_panel(*, incident: Incident, person: Person, now: datetime) -> dict[str, Any]:
    """The current statement in one sentence, what it still lacks and who was asked, and each fact's ground."""
    statement = impact.current(incident)
    tz = zones.get_current_timezone()
    return {
        "statement": statement,
        "sentence": impact.sentence(statement, tz),
        "readiness": impact_page.readiness(statement),
        "impact_hints": impact_page.stale(statement, now=now, tz=tz),
        "grounds": impact_page.grounds(statement, tz),
        "desk_reports": reports.totals(incident),
        "desk_questions": [
            candidate_queue.open_question(one, now=now) for one in desk.open_questions(incident=incident)
        ],
        "may_chase": person.has_role(*roles.CHASERS),
        "may_revise": person.has_role(*roles.COMMANDERS) and incident.state in COMMANDED_STATES,
    }


def teams_panel(*, incident: Incident, person: Person, now: datetime) -> dict[str, Any]:
    """Every engagement, those at work first, with what may be done about each."""
    rows = _engagements(incident=incident)
    mine = set(person.memberships.values_list("team_id", flat=True)) if rows else set()
    commands = person.has_role(*roles.COMMANDERS)
    ids = [row.pk for row in rows]
    reached = {pk: ways for source in hooks.registered("CALL_WAYS") for pk, ways in source(ids).items()}
    return {
        "engagements": [
            {
                "row": row,
                "ways": reached.get(row.pk, ()),
                "is_open": row.state in OPEN_ENGAGEMENTS,
                "is_waiting": row.state == EngagementState.ASKED,
                "since": row.released_at or row.joined_at or row.acknowledged_at or row.asked_again_at or row.asked_at,
                "may_answer": commands or row.team_id in mine,
                "may_tell": _may_tell(row, incident, mine=mine, commands=commands),
            }
            for row in sorted(rows, key=lambda one: one.state not in OPEN_ENGAGEMENTS)
        ],
        "may_engage": commands and incident.state in COMMANDED_STATES,
        "may_ask_again": commands,
    }


def _may_tell(row: Any, incident: Incident, *, mine: Collection[int], commands: bool) -> bool:
    """Whether the reader may say how it went: it is over for the team, and their side has not said anything."""
    if row.released_at is None and incident.state in LIVE_STATES:
        return False
    by = EngagementFeedback.Side
    side = by.TEAM if row.team_id in mine else by.MANAGER if commands else ""
    return bool(side) and side not in row.given


@prepared.query
def _engagements(*, incident: int) -> QuerySet[Engagement]:
    """With `given`, the sides that have said how it went."""
    given = EngagementFeedback.objects.filter(engagement=OuterRef("pk")).values("side")
    found = Engagement.objects.filter(incident=incident).select_related("team", "profile", "acknowledged_by")
    return found.annotate(given=ArraySubquery(given)).order_by("asked_at")
