"""The public pages as files: what readers would see now, and not a byte of any other page."""

import html
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from comms.models import StatusPage, Update
from comms.reactions import snapshots as reaction
from comms.services import snapshots, status_copies
from comms.tasks import snapshots as tasks
from incidents.models import Incident
from mim_portal.lib import dbtime, static_tree
from mim_portal.models import Heartbeat
from tests import factories, status_pages
from tests.status_pages import START, folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_web_server_shows_the_same_addresses(payroll: SimpleNamespace, tmp_path: Path) -> None:
    tell(payroll, next_in=20)
    snapshots.render_due(now=START)
    done = status_copies.write(static_tree.Folder(tmp_path), now=START)
    shown = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert done.total == len(shown) - 1
    assert shown >= {
        "status/public/index.html",
        "status/public/history/index.html",
        "status/public/embed/index.html",
        "status/public/feed.atom",
        "status/public/badge.svg",
        "status/public/api/v2/incidents/unresolved.json",
        "static/status.css",
        "static/status.js",
    }
    assert "Payroll does not work." in (tmp_path / "status/public/index.html").read_text()


def test_from_the_minute_of_a_promise_the_copy_says_that_it_is_late(payroll: SimpleNamespace, tmp_path: Path) -> None:
    tell(payroll, next_in=20)
    snapshots.render_due(now=START)
    status_copies.write(static_tree.Folder(tmp_path), now=START)
    page = tmp_path / "status/public/index.html"
    assert "This update is late since" not in page.read_text()
    done = status_copies.write(static_tree.Folder(tmp_path), now=START + timedelta(minutes=21))
    assert done.written == 2  # the page, and the incident's own
    assert "This update is late since" in page.read_text()


def test_what_is_not_public_is_never_copied_and_what_was_public_leaves(
    payroll: SimpleNamespace, tmp_path: Path
) -> None:
    inside = status_pages.page(slug="staff", audience="end_users", is_public=False)
    status_pages.component(of=inside, service=factories.service(name="Heron"))
    snapshots.render_due(now=START)
    status_copies.write(static_tree.Folder(tmp_path), now=START)
    assert not any(b"Heron" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not (tmp_path / "status/staff").exists()
    StatusPage.objects.filter(slug="public").update(is_public=False)
    status_copies.write(static_tree.Folder(tmp_path), now=START)
    assert not (tmp_path / "status").exists()


def test_the_copy_asks_once_where_nothing_changed(
    payroll: SimpleNamespace, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    snapshots.render_due(now=START)
    status_copies.write(static_tree.Folder(tmp_path), now=START)
    with django_assert_num_queries(1):
        assert status_copies.write(static_tree.Folder(tmp_path), now=START).written == 0


def test_the_command_renders_and_writes(payroll: SimpleNamespace, tmp_path: Path) -> None:
    said = StringIO()
    call_command("publish_status", str(tmp_path / "out"), stdout=said)
    assert "0 removed." in said.getvalue()
    assert "Everything works." in (tmp_path / "out/status/public/index.html").read_text()
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="could not be written"):
        call_command("publish_status", str(tmp_path / "file" / "in"))


def test_the_clock_keeps_the_folder_that_is_set_and_survives_one_that_cannot_be_written(
    payroll: SimpleNamespace, tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    snapshots.render_due(now=dbtime.now())
    settings.STATUS_COPY_DIR = None
    tasks.copy_status()
    settings.STATUS_COPY_DIR = tmp_path / "copy"
    tasks.copy_status()
    assert (tmp_path / "copy/status/public/index.html").is_file()
    (tmp_path / "file").write_text("x")
    settings.STATUS_COPY_DIR = tmp_path / "file" / "in"
    tasks.copy_status()
    assert "could not be written" in caplog.text


def test_an_administrator_sees_that_a_copy_stands_still_and_that_it_goes_on(
    payroll: SimpleNamespace, cast: SimpleNamespace, client: Client, tmp_path: Path, settings: Settings
) -> None:
    def says() -> str:
        client.force_login(cast.ada)
        return client.get("/settings/status-pages/").content.decode()

    assert "Copies elsewhere" not in says()
    in_the_way = tmp_path / "disk"
    in_the_way.write_text("x")
    settings.STATUS_COPY_DIR = in_the_way / "copy"
    tasks.copy_status()
    assert "Never written yet." in says()
    in_the_way.unlink()
    tasks.copy_status()  # the next tick
    assert str(settings.STATUS_COPY_DIR) in says()
    assert "As the pages" in says()
    Heartbeat.objects.filter(name="copy_status_folder").update(beat_at=dbtime.now() - timedelta(minutes=3))
    assert "Could not be written since" in says()
    assert "Behind" in says()
    client.force_login(cast.carla)
    assert "Copies elsewhere" not in client.get("/settings/status-pages/").content.decode()


def test_what_was_taken_back_of_an_old_incident_leaves_the_copy(
    payroll: SimpleNamespace, cast: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page lists the incident no more, so that nothing renders its file anew."""
    status_pages.publish(of=payroll.incident, author=cast.mia, body="First words.")
    wrong = status_pages.publish(of=payroll.incident, author=cast.mia, minutes=5, body="A customer's name.")
    copy_now(payroll, tmp_path)
    own = tmp_path / f"status/public/incidents/{payroll.incident.reference}/index.html"
    assert "A customer's name." in html.unescape(own.read_text())
    Incident.objects.filter(pk=payroll.incident.pk).update(state="closed", closed_at=START)
    monkeypatch.setattr("comms.queries.status.LISTED_INCIDENTS", 0)
    copy_now(payroll, tmp_path)
    assert own.exists()
    Update.objects.filter(pk=wrong.pk).update(state="withdrawn")
    reaction.react([status_pages.entry(of=payroll.incident, kind="update_withdrawn", at=dbtime.now(), update=wrong.pk)])
    copy_now(payroll, tmp_path)
    assert not own.exists()


def copy_now(payroll: SimpleNamespace, place: Path) -> None:
    snapshots.want(pages=[payroll.page.pk])
    snapshots.render_due(now=dbtime.now())
    status_copies.write(static_tree.Folder(place), now=dbtime.now())
