"""The public pages as files: what readers would see now, and not a byte of any other page."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from comms.models import StatusPage
from comms.services import snapshots, status_copies
from comms.tasks import snapshots as tasks
from mim_portal.lib import dbtime, static_tree
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
