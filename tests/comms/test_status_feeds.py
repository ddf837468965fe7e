"""Feeds and calendars of a status page, as feedparser and icalendar read them."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import feedparser  # type: ignore[import-untyped]
import icalendar
import pytest

from comms.choices import MaintenanceState
from comms.models import StatusPage
from comms.services.maintenance import windows
from comms.services.pages import pages
from mim_portal.lib import dbtime
from tests import status_pages
from tests.comms import maintenance_kit
from tests.status_pages import folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return dbtime.now()


def parsed(page: StatusPage, name: str, *, at: datetime) -> Any:
    found = feedparser.parse(status_pages.html(page, at=at, path=name).encode())
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("name", ["feed.atom", "feed.rss"])
def test_a_reader_of_feeds_gets_incidents_and_maintenance(
    payroll: SimpleNamespace, cast: SimpleNamespace, now: datetime, name: str
) -> None:
    tell(payroll, body="First.\nSecond & <third>.")
    window = maintenance_kit.plan(by=cast.mia, now=now, services=[payroll.incident.service.slug])
    feed = parsed(payroll.page, name, at=now)
    assert feed.feed.title == "Example status"
    maintenance, incident = feed.entries
    assert maintenance.title == "Planned maintenance: Payroll moves to new servers"
    assert "You cannot submit timesheets. Use the paper form." in maintenance.summary
    assert maintenance.link.endswith(f"/status/public/#maintenance-{window.pk}")
    assert incident.title == "Payroll: staff cannot submit timesheets"
    assert incident.link.endswith(f"/status/public/incidents/{payroll.incident.reference}/")
    assert "Second &amp; &lt;third&gt;." in incident.summary
    assert all(entry.id.startswith("tag:") for entry in feed.entries)


def test_ids_stay_while_things_are_said_and_when_the_page_is_renamed(
    payroll: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    tell(payroll)
    window = maintenance_kit.plan(by=cast.mia, now=now)
    before = [entry.id for entry in parsed(payroll.page, "feed.atom", at=now).entries]
    tell(payroll, minutes=5)
    windows.say(pk=window.pk, body="Bring tea.", person=cast.mia, now=now)
    for slug, to in (("public", "halden"), ("halden", "third"), ("third", "public")):
        pages.change(slug=slug, changes={"slug": to}, by=cast.ada, now=now)
        feed = parsed(payroll.page, "feed.atom", at=now)
        assert [entry.id for entry in feed.entries] == before
    assert "Bring tea." in feed.entries[0].summary


def test_a_cancelled_window_leaves_the_feed_and_stays_in_calendars(
    payroll: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    window = maintenance_kit.plan(by=cast.mia, now=now)
    maintenance_kit.move(window, MaintenanceState.CANCELLED, by=cast.mia, now=now, body="Not this week.")
    assert parsed(payroll.page, "feed.rss", at=now).entries == []
    calendar = icalendar.Calendar.from_ical(status_pages.html(payroll.page, at=now, path="maintenance.ics"))
    event: Any
    (event,) = calendar.walk("VEVENT")
    lasts = event.decoded("dtend") - event.decoded("dtstart")
    assert (str(event["status"]), lasts) == ("CANCELLED", timedelta(hours=2))


def test_what_xml_cannot_hold_leaves_the_feed_readable(payroll: SimpleNamespace, now: datetime) -> None:
    tell(payroll, body="a\x0bb ]]> \ufffe &amp; é 汉")
    assert "ab ]]&gt;" in parsed(payroll.page, "feed.atom", at=now).entries[0].summary
