"""Ninety days on a status page: from what was published to its readers, without windows, in words and in bars."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from comms.choices import ComponentState
from comms.models import Component, Maintenance
from comms.queries import status_history
from comms.services import snapshots
from tests import factories, status_pages
from tests.status_pages import START, folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def long_ago(payroll: SimpleNamespace) -> None:
    Component.objects.update(created_at=START - timedelta(days=200))


def page(payroll: SimpleNamespace, **later: float) -> str:
    snapshots.want(pages=[payroll.page.pk])
    return status_pages.html(payroll.page, at=START + timedelta(**later))


def test_ninety_days_without_trouble(payroll: SimpleNamespace) -> None:
    html = page(payroll)
    assert status_pages.text(html).count("Worked 100.00 % of the last 90 days.") == 2
    assert html.count("<rect") == 0
    assert html.count('stroke-dasharray="3 1"') == 2


def test_figures_are_written_as_the_language_writes_them(payroll: SimpleNamespace) -> None:
    payroll.page.language = "de"
    payroll.page.save(update_fields=["language"])
    said = status_pages.text(page(payroll))
    assert said.count("Funktionierte in den letzten 90 Tagen zu 100,00 %.") == 2


def test_what_was_published_is_counted_from_the_update_that_said_it_to_the_one_that_took_it_back(
    payroll: SimpleNamespace,
) -> None:
    tell(payroll, kind="initial")
    tell(payroll, kind="restored", minutes=90, incident_state="monitoring")
    tell(payroll, kind="closure", minutes=120, incident_state="resolved")
    html = page(payroll, days=1)
    assert "Worked 99.93 % of the last 90 days; trouble on 1 day." in status_pages.text(html)
    [(state, title)] = re.findall(r'<rect class="bar-(\w+)"[^>]*><title>([^<]*)</title>', html)
    assert state == "major_outage"
    assert title.startswith("Mon 23 Nov")
    assert title.endswith("1 h 30 min")
    assert html.count('x="352"') == 1  # yesterday is the last bar but one


def test_maintenance_is_no_downtime(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial")
    tell(payroll, kind="closure", minutes=90, incident_state="resolved")
    window = ran_window(payroll, begins=0, ends=60)
    assert window.started_at == START
    history = status_history.of(payroll.page, now=START + timedelta(days=1))
    assert history.maintenance[payroll.incident.service_id] == [(START, START + timedelta(minutes=60))]
    assert "0 h 30 min" not in page(payroll, days=1)
    assert re.search(r"<title>Mon 23 Nov[^<]*30 min</title>", page(payroll, days=1))


def ran_window(payroll: SimpleNamespace, *, begins: float, ends: float) -> Maintenance:
    made = Maintenance.objects.create(
        title="Payroll moves",
        body="x",
        planned_by=payroll.author,
        scheduled_for=START,
        scheduled_until=START + timedelta(hours=2),
        started_at=START + timedelta(minutes=begins),
        ended_at=START + timedelta(minutes=ends),
        state="completed",
    )
    made.services.set([payroll.incident.service_id])
    made.pages.set([payroll.page])
    made.updates.create(state="completed", body="Done.", published_at=START)
    return made


def test_what_other_readers_were_told_private_incidents_and_withdrawn_updates_count_for_nothing(
    payroll: SimpleNamespace,
) -> None:
    status_pages.update(of=payroll.incident, author=payroll.author, audiences=("technical",))
    hidden = status_pages.incident(service=payroll.incident.service, is_private=True)
    status_pages.update(of=hidden, author=payroll.author)
    status_pages.update(of=payroll.incident, author=payroll.author, state="withdrawn")
    assert status_history.of(payroll.page, now=START).troubles == {}


def test_an_incident_that_ended_without_a_word_ends_its_trouble(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial")
    payroll.incident.state = "cancelled"
    payroll.incident.closed_at = START + timedelta(minutes=30)
    payroll.incident.save()
    history = status_history.of(payroll.page, now=START + timedelta(days=1))
    [spell] = history.troubles[payroll.incident.service_id]
    assert (spell.end, spell.state) == (START + timedelta(minutes=30), ComponentState.MAJOR_OUTAGE)


def test_days_before_the_page_reported_on_it_have_no_bar(payroll: SimpleNamespace) -> None:
    Component.objects.update(created_at=START - timedelta(days=9))
    html = page(payroll)
    assert "of the last 10 days." in html
    assert 'd="M320 12H360"' in html


def test_a_service_that_has_stood_there_for_seconds_has_no_share(payroll: SimpleNamespace) -> None:
    Component.objects.update(created_at=START)
    tell(payroll, kind="initial")
    words = status_pages.text(page(payroll, seconds=20))
    assert "The page has only just begun to report on it." in words
    assert "0.00 %" not in words


def test_it_costs_a_fixed_number_of_queries(payroll: SimpleNamespace, django_assert_num_queries: Any) -> None:
    for number in range(20):
        other = status_pages.incident(service=factories.service(), declared_at=START - timedelta(days=number))
        status_pages.update(of=other, author=payroll.author, minutes=-number)
    with django_assert_num_queries(2):
        history = status_history.of(payroll.page, now=START)
    assert len(history.troubles) == 20


def test_while_something_lasts_its_day_and_share_are_never_older_than_five_minutes(payroll: SimpleNamespace) -> None:
    Component.objects.update(created_at=START - timedelta(days=1))
    tell(payroll, kind="initial")
    snapshots.render_due(now=START)
    first = status_pages.html(payroll.page, at=START)
    assert "<rect" not in first
    changed = payroll.page.snapshots.get(path="feed.atom").modified_at
    assert [snapshots.render_due(now=START + timedelta(seconds=each)) for each in (59, 60, 359, 360)] == [0, 1, 0, 1]
    html = status_pages.html(payroll.page, at=START + timedelta(minutes=6))
    assert re.findall(r'<rect class="bar-(\w+)"[^>]*><title>[^<]*, (\d+ min)</title>', html) == [
        ("major_outage", "6 min")
    ]
    assert re.findall(r"Last changed <time[^>]*>[^<]*", first) == re.findall(r"Last changed <time[^>]*>[^<]*", html)
    assert payroll.page.snapshots.get(path="feed.atom").modified_at == changed
    tell(payroll, kind="closure", minutes=7, incident_state="resolved")
    snapshots.render_due(now=START + timedelta(minutes=7))
    assert snapshots.render_due(now=START + timedelta(minutes=60)) == 0
