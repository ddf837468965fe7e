"""A series as its readers know it: on one card, in one letter, each window on its own as soon as it differs."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import icalendar
import pytest

from comms.choices import MaintenanceState
from comms.models import Maintenance, Message, StatusPage
from comms.services.maintenance import series, windows
from mim_portal.lib.refusals import Invalid
from tests import status_pages
from tests.comms import maintenance_kit as kit
from tests.comms import subscription_kit
from tests.status_pages import folder

__all__ = ["folder"]  # fixture
pytestmark = pytest.mark.django_db

NOW = datetime(2031, 3, 16, 12, tzinfo=UTC)
FIRST = datetime(2031, 3, 18, 2, tzinfo=UTC)  # a Tuesday; the clocks of London change on the 30th


@pytest.fixture
def rows(cast: SimpleNamespace) -> list[Maintenance]:
    """Four Tuesdays at 02:00 of London."""
    page = kit.shown_page()
    StatusPage.objects.update(time_zone="Europe/London", other_languages=["de"])
    subscription_kit.subscriber(page=page)
    kit.plan(by=cast.mia, now=NOW, start=FIRST, repeat="weekly")
    return list(Maintenance.objects.order_by("scheduled_for"))


def shown(at: datetime, path: str = "") -> str:
    return " ".join(status_pages.text(status_pages.html(StatusPage.objects.get(), at=at, path=path)).split())


def test_windows_that_repeat_stand_on_one_card_by_the_clock_on_the_wall(rows: list[Maintenance]) -> None:
    html = status_pages.html(StatusPage.objects.get(), at=NOW)
    assert html.count("<h3 id=") == 1
    assert all(f'id="maintenance-{row.pk}"' in html for row in rows)
    assert "Planned Tue 18 Mar 2031, 02:00 (UTC+0) – 04:00 (UTC+0)" in shown(NOW)
    said = "Tue 25 Mar 2031, 02:00 (UTC+0) – 04:00 (UTC+0) Tue 1 Apr 2031, 02:00 (UTC+1) – 04:00 (UTC+1)"
    assert f"Every week {said}" in shown(NOW)
    assert "Jede Woche Di 25. März 2031" in shown(NOW, "de/")


def test_calendars_and_clients_have_each_of_them(rows: list[Maintenance]) -> None:
    page = StatusPage.objects.get()
    events = icalendar.Calendar.from_ical(status_pages.html(page, at=NOW, path="maintenance.ics")).walk("VEVENT")
    london = ZoneInfo("Europe/London")
    assert {each.decoded("dtstart").astimezone(london).hour for each in events} == {2}
    assert len({str(each["uid"]) for each in events}) == 4
    body = json.loads(status_pages.html(page, at=NOW, path="api/v2/scheduled-maintenances/upcoming.json"))
    assert [each["scheduled_for"] for each in body["scheduled_maintenances"]][2:] == [
        "2031-04-01T01:00:00.000Z",
        "2031-04-08T01:00:00.000Z",
    ]


def test_one_that_differs_has_a_card_of_its_own_and_one_that_is_cancelled_none(
    rows: list[Maintenance], cast: SimpleNamespace
) -> None:
    later = {"scheduled_until": rows[1].scheduled_until + timedelta(hours=1)}
    windows.change(pk=rows[1].pk, values=later, person=cast.mia, now=NOW)
    kit.move(rows[2], MaintenanceState.CANCELLED, by=cast.mia, now=NOW, body="Not on this day.")
    html = status_pages.html(StatusPage.objects.get(), at=NOW)
    assert html.count("<h3 id=") == 2
    assert "Every week Tue 8 Apr 2031" in shown(NOW)
    assert f"maintenance-{rows[2].pk}" not in html


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_next_one_follows_when_one_is_over(rows: list[Maintenance], cast: SimpleNamespace, by_hand: bool) -> None:
    for to, at in ((MaintenanceState.IN_PROGRESS, FIRST), (MaintenanceState.COMPLETED, FIRST + timedelta(hours=1))):
        if by_hand:
            kit.move(rows[0], to, by=cast.mia, now=at)
        else:
            Maintenance.objects.filter(pk=rows[0].pk).update(next_action_at=NOW.replace(year=2020))
            assert windows.run_due() == 1
    after = FIRST + timedelta(hours=2)
    assert series.extend_all(now=after) == 1
    assert "Planned Tue 25 Mar 2031, 02:00 (UTC+0)" in shown(after)
    assert "Tue 15 Apr 2031, 02:00 (UTC+1)" in shown(after)


def test_a_series_is_announced_as_one_and_cancelled_in_one_letter(
    rows: list[Maintenance], cast: SimpleNamespace
) -> None:
    (announced,) = Message.objects.all()
    assert "\nComes back: Every week\n" in announced.text
    assert "Every week" in announced.html
    kit.move(rows[0], MaintenanceState.CANCELLED, by=cast.mia, now=NOW, body="Not this time.")
    assert series.end(pk=rows[0].series_id or 0, body="We are done with this.", person=cast.mia, now=NOW) == 3
    _announced, one, rest = Message.objects.order_by("pk")
    assert one.subject == "Maintenance will not take place: Payroll moves to new servers"
    assert "From: Tue 18 Mar 2031, 02:00 (UTC+0)\n" in one.text
    assert rest.subject == "Maintenance will not take place any more: Payroll moves to new servers"
    assert rest.text.count("\nCancelled: ") == 3
    assert "\nCancelled: Tue 1 Apr 2031, 02:00 (UTC+1)\n" in rest.text
    assert "Tue 8 Apr 2031" in rest.html
    assert "From:" not in rest.text


def test_windows_of_other_readers_are_cancelled_in_letters_of_their_own(
    rows: list[Maintenance], cast: SimpleNamespace
) -> None:
    windows.change(pk=rows[3].pk, values={"services": ["mail"]}, person=cast.mia, now=NOW)
    before = Message.objects.count()
    series.end(pk=rows[0].series_id or 0, body="We are done with this.", person=cast.mia, now=NOW)
    letters = [message.text.count("\nCancelled: ") for message in Message.objects.order_by("pk")[before:]]
    assert letters == [3, 1]


def test_the_last_day_is_a_day_of_the_planners_zone(cast: SimpleNamespace) -> None:
    """23:30 of the 5th in New York is the 6th in UTC."""
    kit.shown_page()
    values = kit.values(start=datetime(2031, 3, 6, 4, 30, tzinfo=UTC))

    def plan(until: date) -> None:
        series.plan(
            values=values,
            repeat="weekly",
            until=until,
            time_zone="America/New_York",
            person=cast.mia,
            now=datetime(2031, 3, 1, tzinfo=UTC),
        )

    with pytest.raises(Invalid, match="before the first window"):
        plan(date(2031, 3, 4))
    plan(date(2031, 3, 5))
    assert Maintenance.objects.count() == 1
