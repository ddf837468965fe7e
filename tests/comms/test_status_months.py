"""History is read by month, however long it is: each incident stands on a page of its month, fifty on one."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from comms.models import Audience, Component, Update
from comms.queries import status, status_months
from comms.services import snapshots
from incidents.choices import IncidentState
from incidents.models import Incident
from tests import factories, status_pages
from tests.status_pages import START, folder, payroll

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db


def ended(payroll: SimpleNamespace, at: datetime, **fields: Any) -> Incident:
    """An incident that was told of and over at this time."""
    made = status_pages.incident(
        service=payroll.incident.service, state=IncidentState.CLOSED, declared_at=at, closed_at=at, **fields
    )
    minutes = (at - START) / timedelta(minutes=1)
    status_pages.update(of=made, author=payroll.author, minutes=minutes, kind="closure", incident_state="resolved")
    return made


def rendered(payroll: SimpleNamespace, *, now: datetime = START) -> None:
    snapshots.want(pages=[payroll.page.pk])
    snapshots.render_due(now=now)
    payroll.page.refresh_from_db()


def paths(payroll: SimpleNamespace) -> set[str]:
    return set(payroll.page.snapshots.filter(path__startswith="history/").values_list("path", flat=True))


def test_a_short_history_has_its_months_among_the_snapshots(payroll: SimpleNamespace) -> None:
    first, second = ended(payroll, START - timedelta(days=40)), ended(payroll, START - timedelta(days=1))
    rendered(payroll)
    assert paths(payroll) == {"history/", "history/2026-10/", "history/2026-11/"}
    october = status_pages.html(payroll.page, at=START, path="history/2026-10/")
    assert f"incidents/{first.reference}/" in october
    assert second.reference not in october
    assert "<h1>October 2026</h1>" in october
    index = status_pages.html(payroll.page, at=START, path="history/")
    assert '<a href="/status/public/history/2026-10/">October 2026</a> <span class="secondary">1</span>' in index


def test_every_incident_of_a_long_history_is_on_a_page_of_its_month(payroll: SimpleNamespace, client: Client) -> None:
    known = {ended(payroll, START - timedelta(days=11 * number)).reference for number in range(70)}
    rendered(payroll)
    index = status_pages.html(payroll.page, at=START, path="history/")
    months = re.findall(r'href="([^"]*/history/20\d\d-\d\d/)"', index)
    assert len(months) == len(set(months)) > 20
    found: set[str] = set()
    for month in months:
        answer = client.get(urlsplit(month).path)
        assert answer.status_code == 200, month
        found |= set(re.findall(r"incidents/(MI-2026-\d{4})/", answer.content.decode()))
    assert found == known
    for reference in sorted(known)[:3]:
        assert client.get(f"/status/public/incidents/{reference}/").status_code == 200


def test_a_month_that_is_only_half_known_is_no_snapshot(payroll: SimpleNamespace, client: Client) -> None:
    for number in range(60):
        ended(payroll, datetime(2026, 10, 28, tzinfo=UTC) - timedelta(hours=number))
    rendered(payroll)
    assert paths(payroll) == {"history/"}
    october = client.get("/status/public/history/2026-10/")
    assert october.content.decode().count("incidents/MI-2026") == 50
    assert 'aria-current="page">1</a>' in october.content.decode()
    rest = client.get("/status/public/history/2026-10/2/")
    assert rest.content.decode().count("incidents/MI-2026") == 10
    for nothing in ("2026-10/3/", "2026-09/", "2026-13/", "1999-01/", "2026-10/0/", "x/"):
        assert client.get(f"/status/public/history/{nothing}").status_code == 404


def test_what_readers_may_not_know_is_in_no_month(payroll: SimpleNamespace) -> None:
    shown = ended(payroll, START - timedelta(days=40))
    for fields in ({"is_private": True}, {"is_exercise": True}):
        ended(payroll, START - timedelta(days=40), **fields)
    withdrawn = ended(payroll, START - timedelta(days=40))
    Update.objects.filter(incident=withdrawn).update(state="withdrawn")
    other = ended(payroll, START - timedelta(days=40))
    Update.objects.get(incident=other).audiences.set(Audience.objects.filter(code="technical"))
    month = status_months.one(payroll.page, datetime(2026, 10, 1, tzinfo=UTC).date(), number=1)
    assert month is not None
    assert [each.reference for each in month.facts.incidents] == [shown.reference]


def test_a_customers_months_know_its_services_alone(payroll: SimpleNamespace) -> None:
    payroll.page.is_public, payroll.page.only_its_services = False, True
    payroll.page.save()
    own = ended(payroll, START - timedelta(days=40))
    elsewhere = status_pages.incident(service=factories.service(name="Heronworks"), state="closed", closed_at=START)
    status_pages.update(of=elsewhere, author=payroll.author, minutes=-40 * 1440, kind="closure")
    month = status_months.one(payroll.page, datetime(2026, 10, 1, tzinfo=UTC).date(), number=1)
    assert month is not None
    assert [each.reference for each in month.facts.incidents] == [own.reference]
    Component.objects.filter(page=payroll.page).delete()
    assert status_months.one(payroll.page, datetime(2026, 10, 1, tzinfo=UTC).date(), number=1) is None


def test_a_month_is_the_zones(payroll: SimpleNamespace) -> None:
    payroll.page.time_zone = "Asia/Kolkata"
    payroll.page.save()
    ended(payroll, datetime(2026, 10, 31, 20, 0, tzinfo=UTC))  # 01:30 on 1 November there
    rendered(payroll)
    assert paths(payroll) == {"history/", "history/2026-11/"}


def test_all_months_cost_two_queries_and_a_page_that_lists_everything_none(
    payroll: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    facts = status.page_facts(payroll.page)
    with django_assert_num_queries(0):
        status_months.with_months(payroll.page, facts)
    for number in range(55):
        ended(payroll, START - timedelta(days=3 * number))
    facts = status.page_facts(payroll.page)
    assert facts.is_cut
    with django_assert_num_queries(2):
        months = status_months.with_months(payroll.page, facts).months
    assert sum(month.count for month in months) == 55
