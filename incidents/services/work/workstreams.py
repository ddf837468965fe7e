"""Workstreams: a lead, a task, a time box, and one speaking line back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind, TaskState
from incidents.models import Incident, Task, Workstream
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from incidents.services.work import working
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid
from teams.models import Person, Team

EDITABLE = ("name", "task", "lead", "team", "due_at")
MOST_OPEN = 20


@transaction.atomic
def open_workstream(
    *,
    reference: str,
    person: Person,
    name: str,
    task: str,
    now: datetime,
    lead: Person | None = None,
    team: Team | None = None,
    due_at: datetime | None = None,
) -> Workstream:
    """Give a group its lead, its task and its time box. One voice reports back from then on."""
    incident = locking.lock(reference=reference, person=person)
    fields = _checked({"name": name, "task": task, "lead": lead, "team": team, "due_at": due_at})
    _check_lead(lead, team)
    _check_name(incident, fields["name"])
    if Workstream.objects.filter(incident=incident, ended_at=None).count() >= MOST_OPEN:
        raise Invalid(_("%d workstreams are open. End some of them first.") % MOST_OPEN, field="name")
    made = Workstream.objects.create(incident=incident, opened_by=person, opened_at=now, **fields)
    _record(incident, EntryKind.WORKSTREAM_OPENED, made, person=person, now=now)
    return made


@transaction.atomic
def change(
    *, workstream_id: int, person: Person, changes: Mapping[str, Any], now: datetime, version: int | None = None
) -> Workstream:
    """Another lead, task or time box."""
    incident, found = working.locked(Workstream, workstream_id, person=person)
    working.check_version(found.version, version)
    _refuse_ended(found)
    fields = _checked({name: changes[name] for name in EDITABLE if name in changes})
    changed = {name: value for name, value in fields.items() if getattr(found, name) != value}
    if not changed:
        return found
    if "name" in changed:
        _check_name(incident, changed["name"])
    for name, value in changed.items():
        setattr(found, name, value)
    _check_lead(found.lead, found.team)
    found.version += 1
    found.save()
    _record(incident, EntryKind.WORKSTREAM_CHANGED, found, person=person, now=now)
    return found


@transaction.atomic
def report(*, workstream_id: int, person: Person, text: str, now: datetime) -> Workstream:
    """The line that comes back: condition, actions, needs. The last one stands in the room, all on the timeline."""
    incident, found = working.locked(Workstream, workstream_id, person=person)
    _refuse_ended(found)
    found.report = working.text(text, field="report", longest=300, missing=_("Write the line that came back."))
    found.reported_at = now
    found.save(update_fields=["report", "reported_at"])
    _record(incident, EntryKind.WORKSTREAM_CHANGED, found, person=person, now=now, report=found.report)
    return found


@transaction.atomic
def end(*, workstream_id: int, person: Person, now: datetime, outcome: str = "") -> Workstream:
    """The group has done its task or is needed elsewhere; its open tasks stay, without it."""
    incident, found = working.locked(Workstream, workstream_id, person=person)
    _refuse_ended(found)
    found.outcome = working.text(outcome, field="outcome", longest=300)
    found.ended_at = now
    found.version += 1
    found.save()
    Task.objects.filter(workstream=found, state=TaskState.OPEN).update(workstream=None)
    _record(incident, EntryKind.WORKSTREAM_ENDED, found, person=person, now=now, outcome=found.outcome)
    return found


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(given)
    if "name" in fields:
        fields["name"] = working.text(fields["name"], field="name", longest=80, missing=_("Give it a name."))
    if "task" in fields:
        missing = _("Say what the group has to achieve.")
        fields["task"] = working.text(fields["task"], field="task", longest=300, missing=missing)
    return fields


def _check_lead(lead: Person | None, team: Team | None) -> None:
    if lead is None and team is None:
        raise Invalid(_("Name the person or the team that leads it."), code="required", field="lead")


def _check_name(incident: Incident, name: str) -> None:
    if Workstream.objects.filter(incident=incident, name=name, ended_at=None).exists():
        raise Invalid(_("There is a workstream “%s” already.") % name, code="already_there", field="name")


def _refuse_ended(found: Workstream) -> None:
    if found.ended_at is not None:
        message = _("This workstream ended at %s.") % times.clock_time(found.ended_at)
        raise working.Settled(message, extra={"ended_at": times.iso(found.ended_at)})


def _record(
    incident: Incident, kind: EntryKind, found: Workstream, *, person: Person, now: datetime, **more: Any
) -> None:
    data: dict[str, Any] = {"workstream": found.pk, **{key: value for key, value in more.items() if value}}
    if found.lead_id:
        data["person"] = found.lead_id
    if found.team_id:
        data["team"] = found.team_id
    entry = Entry(kind=kind, at=now, actor_id=person.pk, text=found.name, data=data)
    timeline.append(incident=incident, entries=[entry])
