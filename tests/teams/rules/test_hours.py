"""Whether a team is at work: by the clock on its wall, across the changes of clocks, and on holidays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from teams.choices import CallHours
from teams.rules import hours
from teams.rules.hours import Hours

LONDON = Hours(zone="Europe/London")
CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day (substitute)"}
NIGHT = Hours(zone="Europe/London", weekdays=frozenset({3, 4}), starts=time(22), ends=time(6), holidays=CHRISTMAS)
AROUND = Hours(zone="UTC", weekdays=frozenset(range(7)), starts=time(0), ends=time(0), holidays=CHRISTMAS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_in"),
    [
        ("2026-03-27 08:00", True),  # Friday before the clocks go forward: 08:00 there
        ("2026-03-27 07:59", False),
        ("2026-03-29 09:00", False),  # the Sunday of the change
        ("2026-03-30 07:00", True),  # Monday after it: 08:00 there
        ("2026-03-30 06:59", False),
        ("2026-03-30 16:59", True),
        ("2026-03-30 17:00", False),
        ("2026-10-23 16:59", True),  # Friday before they go back
        ("2026-10-26 07:59", False),  # Monday after
        ("2026-10-26 08:00", True),
        ("2026-10-26 17:59", True),
    ],
)
def test_hours_keep_their_place_on_the_wall(moment: str, is_in: bool) -> None:
    assert hours.is_in(LONDON, at=at(moment)) is is_in


@pytest.mark.parametrize(
    ("zone", "moment", "is_in"),
    [
        ("America/Los_Angeles", "2026-11-23 15:59", False),
        ("America/Los_Angeles", "2026-11-23 16:00", True),
        ("Asia/Kolkata", "2026-11-23 02:29", False),
        ("Asia/Kolkata", "2026-11-23 02:30", True),
        ("Australia/Lord_Howe", "2026-10-04 21:00", True),  # half an hour of change, on a Monday there
        ("Pacific/Auckland", "2026-11-22 19:00", True),  # Monday there, Sunday in London
    ],
)
def test_hours_are_of_the_teams_own_zone(zone: str, moment: str, is_in: bool) -> None:
    assert hours.is_in(Hours(zone=zone), at=at(moment)) is is_in


@pytest.mark.parametrize(
    ("given", "moment", "is_in", "holiday", "until"),
    [
        # Thursday before Christmas, Christmas itself, and the weekend with a day in lieu after it.
        (CHRISTMAS, "2026-12-24 12:00", True, "", "2026-12-24 18:00"),
        (CHRISTMAS, "2026-12-24 20:00", False, "", "2026-12-29 08:00"),
        (CHRISTMAS, "2026-12-25 12:00", False, "Christmas Day", "2026-12-29 08:00"),
        (CHRISTMAS, "2026-12-28 12:00", False, "Boxing Day (substitute)", "2026-12-29 08:00"),
        (CHRISTMAS, "2026-12-29 08:00", True, "", "2026-12-29 18:00"),
        ({date(2026, 3, 30): "Founders’ Day"}, "2026-03-30 11:30", False, "Founders’ Day", "2026-03-31 07:00"),
    ],
)
def test_a_holiday_is_out_of_hours(given: dict[date, str], moment: str, is_in: bool, holiday: str, until: str) -> None:
    found = hours.state(Hours(zone="Europe/London", holidays=given), at=at(moment))
    assert (found.is_in, found.holiday, found.until) == (is_in, holiday, at(until))


def test_the_holiday_is_that_of_the_day_where_the_team_is() -> None:
    tokyo = Hours(zone="Asia/Tokyo", holidays={date(2026, 11, 23): "Labour Thanksgiving Day"})
    assert hours.state(tokyo, at=at("2026-11-22 23:30")).holiday == "Labour Thanksgiving Day"
    assert hours.state(tokyo, at=at("2026-11-23 23:30")) == hours.State(
        is_in=True, holiday="", until=at("2026-11-24 09:00")
    )


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    assert hours.is_in(NIGHT, at=at("2026-12-25 03:00"))  # the night from the 24th
    assert not hours.is_in(NIGHT, at=at("2026-12-25 23:00"))
    assert not hours.is_in(NIGHT, at=at("2026-12-26 03:00"))  # what would be left of Christmas


def test_a_team_around_the_clock_pauses_on_holidays_alone() -> None:
    assert hours.state(AROUND, at=at("2026-12-24 12:00")).until == at("2026-12-25 00:00")
    assert not hours.is_in(AROUND, at=at("2026-12-25 12:00"))
    assert hours.state(AROUND, at=at("2026-06-01 12:00")).until is None


def test_where_nothing_changes_within_a_month_no_time_is_told() -> None:
    shut = {date(2026, 7, 1) + timedelta(days=number): "Summer" for number in range(60)}
    assert hours.state(Hours(holidays=shut), at=at("2026-07-01 12:00")).until is None


@pytest.mark.parametrize(
    ("when", "in_hours", "outside"),
    [(CallHours.ALWAYS, True, True), (CallHours.IN_HOURS, True, False), (CallHours.OUT_OF_HOURS, False, True)],
)
def test_which_ways_are_used(when: str, in_hours: bool, outside: bool) -> None:
    assert (hours.is_used(when, is_in=True), hours.is_used(when, is_in=False)) == (in_hours, outside)


def test_ways_keep_their_order() -> None:
    ways = [("phone", CallHours.OUT_OF_HOURS), ("mail", CallHours.ALWAYS), ("chat", CallHours.IN_HOURS)]
    assert hours.used(ways, is_in=True) == ["mail", "chat"]
    assert hours.used(ways, is_in=False) == ["phone", "mail"]
