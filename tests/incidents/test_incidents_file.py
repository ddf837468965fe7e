"""The list as CSV: the same filters, what the person may see, cells that are no formulas, written as it is read."""

import csv
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from incidents.api import views_export
from incidents.models import Incident
from mim_portal.api import throttling
from mim_portal.models import AuditEntry
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

Api = Callable[..., APIClient]
ADDRESS = "/api/v1/exports/incidents.csv"


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode("utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def incidents(cast: SimpleNamespace) -> list[Incident]:
    service = factories.service(slug="payroll", name="Payroll")
    named: list[tuple[str, dict[str, Any]]] = [
        ("=HYPERLINK(1)", {"external_ref": "+44"}),
        ('Zürich, “quoted” "words"', {"impact": 2}),
        ("Payroll zebra", {"is_private": True}),
    ]
    return [
        kit.incident(manager=cast.mia, service=service, title=title, now=NOON + timedelta(hours=hour), **options)
        for hour, (title, options) in enumerate(named)
    ]


def test_a_line_for_each_newest_first(incidents: list[Incident], cast: SimpleNamespace, api: Api) -> None:
    answer = api(cast.audra).get(ADDRESS)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="incidents-')
    first, second = rows(answer)
    assert tuple(first) == views_export.HEADINGS
    assert (first["title"], first["priority"], first["manager"]) == (incidents[1].title, "P2", "Mia Example")
    assert first["declared_at"] == "2026-11-23T13:00:00.000Z"
    assert (second["title"], second["external_ref"]) == ("'=HYPERLINK(1)", "'+44")


def test_filters_and_privacy(incidents: list[Incident], cast: SimpleNamespace, api: Api) -> None:
    assert [row["reference"] for row in rows(api(cast.mia).get(f"{ADDRESS}?q=zebra"))] == [incidents[2].reference]
    assert rows(api(cast.omar).get(f"{ADDRESS}?q=zebra")) == []
    assert len(rows(api(cast.omar).get(f"{ADDRESS}?priority=P1&live=true"))) == 1
    refused = api(cast.mia).get(f"{ADDRESS}?priority=P9")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")


def test_it_is_written_down_and_needs_its_scope(incidents: list[Incident], cast: SimpleNamespace, api: Api) -> None:
    rows(api(cast.audra).get(f"{ADDRESS}?priority=P1"))
    entry = AuditEntry.objects.get(verb="incidents.exported")
    assert (entry.actor, entry.subject) == (cast.audra, "priority=P1")
    assert api(cast.audra, scopes=["command"]).get(ADDRESS).status_code == 403
    assert api(cast.eve).get(ADDRESS).status_code == 403
    assert api().get(ADDRESS).status_code == 401


def test_it_is_slowed_down_like_the_rest(cast: SimpleNamespace, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "_per_minute", lambda: 1.0)
    client = api(cast.audra)
    assert client.get(ADDRESS).status_code == 200
    assert client.get(ADDRESS).status_code == 429


def test_a_browser_that_is_signed_in_gets_it(
    incidents: list[Incident], cast: SimpleNamespace, signed_in: Callable[..., Any]
) -> None:
    browser = signed_in(cast.mia)
    text = browser.get("/incidents/?live=yes&priority=P2&declared_from=2026-11-23").content.decode()
    address = text.split(f'href="{ADDRESS}?')[1].split('"')[0].replace("&amp;", "&")
    assert "live=true" in address
    found = rows(browser.get(f"{ADDRESS}?{address}", headers={"Accept": "text/html,*/*;q=0.8"}))
    assert [row["reference"] for row in found] == [incidents[1].reference]


def test_rows_are_read_in_portions(cast: SimpleNamespace, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_export, "CHUNK", 3)
    service = factories.service()
    made = [kit.incident(manager=cast.mia, service=service, now=NOON + timedelta(minutes=n)) for n in range(7)]
    answer = api(cast.audra).get(ADDRESS)
    with CaptureQueriesContext(connection) as captured:
        found = rows(answer)
    assert [row["reference"] for row in found] == [row.reference for row in reversed(made)]
    assert len(captured) == 6  # incidents and managers, three times
