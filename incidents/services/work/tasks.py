"""Tasks: opened in one line, changed, done, dropped; each on the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind, TaskState
from incidents.models import Incident, Task, Workstream
from incidents.rules import work as rules
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from incidents.services.work import working
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid
from teams.models import Person, Team

EDITABLE = ("title", "owner", "team", "due_at", "workstream")
MOST_OPEN = 200


@transaction.atomic
def open_line(*, reference: str, person: Person, line: str, now: datetime) -> Task:
    """Open a task from one typed line; `now` is in the writer's zone, so that “10:45” means theirs."""
    read = rules.task_line(line, now=now)
    owner, team = _named(read.owner)
    return open_task(
        reference=reference, person=person, title=read.title, owner=owner, team=team, due_at=read.due_at, now=now
    )


@transaction.atomic
def open_task(
    *,
    reference: str,
    person: Person,
    title: str,
    now: datetime,
    owner: Person | None = None,
    team: Team | None = None,
    due_at: datetime | None = None,
    workstream: Workstream | None = None,
) -> Task:
    """Something to do, with its owner (a person or a team) and its time box, where they are known yet."""
    incident = locking.lock(reference=reference, person=person)
    title = working.text(title, field="title", longest=200, missing=_("Say what is to be done."))
    _check_owner(owner, team)
    _check_workstream(incident, workstream)
    if Task.objects.filter(incident=incident, state=TaskState.OPEN).count() >= MOST_OPEN:
        raise Invalid(_("There are %d open tasks. Close some of them first.") % MOST_OPEN, field="title")
    task = Task.objects.create(
        incident=incident, title=title, owner=owner, team=team, due_at=due_at, workstream=workstream,
        opened_by=person, opened_at=now,
    )  # fmt: skip
    _record(incident, EntryKind.TASK_OPENED, task, person=person, now=now)
    return task


@transaction.atomic
def change(
    *, task_id: int, person: Person, changes: Mapping[str, Any], now: datetime, version: int | None = None
) -> Task:
    """Another owner, time box, wording or workstream. A task that has ended is opened again first."""
    incident, task = working.locked(Task, task_id, person=person)
    working.check_version(task.version, version)
    if task.state != TaskState.OPEN:
        raise _settled(task)
    if "title" in changes:
        changes = {**changes, "title": working.text(
            changes["title"], field="title", longest=200, missing=_("Say what is to be done.")
        )}  # fmt: skip
    changed = {name for name in EDITABLE if name in changes and getattr(task, name) != changes[name]}
    if not changed:
        return task
    for name in changed:
        setattr(task, name, changes[name])
    _check_owner(task.owner, task.team)
    _check_workstream(incident, task.workstream)
    task.version += 1
    task.save()
    _record(incident, EntryKind.TASK_CHANGED, task, person=person, now=now)
    return task


@transaction.atomic
def done(*, task_id: int, person: Person, now: datetime, outcome: str = "") -> Task:
    """Tick it; whoever ticks second is told who did."""
    return _end(task_id, TaskState.DONE, person=person, now=now, outcome=outcome)


@transaction.atomic
def drop(*, task_id: int, person: Person, now: datetime, outcome: str = "") -> Task:
    """It is not to be done any more."""
    return _end(task_id, TaskState.DROPPED, person=person, now=now, outcome=outcome)


@transaction.atomic
def reopen(*, task_id: int, person: Person, now: datetime) -> Task:
    """It was ticked too early."""
    incident, task = working.locked(Task, task_id, person=person)
    if task.state == TaskState.OPEN:
        raise working.Settled(_("This task is open."), code="already_open")
    task.state, task.ended_by, task.ended_at, task.outcome = TaskState.OPEN, None, None, ""
    task.version += 1
    task.save()
    _record(incident, EntryKind.TASK_CHANGED, task, person=person, now=now, reopened=True)
    return task


def _end(task_id: int, state: TaskState, *, person: Person, now: datetime, outcome: str) -> Task:
    incident, task = working.locked(Task, task_id, person=person)
    if task.state != TaskState.OPEN:
        raise _settled(task)
    task.outcome = working.text(outcome, field="outcome", longest=300)
    task.state, task.ended_by, task.ended_at = state, person, now
    task.version += 1
    task.save()
    kind = EntryKind.TASK_DONE if state == TaskState.DONE else EntryKind.TASK_DROPPED
    _record(incident, kind, task, person=person, now=now, outcome=task.outcome)
    return task


def _settled(task: Task) -> working.Settled:
    words = {
        "who": task.ended_by.name if task.ended_by else _("Somebody"),
        "when": times.clock_time(task.ended_at) if task.ended_at else "",
    }
    sentence = (
        _("%(who)s did this at %(when)s.") if task.state == TaskState.DONE else _("%(who)s dropped this at %(when)s.")
    )
    extra = {"state": task.state, "ended_by": task.ended_by.username if task.ended_by else None}
    return working.Settled(sentence % words, extra=extra)


def _named(handle: str) -> tuple[Person | None, Team | None]:
    """The person or the team behind @handle; a person comes first, since both may have the same name."""
    if not handle:
        return None, None
    person = Person.objects.filter(username__iexact=handle, is_active=True).first()
    team = None if person else Team.objects.filter(slug__iexact=handle, is_active=True).first()
    if person is None and team is None:
        message = _("Nobody and no team here is called “@%s”. Use a user name or a team's short name.")
        raise Invalid(message % handle, code="unknown_owner", field="line")
    return person, team


def _check_owner(owner: Person | None, team: Team | None) -> None:
    if owner is not None and team is not None:
        raise Invalid(_("Choose a person or a team, not both."), field="owner")
    if owner is not None and not owner.roles:
        raise Invalid(_("%s has no role here and would not see the task.") % owner.name, field="owner")


def _check_workstream(incident: Incident, workstream: Workstream | None) -> None:
    if workstream is not None and (workstream.incident_id != incident.pk or workstream.ended_at is not None):
        raise Invalid(_("This workstream is not open in this incident."), field="workstream")


def _record(incident: Incident, kind: EntryKind, task: Task, *, person: Person, now: datetime, **more: Any) -> None:
    data: dict[str, Any] = {"task": task.pk, **{key: value for key, value in more.items() if value}}
    if task.owner_id:
        data["person"] = task.owner_id
    if task.team_id:
        data["team"] = task.team_id
    if task.due_at and task.state == TaskState.OPEN:
        data["due_at"] = times.iso(task.due_at)
    entry = Entry(kind=kind, at=now, actor_id=person.pk, text=task.title, data=data)
    timeline.append(incident=incident, entries=[entry])
