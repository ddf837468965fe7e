"""Planned windows: steps, the clock, series across clock changes, and what is no downtime."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comms.choices import MaintenanceState, Repeat
from comms.rules import maintenance
from comms.rules.maintenance import Series
from teams.rules.fields import Unusable

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 12, 1, 2, tzinfo=UTC)
END = START + timedelta(hours=2)
EARLY, LATE = START - timedelta(minutes=70), END + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("hours_ahead", "reminded"),
    [(48, [24, 1]), (24.1, [24, 1]), (24, [1]), (3, [1]), (1, []), (0.5, []), (-1, [])],
)
def test_subscribers_are_reminded_a_day_and_an_hour_before(hours_ahead: float, reminded: list[int]) -> None:
    now = START - timedelta(hours=hours_ahead)
    assert maintenance.reminders(scheduled_for=START, minutes=maintenance.REMINDED, now=now) == {
        hours * 60: START - timedelta(hours=hours) for hours in reminded
    }


def test_a_planner_chooses_when() -> None:
    assert maintenance.remind_before([15, 60, 15, 20160]) == [20160, 60, 15]
    assert maintenance.remind_before([]) == []
    for wrong in ([0], [-5], [20161], range(1, 8)):
        with pytest.raises(Unusable, match="Remind"):
            maintenance.remind_before(wrong)


@pytest.mark.parametrize(
    ("state", "following"),
    [
        ("scheduled", {"in_progress", "cancelled"}),
        ("in_progress", {"verifying", "completed"}),
        ("verifying", {"in_progress", "completed"}),
        ("completed", set()),
        ("cancelled", set()),
    ],
)
def test_what_has_begun_is_finished_and_what_has_not_is_cancelled(state: str, following: set[str]) -> None:
    assert set(maintenance.following_states(state)) == following


@pytest.mark.parametrize(
    ("state", "is_automatic", "at"),
    [
        ("scheduled", True, START),
        ("in_progress", True, END),
        ("verifying", True, None),
        ("completed", True, None),
        ("cancelled", True, None),
        ("scheduled", False, None),
        ("in_progress", False, None),
    ],
)
def test_when_the_clock_acts(state: str, is_automatic: bool, at: datetime | None) -> None:
    found = maintenance.next_action_at(state=state, is_automatic=is_automatic, scheduled_for=START, scheduled_until=END)
    assert found == at


@pytest.mark.parametrize(
    ("until", "now", "says"),
    [
        (START, START, "ends after it begins"),
        (START - timedelta(hours=1), START - timedelta(days=1), "ends after it begins"),
        (START + timedelta(days=15), START, "at most 14 days"),
        (END, END, "over already"),
        (END, END - timedelta(seconds=1), ""),
        (START + timedelta(days=14), START, ""),
    ],
)
def test_a_window_that_cannot_be_announced_says_why(until: datetime, now: datetime, says: str) -> None:
    found = maintenance.wrong_window(scheduled_for=START, scheduled_until=until, now=now)
    assert (says in found[1] and found[0] == "scheduled_until") if found else says == ""


def shown(series: Series, *, days: int = 400, most: int = 4) -> list[str]:
    found = maintenance.occurrences(
        series, after=series.first_at, before=series.first_at + timedelta(days=days), most=most
    )
    return [f"{at.astimezone(series.zone):%a %d %b %H:%M}" for at in found]


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        (Repeat.WEEKLY, ["Sun 20 Dec 02:00", "Sun 27 Dec 02:00", "Sun 03 Jan 02:00", "Sun 10 Jan 02:00"]),
        (Repeat.FORTNIGHTLY, ["Sun 27 Dec 02:00", "Sun 10 Jan 02:00", "Sun 24 Jan 02:00", "Sun 07 Feb 02:00"]),
        (Repeat.FOUR_WEEKLY, ["Sun 10 Jan 02:00", "Sun 07 Feb 02:00", "Sun 07 Mar 02:00", "Sun 04 Apr 02:00"]),
        (Repeat.MONTHLY_BY_DAY, ["Wed 13 Jan 02:00", "Sat 13 Feb 02:00", "Sat 13 Mar 02:00", "Tue 13 Apr 02:00"]),
        (Repeat.MONTHLY_BY_WEEKDAY, ["Sun 10 Jan 02:00", "Sun 14 Feb 02:00", "Sun 14 Mar 02:00", "Sun 11 Apr 02:00"]),
    ],
)
def test_a_series_falls_on(repeat: Repeat, expected: list[str]) -> None:
    """The first is the second Sunday of December 2026."""
    first = datetime(2026, 12, 13, 2, tzinfo=UTC)
    assert shown(Series(repeat=repeat, first_at=first, zone=LONDON)) == expected


def test_a_month_without_the_day_has_none() -> None:
    series = Series(repeat=Repeat.MONTHLY_BY_DAY, first_at=datetime(2027, 1, 31, 3, tzinfo=UTC), zone=LONDON)
    assert shown(series, most=2) == ["Wed 31 Mar 03:00", "Mon 31 May 03:00"]


def test_two_in_the_morning_stays_two_when_the_clocks_change() -> None:
    series = Series(repeat=Repeat.WEEKLY, first_at=datetime(2026, 10, 18, 1, tzinfo=UTC), zone=LONDON)  # 02:00 BST
    found = maintenance.occurrences(series, after=series.first_at, before=series.first_at + timedelta(days=8))
    assert found == [datetime(2026, 10, 25, 2, tzinfo=UTC)]  # 02:00 GMT


def test_a_time_that_the_clocks_leave_out_comes_an_hour_later_and_one_shown_twice_is_the_first() -> None:
    skipped = Series(repeat=Repeat.WEEKLY, first_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC), zone=LONDON)
    assert shown(skipped, most=2) == ["Sun 28 Mar 02:30", "Sun 04 Apr 01:30"]
    twice = Series(repeat=Repeat.WEEKLY, first_at=datetime(2026, 10, 18, 0, 30, tzinfo=UTC), zone=LONDON)
    (at,) = maintenance.occurrences(twice, after=twice.first_at, before=twice.first_at + timedelta(days=8))
    assert at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_series_ends_with_its_last_day_and_is_not_seen_beyond_the_horizon() -> None:
    series = Series(repeat=Repeat.WEEKLY, first_at=START, zone=LONDON, until=date(2026, 12, 15))
    assert shown(series) == ["Tue 08 Dec 02:00", "Tue 15 Dec 02:00"]
    assert shown(Series(repeat=Repeat.WEEKLY, first_at=START, zone=LONDON), days=10) == ["Tue 08 Dec 02:00"]


def test_only_windows_after_the_last_one_announced() -> None:
    series = Series(repeat=Repeat.WEEKLY, first_at=START, zone=LONDON)
    found = maintenance.occurrences(series, after=START + timedelta(days=7), before=START + timedelta(days=15))
    assert found == [START + timedelta(days=14)]


def test_the_states_are_those_of_statuspage() -> None:
    """Its clients compare the words."""
    assert {"scheduled", "in_progress", "verifying", "completed"} == set(MaintenanceState.values) - {"cancelled"}


@pytest.mark.parametrize(
    ("state", "started_at", "ended_at", "hours"),
    [
        ("scheduled", None, None, (START, END)),
        ("in_progress", EARLY, None, (EARLY, END)),
        ("completed", EARLY, LATE, (EARLY, LATE)),
        ("cancelled", None, EARLY, (START, END)),
    ],
)
def test_hours_are_those_that_it_ran_as_far_as_it_ran(
    state: str, started_at: datetime | None, ended_at: datetime | None, hours: tuple[datetime, datetime]
) -> None:
    found = maintenance.hours(
        state=state, scheduled_for=START, scheduled_until=END, started_at=started_at, ended_at=ended_at
    )
    assert found == hours


@pytest.mark.parametrize(
    ("state", "at"),
    [("scheduled", START), ("in_progress", END), ("verifying", END), ("completed", None), ("cancelled", None)],
)
def test_what_is_open_has_a_step_that_is_planned(state: str, at: datetime | None) -> None:
    assert maintenance.next_step_at(state=state, scheduled_for=START, scheduled_until=END) == at
