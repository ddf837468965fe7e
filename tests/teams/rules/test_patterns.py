"""Recurring turns by the wall clock, across the nights in which clocks change, and where two zones meet."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from teams.rules import oncall, patterns
from teams.rules.oncall import Turn
from teams.rules.patterns import Line

EVERY_DAY = frozenset(range(7))
MIA, OMAR, KENJI = 1, 2, 3


def line(starts: str = "08:00", ends: str = "16:00", zone: str = "Europe/London", **fields: Any) -> Line:
    given: dict[str, Any] = {
        "person_id": MIA,
        "weekdays": EVERY_DAY,
        "starts": time.fromisoformat(starts),
        "ends": time.fromisoformat(ends),
        "time_zone": zone,
        "first_date": date(2026, 1, 5),
    }
    return Line(**(given | fields))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def written(one: Line, since: str, until: str) -> list[str]:
    """Each turn as 'day hh:mm-hh:mm' in UTC."""
    found = patterns.spans(one, since=utc(since), until=utc(until))
    return [f"{span.starts_at:%d %H:%M}-{span.ends_at:%H:%M}" for span in found]


def turns(*lines: Line, since: str, until: str) -> list[Turn]:
    return [
        Turn(person_id=one.person_id, starts_at=span.starts_at, ends_at=span.ends_at)
        for one in lines
        for span in patterns.spans(one, since=utc(since), until=utc(until))
    ]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        # London: UTC+0 until 29 March 2026 01:00 UTC, UTC+1 until 25 October 01:00 UTC.
        ("2026-03-28", "2026-03-31", ["28 08:00-16:00", "29 07:00-15:00", "30 07:00-15:00"]),
        ("2026-10-24", "2026-10-27", ["24 07:00-15:00", "25 08:00-16:00", "26 08:00-16:00"]),
    ],
)
def test_a_day_turn_keeps_its_place_on_the_wall(since: str, until: str, expected: list[str]) -> None:
    assert written(line(), since, until) == expected
    lengths = {span.ends_at - span.starts_at for span in patterns.spans(line(), since=utc(since), until=utc(until))}
    assert lengths == {timedelta(hours=8)} == {patterns.wall_hours(line())}


@pytest.mark.parametrize(
    ("night", "hours"),
    [("2026-03-27", 8), ("2026-03-28", 7), ("2026-03-29", 8), ("2026-10-24", 9), ("2026-10-25", 8)],
)
def test_a_night_turn_across_the_change_is_an_hour_shorter_or_longer(night: str, hours: int) -> None:
    one = line("22:00", "06:00", first_date=date.fromisoformat(night), last_date=date.fromisoformat(night))
    (span,) = patterns.spans(one, since=utc("2026-01-01"), until=utc("2027-01-01"))
    assert span.ends_at - span.starts_at == timedelta(hours=hours)
    assert patterns.wall_hours(one) == timedelta(hours=8)


@pytest.mark.parametrize(
    ("starts", "ends", "day", "expected"),
    [
        ("01:30", "09:00", "2026-03-29", ["29 01:30-08:00"]),  # 01:30 is skipped: what was 01:30 before, 02:30 now
        ("20:00", "01:30", "2026-03-28", ["28 20:00-01:30"]),
        ("01:30", "09:00", "2026-10-25", ["25 00:30-09:00"]),  # 01:30 comes twice: the first
        ("20:00", "01:30", "2026-10-24", ["24 19:00-00:30"]),
        ("01:30", "02:15", "2026-03-29", []),  # nothing of it is left
        ("08:00", "08:00", "2026-06-01", ["01 07:00-07:00"]),  # once round the clock
        ("00:00", "00:00", "2026-03-29", ["29 00:00-23:00"]),  # a day of 23 hours
    ],
)
def test_times_that_are_skipped_or_come_twice(starts: str, ends: str, day: str, expected: list[str]) -> None:
    one = line(starts, ends, first_date=date.fromisoformat(day), last_date=date.fromisoformat(day))
    assert written(one, "2026-01-01", "2027-01-01") == expected


@pytest.mark.parametrize("since", ["2026-03-25", "2026-10-21"])
@pytest.mark.parametrize("meets", ["01:00", "01:30", "02:00", "08:00"])
def test_two_lines_that_meet_on_one_wall_always_meet(since: str, meets: str) -> None:
    until = str(date.fromisoformat(since) + timedelta(days=8))
    both = turns(
        line(meets, "13:00", first_date=date(2026, 1, 5)),
        line("13:00", meets, person_id=OMAR),
        since=since,
        until=until,
    )
    cover = oncall.stretches(turns=both, since=utc(since), until=utc(until))
    assert oncall.gaps(cover) == ()
    assert oncall.overlaps(cover) == ()


def test_follow_the_sun_has_a_gap_while_only_one_side_has_changed_its_clocks() -> None:
    """London and New York meet at 16:00 and 11:00; New York changes on 8 March, London on 29 March."""
    london = line("08:00", "16:00")
    york = line("11:00", "03:00", "America/New_York", person_id=OMAR)
    since, until = "2026-03-06T12:00", "2026-03-31T12:00"
    cover = oncall.stretches(turns=turns(london, york, since=since, until=until), since=utc(since), until=utc(until))
    gaps = oncall.gaps(cover)
    assert {gap.ends_at - gap.starts_at for gap in gaps} == {timedelta(hours=1)}
    assert [f"{gap.starts_at:%d %b %H:%M}" for gap in (gaps[0], gaps[-1])] == ["08 Mar 07:00", "28 Mar 07:00"]
    assert len(gaps) == 21
    twice = oncall.overlaps(cover)
    assert {(f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}") for one in twice} == {("15:00", "16:00")}
    assert (f"{twice[0].starts_at:%d %b}", f"{twice[-1].starts_at:%d %b}") == ("08 Mar", "28 Mar")


def test_three_regions_without_clock_changes_never_leave_a_gap() -> None:
    lines = (
        line("09:00", "17:00", "Asia/Tokyo", person_id=KENJI),
        line("12:00", "20:00", "Asia/Dubai", person_id=OMAR),
        line("13:00", "21:00", "America/Bogota"),
    )
    since, until = "2026-02-01", "2027-02-01"
    gone = list(oncall.gaps(_cover(lines, since, until)))
    # Tokyo 00-08, Dubai 08-16, Bogota 18-02 UTC: nobody from 16 to 18, on every day of the year alike.
    assert {(f"{gap.starts_at:%H:%M}", f"{gap.ends_at:%H:%M}") for gap in gone} == {("16:00", "18:00")}
    assert len(gone) == 365


def _cover(lines: tuple[Line, ...], since: str, until: str) -> tuple[oncall.Stretch, ...]:
    return oncall.stretches(turns=turns(*lines, since=since, until=until), since=utc(since), until=utc(until))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"weekdays": frozenset({0, 4})}, ["05", "09", "12", "16"]),
        ({"weekdays": frozenset({0}), "every_weeks": 2}, ["05"]),
        ({"weekdays": frozenset({6}), "every_weeks": 2, "first_date": date(2026, 1, 7)}, ["11"]),
        ({"weekdays": frozenset({2}), "first_date": date(2026, 1, 8)}, ["14"]),
        ({"weekdays": EVERY_DAY, "last_date": date(2026, 1, 6)}, ["05", "06"]),
        ({"weekdays": EVERY_DAY, "first_date": date(2026, 2, 1)}, []),
    ],
)
def test_which_days(fields: dict[str, Any], expected: list[str]) -> None:
    found = patterns.spans(line(**fields), since=utc("2026-01-05"), until=utc("2026-01-18T23:00"))
    assert [f"{span.starts_at:%d}" for span in found] == expected


def test_a_turn_that_is_going_on_is_part_of_the_time() -> None:
    night = line("22:00", "06:00")
    assert written(night, "2026-01-10T05:59", "2026-01-10T06:00") == ["09 22:00-06:00"]
    assert written(night, "2026-01-10T06:00", "2026-01-10T22:00") == []
    assert written(night, "2026-01-10T06:00", "2026-01-10T22:01") == ["10 22:00-06:00"]
