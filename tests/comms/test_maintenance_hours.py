"""When a window runs, as its readers are told: as it began and ended, and honestly where that is not as planned."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import feedparser  # type: ignore[import-untyped]
import icalendar
import pytest
from django.test import Client

from comms.choices import MaintenanceState
from comms.models import Maintenance, Message, StatusPage
from comms.services.maintenance import windows
from comms.services.snapshots import want
from tests import status_pages
from tests.comms import maintenance_kit as kit
from tests.comms import subscription_kit
from tests.status_pages import folder

__all__ = ["folder"]  # fixture
pytestmark = pytest.mark.django_db

DAY = datetime(2031, 3, 5, tzinfo=UTC)
PLANNED, UNTIL = DAY.replace(hour=10), DAY.replace(hour=12)
EARLY, ENDED = DAY.replace(hour=8, minute=52), DAY.replace(hour=11, minute=7)


@pytest.fixture
def window(cast: SimpleNamespace) -> Maintenance:
    made = kit.plan(by=cast.mia, now=DAY, start=PLANNED)
    StatusPage.objects.update(other_languages=["de", "fr", "es"])
    return made


@pytest.fixture
def shows(window: Maintenance) -> Callable[..., str]:
    """What an address of the page says to readers at a moment, without tags."""
    page = StatusPage.objects.get()

    def show(at: datetime, path: str = "") -> str:
        return " ".join(status_pages.text(status_pages.html(page, at=at, path=path)).split())

    return show


def begin(window: Maintenance, cast: SimpleNamespace, *, at: datetime = EARLY) -> Maintenance:
    return kit.move(window, MaintenanceState.IN_PROGRESS, by=cast.mia, now=at)


def end(window: Maintenance, cast: SimpleNamespace, *, at: datetime = ENDED) -> Maintenance:
    return kit.move(window, MaintenanceState.COMPLETED, by=cast.mia, now=at)


def test_one_that_was_begun_early_says_when_it_began(
    window: Maintenance, cast: SimpleNamespace, shows: Callable[..., str]
) -> None:
    assert "Planned Wed 5 Mar 2031, 10:00 (UTC+0) – 12:00 (UTC+0)" in shows(DAY)
    begin(window, cast)
    assert "Running since Wed 5 Mar 2031, 08:52 (UTC+0), planned end 12:00 (UTC+0)" in shows(EARLY)
    assert "seit Mi 5. März 2031, 08:52 (UTC+0), geplantes Ende 12:00 (UTC+0)" in shows(EARLY, "de/")
    assert "depuis le mer. 5 mars 2031, 08:52 (UTC+0), fin prévue 12:00 (UTC+0)" in shows(EARLY, "fr/")
    assert "desde el mié 5 mar 2031, 08:52 (UTC+0), fin previsto 12:00 (UTC+0)" in shows(EARLY, "es/")
    assert "10:00" not in shows(EARLY)


def test_one_that_ended_early_says_when_it_ended(
    window: Maintenance, cast: SimpleNamespace, shows: Callable[..., str]
) -> None:
    begin(window, cast)
    end(window, cast)
    for path in ("history/", "history/2031-03/"):
        assert "Wed 5 Mar 2031, 08:52 (UTC+0) – 11:07 (UTC+0)" in shows(ENDED, path)


def test_a_page_says_by_itself_that_a_window_runs_over_its_planned_end(
    window: Maintenance, cast: SimpleNamespace, shows: Callable[..., str]
) -> None:
    begin(window, cast)
    said = "The planned end was 12:00 (UTC+0). We have not reported that it ended."
    assert said not in shows(UNTIL)
    for minutes in (1, 90):
        assert said in shows(UNTIL + timedelta(minutes=minutes))
    assert "Das geplante Ende war 12:00 (UTC+0)." in shows(UNTIL + timedelta(minutes=1), "de/")
    end(window, cast, at=UNTIL + timedelta(minutes=30))
    assert "planned end" not in shows(UNTIL + timedelta(minutes=30))


def test_a_page_says_by_itself_that_a_window_has_not_begun(
    window: Maintenance, cast: SimpleNamespace, shows: Callable[..., str]
) -> None:
    said = "The planned start was 10:00 (UTC+0). We have not reported that it began."
    assert said not in shows(PLANNED)
    assert said in shows(PLANNED + timedelta(minutes=1))
    begin(window, cast, at=PLANNED + timedelta(minutes=5))
    assert said not in shows(PLANNED + timedelta(minutes=6))
    assert "since Wed 5 Mar 2031, 10:05 (UTC+0)" in shows(PLANNED + timedelta(minutes=6))


def test_only_windows_of_the_next_day_are_rendered_ahead_for(window: Maintenance, cast: SimpleNamespace) -> None:
    page = StatusPage.objects.get()
    week_before = DAY - timedelta(days=7)
    want(pages=[page.pk])
    status_pages.html(page, at=week_before)
    assert page.snapshots.filter(path="").count() == 1
    want(pages=[page.pk])
    status_pages.html(page, at=DAY)
    assert page.snapshots.filter(path="").count() == 2


def test_calendars_and_feeds_show_the_real_hours_and_clients_the_planned_ones(
    window: Maintenance, cast: SimpleNamespace
) -> None:
    page = StatusPage.objects.get()
    begin(window, cast)
    assert event(page, at=EARLY) == (EARLY, UNTIL)
    assert "Began Wed 5 Mar 2031, 08:52 (UTC+0), planned end Wed 5 Mar 2031, 12:00 (UTC+0)" in entry(page, at=EARLY)
    end(window, cast)
    assert event(page, at=ENDED) == (EARLY, ENDED)
    assert "Wed 5 Mar 2031, 08:52 (UTC+0) to Wed 5 Mar 2031, 11:07 (UTC+0)" in entry(page, at=ENDED)
    (told,) = json.loads(status_pages.html(page, at=ENDED, path="api/v2/scheduled-maintenances.json"))[
        "scheduled_maintenances"
    ]
    assert (told["scheduled_for"], told["scheduled_until"], told["resolved_at"]) == (
        "2031-03-05T10:00:00.000Z",
        "2031-03-05T12:00:00.000Z",
        "2031-03-05T11:07:00.000Z",
    )


def test_an_event_has_a_length_however_late_it_began(window: Maintenance, cast: SimpleNamespace) -> None:
    page, late = StatusPage.objects.get(), UNTIL + timedelta(hours=1)
    begin(window, cast, at=late)
    assert event(page, at=late) == (late, late + timedelta(minutes=1))


def test_a_cancelled_window_keeps_its_planned_hours(window: Maintenance, cast: SimpleNamespace) -> None:
    kit.move(window, MaintenanceState.CANCELLED, by=cast.mia, now=EARLY, body="It moves to next month.")
    assert event(StatusPage.objects.get(), at=EARLY) == (PLANNED, UNTIL)


def event(page: StatusPage, *, at: datetime) -> tuple[Any, Any]:
    raw = status_pages.html(page, at=at, path="maintenance.ics")
    (found,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    return found.decoded("dtstart"), found.decoded("dtend")


def entry(page: StatusPage, *, at: datetime) -> str:
    (found,) = feedparser.parse(status_pages.html(page, at=at, path="feed.atom").encode()).entries
    return str(found.summary)


def test_subscribers_read_when_it_began_and_ended(window: Maintenance, cast: SimpleNamespace) -> None:
    subscription_kit.subscriber(page=StatusPage.objects.get())
    begin(window, cast)
    windows.say(pk=window.pk, body="Half is done.", person=cast.mia, now=EARLY)
    end(window, cast)
    began, said, done = Message.objects.order_by("pk")
    for message in (began, said):
        assert "Began: Wed 5 Mar 2031, 08:52 (UTC+0)\nPlanned end: Wed 5 Mar 2031, 12:00 (UTC+0)\n" in message.text
    assert "Began: Wed 5 Mar 2031, 08:52 (UTC+0)\nEnded: Wed 5 Mar 2031, 11:07 (UTC+0)\n" in done.text
    for label in ("Began:", "Ended:"):
        assert label in done.html
    assert "10:00" not in began.html + done.html


def test_planners_read_the_real_hours_beside_the_planned_ones(
    window: Maintenance, cast: SimpleNamespace, client: Client
) -> None:
    begin(window, cast)
    Maintenance.objects.update(scheduled_until=EARLY + timedelta(hours=2))
    client.force_login(cast.mia)
    shown = " ".join(status_pages.text(client.get(f"/maintenance/{window.pk}/").content.decode()).split())
    assert "Running Wed 5 Mar, 08:52 (UTC+0) – Wed 5 Mar, 10:52 (UTC+0)" in shown
    assert "Planned Wed 5 Mar, 10:00 (UTC+0)" in shown
    Maintenance.objects.update(scheduled_for=PLANNED.replace(year=2020), scheduled_until=UNTIL.replace(year=2020))
    assert "Over its planned end" in client.get("/maintenance/").content.decode()
