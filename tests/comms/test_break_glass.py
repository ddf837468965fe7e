"""Break glass: each minute what runs a live incident without the portal stands in a place for few eyes."""

import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries, Settings

from comms import tasks
from comms.services import break_glass
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.services.work import engagements
from mim_portal.lib import dbtime
from mim_portal.models import Heartbeat
from teams.models import Contact, Person, Rota, RotaShift
from tests import factories
from tests.comms import promise_kit
from tests.incidents import kit

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "glass"


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    now = dbtime.now() - timedelta(minutes=3)
    Person.objects.filter(pk=cast.mia.pk).update(phone="+353 1 555 0199")
    cast.mia.refresh_from_db()
    made = kit.incident(manager=cast.mia, now=now, service=factories.service(name="Payroll"))
    Incident.objects.filter(pk=made.pk).update(bridge_url="https://bridge.example.org/4711")
    team = factories.team(slug="payments", name="Payments", members=(cast.rosa,))
    Contact.objects.create(team=team, kind="phone", value="+353 1 555 0100", note="at night")
    rota = Rota.objects.create(name="payments line", team=team)
    RotaShift.objects.create(
        rota=rota, person=cast.rosa, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=9)
    )
    engagements.engage(reference=made.reference, team=team, person=cast.mia, now=now)
    made.refresh_from_db()
    return made


def test_the_brief_says_what_runs_the_incident(folder: Path, incident: Incident) -> None:
    assert break_glass.write(folder=folder, now=dbtime.now()) == 1
    text = (folder / f"{incident.reference}.txt").read_text()
    for words in (
        f"{incident.reference} P1 Payroll: staff cannot submit timesheets",
        "State: Declared",
        "Manager: Mia Example, +353 1 555 0199, mia@example.org",
        "cannot submit timesheets",
        "Bridge: https://bridge.example.org/4711",
        "(UTC+0): Service desk",
        "- Payments: asked",
        "on shift: Rosa Example, rosa@example.org",
        "Phone: +353 1 555 0100 (at night)",
        "Written ",
    ):
        assert words in text, words
    brief = json.loads((folder / f"{incident.reference}.json").read_text())
    assert brief["manager"] == {"name": "Mia Example", "phone": "+353 1 555 0199", "email": "mia@example.org"}
    assert {promise["is_late"] for promise in brief["promises"]} == {False}
    assert brief["teams"][0]["contacts"] == [{"kind": "Phone", "value": "+353 1 555 0100", "note": "at night"}]


def test_a_late_promise_stands_first_and_says_so(folder: Path, cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=dbtime.now() - timedelta(hours=2), audiences=["technical"])
    break_glass.write(folder=folder, now=dbtime.now())
    assert "LATE: Technical teams" in (folder / f"{incident.reference}.txt").read_text()


def test_only_its_owner_may_read_it(folder: Path, incident: Incident) -> None:
    folder.mkdir(mode=0o755)
    break_glass.write(folder=folder, now=dbtime.now())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    written = list(folder.iterdir())
    assert len(written) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_a_private_incident_is_there_and_marked(folder: Path, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    break_glass.write(folder=folder, now=dbtime.now())
    assert (folder / f"{incident.reference}.txt").read_text().startswith(f"PRIVATE {incident.reference}")


def test_an_ended_incident_leaves_and_strange_files_stay(folder: Path, incident: Incident) -> None:
    break_glass.write(folder=folder, now=dbtime.now())
    (folder / "notes of the night shift.txt").write_text("ours")
    promise_kit.move_to(incident, IncidentState.RESOLVED, resolved_at=dbtime.now())

    assert break_glass.write(folder=folder, now=dbtime.now()) == 0

    assert {path.name for path in folder.iterdir()} == {
        "index.txt",
        "contacts.csv",
        "notes of the night shift.txt",
    }
    assert (folder / "index.txt").read_text().startswith("No incident is live.")


def test_the_index_and_the_contact_sheet_stand_beside_the_briefs(folder: Path, incident: Incident) -> None:
    break_glass.write(folder=folder, now=dbtime.now())
    assert f"{incident.reference} P1 Declared: " in (folder / "index.txt").read_text()
    assert "Payments,the team,'+353 1 555 0100" in (folder / "contacts.csv").read_text()


def test_a_reader_never_sees_half_a_file(folder: Path, incident: Incident) -> None:
    break_glass.write(folder=folder, now=dbtime.now())
    path = folder / f"{incident.reference}.txt"
    with path.open() as reader:
        before = reader.read()
        number = path.stat().st_ino
        break_glass.write(folder=folder, now=dbtime.now() + timedelta(minutes=1))
        reader.seek(0)
        assert reader.read() == before, "the open file is the old one"
    assert path.stat().st_ino != number
    assert not list(folder.glob(".*"))


def test_more_incidents_cost_no_more_queries(
    folder: Path, cast: SimpleNamespace, incident: Incident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        kit.incident(manager=cast.omar, now=dbtime.now())
    now = dbtime.now()
    with django_assert_num_queries(12):  # six of the briefs, five of the contact sheet and its shifts, the heartbeat
        assert break_glass.write(folder=folder, now=now) == 6


def test_the_task_writes_where_the_settings_say_and_shows_that_it_ran(settings: Settings, folder: Path) -> None:
    settings.BREAK_GLASS_DIR = folder
    tasks.break_glass.sweep_break_glass()
    assert (folder / "index.txt").exists()
    assert Heartbeat.objects.filter(name="sweep_break_glass").exists()


def test_a_place_that_cannot_be_written_is_one_line_and_no_heartbeat(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.BREAK_GLASS_DIR = tmp_path / "file" / "glass"
    tasks.break_glass.sweep_break_glass()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["break-glass briefs not written"]
    assert not Heartbeat.objects.filter(name="sweep_break_glass").exists()


def test_a_full_disk_leaves_the_old_brief_whole(
    folder: Path, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_glass.write(folder=folder, now=dbtime.now())
    before = (folder / f"{incident.reference}.txt").read_text()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        break_glass.write(folder=folder, now=dbtime.now() + timedelta(minutes=1))
    assert (folder / f"{incident.reference}.txt").read_text() == before
    assert not list(folder.glob(".*"))


def test_beat_ticks_it_each_minute_on_the_clocks_queue() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["sweep-break-glass"]
    assert (entry["task"], entry["schedule"]) == (tasks.break_glass.sweep_break_glass.name, 60.0)
