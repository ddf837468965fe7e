"""Tasks, decisions, hypotheses and workstreams: for the room, the API, the handover brief and executives."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from incidents.choices import (
    COMMANDED_STATES,
    OPEN_ENGAGEMENTS,
    AskedOf,
    DecisionState,
    HypothesisState,
    IncidentRole,
    TaskState,
)
from incidents.models import Decision, Engagement, Hypothesis, Incident, RoleAssignment, Task, Workstream
from incidents.queries.visibility import sees_any, visible_to
from incidents.rules import work as rules
from mim_portal.lib import prepared, times
from teams.choices import Role
from teams.models import Membership, Person
from teams.rules import roles

SHOWN_ENDED = 5
SHOWN_OWN = 20
# Roles in the incident that answer for those who are asked.
_ANSWERING = {AskedOf.SERVICE_OWNER: IncidentRole.SERVICE_OWNER, AskedOf.EXECUTIVES: IncidentRole.EXECUTIVE_SPONSOR}


def tasks(incident: Incident | int) -> QuerySet[Task]:
    """Every task, what is due first comes first."""
    found = Task.objects.filter(incident=incident).select_related("owner", "team", "workstream", "ended_by", "incident")
    return found.order_by(F("due_at").asc(nulls_last=True), "pk")


def own_open_tasks(person: Person) -> list[Task]:
    """What this person or one of their teams has to do, in any incident; what is due first comes first."""
    return _own_open_tasks(person=person) if sees_any(person) else []


def ask_own_open_tasks(person: Person) -> prepared.Ask:
    """What `own_open_tasks` asks, to be asked together with more."""
    return _own_open_tasks.ask(person=person)


@prepared.query
def _own_open_tasks(*, person: int) -> QuerySet[Task]:
    theirs = Q(owner=person) | Q(owner=None, team__in=Membership.objects.filter(person=person).values("team"))
    found = Task.objects.filter(theirs, state=TaskState.OPEN, incident__in=visible_to(person))
    return found.select_related("incident", "team").order_by(F("due_at").asc(nulls_last=True), "pk")[:SHOWN_OWN]


def decisions(incident: Incident | int, person: Person | None = None) -> QuerySet[Decision]:
    """Every decision; executives see those that they are asked for."""
    found = Decision.objects.filter(incident=incident).select_related("asked_by", "decided_by", "incident")
    if person is not None and not person.has_role(*roles.ROOM_READERS):
        found = found.filter(asked_of=AskedOf.EXECUTIVES)
    return found.order_by(F("needed_by").asc(nulls_last=True), "pk")


def hypotheses(incident: Incident | int) -> QuerySet[Hypothesis]:
    """Every hypothesis, in the order in which they were stated."""
    found = Hypothesis.objects.filter(incident=incident).select_related("stated_by", "settled_by", "incident")
    return found.order_by("pk")


def workstreams(incident: Incident | int) -> QuerySet[Workstream]:
    """Every workstream with its number of open tasks."""
    open_tasks = Count("tasks", filter=Q(tasks__state=TaskState.OPEN))
    found = Workstream.objects.filter(incident=incident).select_related("lead", "team", "incident")
    return found.annotate(open_tasks=open_tasks).order_by("pk")


def asked_of_executives(incident_ids: Iterable[int]) -> dict[int, list[Decision]]:
    """By incident: what executives are asked, and the last thing that was answered."""
    rows = (
        Decision.objects.filter(incident__in=list(incident_ids), asked_of=AskedOf.EXECUTIVES)
        .exclude(state=DecisionState.WITHDRAWN)
        .select_related("decided_by", "incident")
        .order_by(F("decided_at").desc(nulls_first=True), "needed_by", "pk")
    )
    found: dict[int, list[Decision]] = {}
    for row in rows:
        shown = found.setdefault(row.incident_id, [])
        if row.state == DecisionState.NEEDED or not any(one.state == DecisionState.DECIDED for one in shown):
            shown.append(row)
    return found


def answerable(incident: Incident, person: Person) -> frozenset[str]:
    """Whose decisions the person may make: whoever commands all of them, or writes down what was said by phone;
    executives, and whoever has the role in the incident, what they are asked.
    """
    if person.has_role(*roles.COMMANDERS):
        return frozenset(AskedOf.values)
    held = set(
        RoleAssignment.objects.filter(incident=incident, person=person, ended_at=None).values_list("role", flat=True)
    )
    found = {asked for asked, role in _ANSWERING.items() if role in held}
    return frozenset(found | {AskedOf.EXECUTIVES} if person.has_role(Role.EXECUTIVE) else found)


def asks(*, incident: Incident) -> list[prepared.Ask]:
    """What the panel asks of the incident alone, to be asked together."""
    return [every.ask(incident=incident) for every in (_tasks, _decisions, _workstreams, _hypotheses, _at_work)]


def panel(*, incident: Incident, person: Person, now: datetime) -> dict[str, Any]:
    """What is open first: tasks by their time box, decisions that wait, hypotheses, workstreams; then what ended."""
    every = _tasks(incident=incident)
    decided = _decisions(incident=incident)
    streams = [one for one in _workstreams(incident=incident) if one.ended_at is None]
    lines = _lines(incident, streams)
    commands = person.has_role(*roles.COMMANDERS)
    mine = answerable(incident, person)
    return {
        "open_tasks": [
            {"row": row, "is_late": rules.is_late(due_at=row.due_at, now=now)}
            for row in every
            if row.state == TaskState.OPEN
        ],
        "ended_tasks": _latest([row for row in every if row.state != TaskState.OPEN]),
        "needed": [
            {
                "row": row,
                "is_late": rules.is_late(due_at=row.needed_by, now=now),
                "may_decide": row.asked_of in mine,
                "may_withdraw": commands or row.asked_by_id == person.pk,
            }
            for row in decided
            if row.state == DecisionState.NEEDED
        ],
        "decided": _latest_decided(decided),
        "hypotheses": sorted(_hypotheses(incident=incident), key=lambda row: row.state != HypothesisState.OPEN),
        "workstreams": [{"row": row, "is_late": rules.is_late(due_at=row.due_at, now=now)} for row in streams],
        "lines_to_manager": lines,
        "over_span": rules.over_span(lines) and incident.state in COMMANDED_STATES,
        "may_work": person.has_role(*roles.ROOM_WRITERS),
        "commands_work": commands,
    }


def brief(incident: Incident, *, now: datetime) -> dict[str, Any]:
    """For the handover: tasks in flight, decisions that wait and for whom, open hypotheses with their confidence."""
    return {
        "hypotheses": [
            f"{row.statement} ({row.get_certainty_display().lower()})"
            for row in hypotheses(incident).filter(state=HypothesisState.OPEN)
        ],
        "actions_in_flight": [_task_words(row, now) for row in tasks(incident).filter(state=TaskState.OPEN)],
        "decisions_pending": [_decision_words(row) for row in decisions(incident).filter(state=DecisionState.NEEDED)],
    }


def _lines(incident: Incident, streams: list[Workstream]) -> int:
    """Who reports to the manager: each workstream, and each team at work that belongs to none."""
    led = {one.team_id for one in streams if one.team_id}
    return len(streams) + sum(team not in led for team in _at_work(incident=incident))


@prepared.query
def _at_work(*, incident: int) -> QuerySet[Engagement, int]:
    found = Engagement.objects.filter(incident=incident, state__in=sorted(OPEN_ENGAGEMENTS))
    return found.values_list("team_id", flat=True)


@prepared.query
def _tasks(*, incident: int) -> QuerySet[Task]:
    return tasks(incident)


@prepared.query
def _decisions(*, incident: int) -> QuerySet[Decision]:
    return decisions(incident)


@prepared.query
def _hypotheses(*, incident: int) -> QuerySet[Hypothesis]:
    return hypotheses(incident)


@prepared.query
def _workstreams(*, incident: int) -> QuerySet[Workstream]:
    return workstreams(incident)


def _latest(rows: list[Task]) -> list[Task]:
    return sorted(rows, key=lambda row: (row.ended_at is not None, row.ended_at), reverse=True)[:SHOWN_ENDED]


def _latest_decided(rows: list[Decision]) -> list[Decision]:
    made = [row for row in rows if row.decided_at is not None]
    return sorted(made, key=lambda row: (row.decided_at, row.pk), reverse=True)[:SHOWN_ENDED]


def _task_words(row: Task, now: datetime) -> str:
    who = row.owner.name if row.owner else row.team.name if row.team else _("nobody yet")
    if row.due_at is None:
        return f"{row.title} ({who})"
    by = _("by %s") % times.clock_time(row.due_at)
    late = _(", late") if rules.is_late(due_at=row.due_at, now=now) else ""
    return f"{row.title} ({who}, {by}{late})"


def _decision_words(row: Decision) -> str:
    whom = str(AskedOf(row.asked_of).label).lower()
    by = _(", by %s") % times.clock_time(row.needed_by) if row.needed_by else ""
    return f"{row.question} ({whom}{by})"
