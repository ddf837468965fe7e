"""What of an incident hangs on somebody is named before they are switched off, to whoever may see the incident."""

from types import SimpleNamespace

from django.db.models import Model

from incidents.models import Incident
from incidents.queries import dependents
from incidents.services.work import tasks, workstreams
from teams.models import Person
from tests import factories
from tests.factories import NOON
from tests.incidents import kit, work_kit


def named(row: Model, *, viewer: Person | None) -> list[str]:
    return [one.text for one in dependents.find([row], viewer=viewer, now=NOON).get(row.pk, [])]


def test_open_tasks_and_workstreams_are_named(cast: SimpleNamespace) -> None:
    incident, team = kit.incident(manager=cast.mia), factories.team(slug="database")
    mine = work_kit.task(incident, cast.mia, owner=cast.rosa)
    theirs = work_kit.task(incident, cast.mia, team=team)
    stream = work_kit.workstream(incident, cast.mia, lead=cast.rosa, team=team)
    reference = incident.reference
    assert named(cast.rosa, viewer=cast.ada) == [
        f"has an open task in {reference}",
        f"leads a workstream of {reference}",
    ]
    assert named(team, viewer=cast.ada) == [
        f"has an open task in {reference}",
        f"works on a workstream of {reference}",
    ]
    for task in (mine, theirs):
        tasks.done(task_id=task.pk, person=cast.rosa, now=NOON)
    workstreams.end(workstream_id=stream.pk, person=cast.mia, now=NOON)
    assert named(cast.rosa, viewer=cast.ada) == []
    assert named(team, viewer=cast.ada) == []


def test_what_is_open_in_a_closed_record_waits_for_nobody(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    work_kit.task(incident, cast.mia, owner=cast.rosa)
    Incident.objects.filter(pk=incident.pk).update(state="cancelled", closed_at=NOON)
    assert named(cast.rosa, viewer=cast.ada) == []


def test_a_private_incident_is_counted_and_not_named(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, is_private=True)
    work_kit.task(incident, cast.mia, owner=cast.rosa)
    assert named(cast.rosa, viewer=cast.ada) == ["has an open task in a private incident"]
    (found,) = dependents.find([cast.rosa], viewer=cast.ada, now=NOON)[cast.rosa.pk]
    assert (found.href, found.is_blocking) == ("", False)
    assert named(cast.rosa, viewer=cast.mia) == [f"has an open task in {incident.reference}"]
    assert dependents.find([], viewer=cast.ada, now=NOON) == {}
