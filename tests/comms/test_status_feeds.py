"""Feeds and calendars of a status page, as feedparser and icalendar read them."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import feedparser  # type: ignore[import-untyped]
import icalendar
import pytest
from django.test import Client

from comms.choices import MaintenanceState
from comms.models import StatusPage
from comms.services.maintenance import windows
from comms.services.pages import pages
from mim_portal.lib import dbtime
from tests import factories, status_pages
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


def links_of(page: StatusPage, *, at: datetime) -> list[str]:
    """Where the page of feeds leads, below the status page."""
    found = re.findall(r'href="/status/public/((?:groups|services)/[0-9a-z]+/feed[.](?:atom|rss))"', html(page, at=at))
    return list(dict.fromkeys(found))


def html(page: StatusPage, *, at: datetime) -> str:
    return status_pages.html(page, at=at, path="feeds/")


def test_each_group_and_service_has_feeds_of_its_own(
    payroll: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    """With the ids that the page's own feed has, so that a reader of both sees a thing once."""
    first, second = payroll.page.components.order_by("position")
    window = maintenance_kit.plan(by=cast.mia, now=now, services=[second.service.slug])
    payroll.page.components.exclude(pk__in=[first.pk, second.pk]).delete()  # the kit's own
    payroll.page.components.filter(pk=first.pk).update(group="Money")
    payroll.page.components.filter(pk=second.pk).update(group="Office <&>")
    tell(payroll)
    whole = {entry.id for entry in parsed(payroll.page, "feed.atom", at=now).entries}
    found = {path: parsed(payroll.page, path, at=now) for path in links_of(payroll.page, at=now)}
    heads = [feed.feed.title.removeprefix("Example status: ") for feed in found.values()]
    assert heads == [name for name in ("Money", "Office <&>", "Payroll", "Mail") for _kind in ("atom", "rss")]
    told = [
        [entry.link.rpartition("/")[0][-12:] + entry.link.rpartition("/")[2] for entry in feed.entries]
        for feed in found.values()
    ]
    money, office = told[0], told[2]
    assert [len(money), len(office)] == [1, 1]
    assert office[0].endswith(f"#maintenance-{window.pk}")
    assert told == [money, money, office, office, money, money, office, office]
    assert {entry.id for feed in found.values() for entry in feed.entries} == whole
    atoms = [feed.feed.id for path, feed in found.items() if path.endswith("atom")]
    assert len(set(atoms)) == len(atoms) == 4
    assert all(feed_id.startswith("tag:") for feed_id in atoms)


def test_the_feed_of_a_service_stays_the_same_while_others_are_told_of(payroll: SimpleNamespace, now: datetime) -> None:
    status_pages.component(of=payroll.page, service=factories.service(slug="mail", name="Mail"))
    tell(payroll)
    *_others, mail = [path for path in links_of(payroll.page, at=now) if path.endswith("atom")]
    before = status_pages.html(payroll.page, at=now, path=mail)
    tell(payroll, minutes=5, body="More of it.")
    assert status_pages.html(payroll.page, at=now, path=mail) == before
    assert "More of it." not in before


def test_the_pages_of_feeds_are_linked(payroll: SimpleNamespace, now: datetime) -> None:
    tell(payroll)
    assert "/status/public/feeds/" in status_pages.html(payroll.page, at=now)
    assert "/status/public/feeds/" in Client().get("/subscribe/public/").content.decode()
