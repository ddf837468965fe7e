"""The public status pages in a bucket: against a real server that speaks S3, rclone's."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from comms.adapters.object_store import Bucket, StoreError
from comms.models import StatusPage
from comms.services import snapshots, status_copies
from comms.tasks import snapshots as tasks
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests import factories, status_pages
from tests.status_pages import START, folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db
RCLONE = Path(sys.executable).with_name("rclone")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the store answers, with the keys `writer` and `secret of the writer`."""
    root = tmp_path_factory.mktemp("store")
    (root / "status").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ["--addr", f"127.0.0.1:{port}", "--auth-key", "writer,secret-of-the-writer", str(root)]
    command = [str(RCLONE), "serve", "s3", *where]
    environ = {**os.environ, "RCLONE_CONFIG": str(root.parent / "no.conf")}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def store(server: str, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Any]:
    """The store as the portal is told of it, and a client of our own; emptied afterwards."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "writer")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-writer")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    settings.STATUS_COPY_S3_ENDPOINT = server
    client = boto3.client("s3", endpoint_url=server)
    yield client
    for key in keys(client):
        client.delete_object(Bucket="status", Key=key)
    client.close()


def keys(client: Any) -> list[str]:
    return sorted(each["Key"] for each in client.list_objects_v2(Bucket="status").get("Contents", []))


def body(client: Any, key: str) -> str:
    found: bytes = client.get_object(Bucket="status", Key=key)["Body"].read()
    return found.decode()


def bucket(server: str, address: str = "s3://status/pages") -> Bucket:
    return Bucket(address, endpoint=server)


def test_the_tree_stands_in_the_bucket_with_its_types_and_how_long_it_is_fresh(
    payroll: SimpleNamespace, store: Any, server: str
) -> None:
    tell(payroll)
    snapshots.render_due(now=START)
    done = status_copies.write(bucket(server), now=START)
    assert (done.written, done.removed) == (done.total, 0)
    assert "Payroll does not work." in body(store, "pages/status/public/index.html")
    kinds = {
        "status/public/index.html": "text/html; charset=utf-8",
        f"status/public/incidents/{payroll.incident.reference}/index.html": "text/html; charset=utf-8",
        "status/public/api/v2/summary.json": "application/json; charset=utf-8",
        "status/public/feed.atom": "application/atom+xml; charset=utf-8",
        "status/public/badge.svg": "image/svg+xml; charset=utf-8",
        "static/status.css": "text/css",
    }
    for key, kind in kinds.items():
        head = store.head_object(Bucket="status", Key=f"pages/{key}")
        assert (key, head["ContentType"]) == (key, kind)
        assert ("stale-if-error" in head["CacheControl"], "max-age=300" in head["CacheControl"]) == (
            True,
            key.startswith("static/"),
        )
    again = status_copies.write(bucket(server), now=START)
    assert (again.written, again.removed, again.total) == (0, 0, done.total)


def test_what_is_gone_leaves_the_bucket_and_what_is_somebody_elses_stays(
    payroll: SimpleNamespace, store: Any, server: str
) -> None:
    store.put_object(Bucket="status", Key="pages/robots.txt", Body=b"theirs")
    other = status_pages.page(slug="other")
    snapshots.render_due(now=START)
    status_copies.write(bucket(server), now=START)
    assert "pages/status/other/index.html" in keys(store)
    StatusPage.objects.filter(pk=other.pk).update(retired_at=START)
    assert status_copies.write(bucket(server), now=START).removed > 10
    left = keys(store)
    assert not [key for key in left if "/other/" in key]
    assert {"pages/robots.txt", "pages/status/public/index.html"} <= set(left)


def test_private_pages_never_get_there(payroll: SimpleNamespace, store: Any, server: str) -> None:
    inside = status_pages.page(slug="contoso", audience="end_users", is_public=False, only_its_services=True)
    status_pages.component(of=inside, service=factories.service(name="Heron"))
    snapshots.render_due(now=START)
    status_copies.write(bucket(server), now=START)
    found = keys(store)
    assert len(found) > 10
    for key in found:
        assert "contoso" not in key
        assert "heron" not in body(store, key).lower()


def test_an_incident_stays_when_the_page_lists_it_no_more_until_nobody_may_know_of_it(
    payroll: SimpleNamespace, store: Any, server: str, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    tell(payroll)
    snapshots.render_due(now=START)
    status_copies.write(bucket(server), now=START)
    own = f"pages/status/public/incidents/{payroll.incident.reference}/index.html"
    Incident.objects.filter(pk=payroll.incident.pk).update(state="closed", closed_at=START)
    monkeypatch.setattr("comms.queries.status.LISTED_INCIDENTS", 0)
    snapshots.want(pages=[payroll.page.pk])
    snapshots.render_due(now=START)
    assert payroll.incident.reference not in status_pages.html(payroll.page, at=START, path="history/")
    status_copies.write(bucket(server), now=START)
    assert own in keys(store)
    place = bucket(server)
    with django_assert_num_queries(1):  # the faces; an old incident costs nothing while the page stands still
        assert status_copies.write(place, now=START).removed == 0
    Incident.objects.filter(pk=payroll.incident.pk).update(is_private=True)
    snapshots.want(pages=[payroll.page.pk])
    snapshots.render_due(now=dbtime.now())
    status_copies.write(bucket(server), now=dbtime.now())
    assert own not in keys(store)


def test_the_command_and_the_clock_write_to_the_bucket(
    payroll: SimpleNamespace, store: Any, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    said = StringIO()
    call_command("publish_status", "s3://status", stdout=said)
    assert "0 removed." in said.getvalue()
    assert "status/public/index.html" in keys(store)
    settings.STATUS_COPY_S3 = "s3://status/clock"
    tasks.copy_status()
    assert "clock/status/public/index.html" in keys(store)
    settings.STATUS_COPY_S3 = "s3://nothing-there"
    tasks.copy_status()
    assert "could not be written" in caplog.text
    with pytest.raises(CommandError, match="could not be written"):
        call_command("publish_status", "s3://nothing-there")


def test_strangers_and_wrong_addresses_are_refused(store: Any, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="no address of a bucket"):
        Bucket("status/pages")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreError):
        bucket(server).listed()
    with pytest.raises(StoreError):
        bucket(server).put("x.txt", b"x", content_type="text/plain")
    with pytest.raises(StoreError):
        Bucket("s3://status", endpoint="http://127.0.0.1:9").remove("x.txt")
    assert keys(store) == []
