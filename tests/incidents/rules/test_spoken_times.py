"""Moments as people type them: the day stands beside its time, and what could mean two moments is not guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.rules import spoken_times

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


def read(words: str, *, now: datetime = NOON, zone: str = "UTC") -> str:
    """Day and clock in UTC, or nothing."""
    found = spoken_times.read(words, now=now, tz=ZoneInfo(zone))
    return f"{found.at:%m-%d %H:%M}" if found else ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("yesterday 09:10", "11-22 09:10"),
        ("since yesterday at around 9:10 am", "11-22 09:10"),
        ("yesterday, 09:10, first call", "11-22 09:10"),
        ("yesterday evening 9:10", "11-22 21:10"),
        ("09:10 yesterday", "11-22 09:10"),
        ("09:10 (UTC+0) yesterday", "11-22 09:10"),
        ("the day before yesterday 14:00", "11-21 14:00"),
        ("today 09:10", "11-23 09:10"),
        ("today 14:10", "11-23 14:10"),  # still to come, and said so
        ("tomorrow 09:00", "11-24 09:00"),
        ("this morning at 8:30", "11-23 08:30"),
        ("last night 23:00", "11-22 23:00"),
        ("last night 11:30", "11-22 23:30"),
        ("last night at 1:30", "11-23 01:30"),
    ],
)
def test_days_in_words(words: str, expected: str) -> None:
    assert read(words) == expected


@pytest.mark.parametrize(
    ("words", "now", "expected"),
    [
        ("tonight 9:10", "2026-11-23T22:00", "11-23 21:10"),
        ("tonight 23:50", "2026-11-24T00:10", "11-23 23:50"),
        ("tonight 23:50", "2026-11-23T22:00", "11-23 23:50"),
        ("2:10 in the afternoon", "2026-11-23T16:00", "11-23 14:10"),
        ("in the morning 09:10", "2026-11-23T16:00", "11-23 09:10"),
        ("12:20 at night", "2026-11-23T16:00", "11-23 12:20"),
    ],
)
def test_parts_of_a_day(words: str, now: str, expected: str) -> None:
    assert read(words, now=datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("9:10 am", "11-23 09:10"),
        ("2:10 pm", "11-22 14:10"),  # not that late yet today
        ("2.10 p.m., first call", "11-22 14:10"),
        ("12:05 am", "11-23 00:05"),
        ("9 am", "11-23 09:00"),
        ("14:10 pm", "11-22 14:10"),
        ("yesterday 3pm", "11-22 15:00"),
        ("09:10:30", "11-23 09:10"),
        ("9", ""),
    ],
)
def test_halves_of_a_day(words: str, expected: str) -> None:
    assert read(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Friday 20:10", "11-20 20:10"),
        ("on Fri., 20:10", "11-20 20:10"),
        ("20:10 on Friday", "11-20 20:10"),
        ("Friday evening 8:10", "11-20 20:10"),
        ("Monday 09:10", "11-23 09:10"),
        ("Monday 14:00", "11-16 14:00"),
        ("last Monday 09:10", "11-16 09:10"),
        ("next Monday 09:10", ""),
    ],
)
def test_weekdays_are_the_last_ones(words: str, expected: str) -> None:
    assert read(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Fri 20 Nov, 20:10 (UTC+0)", "11-20 20:10"),
        ("20th of November 20:10", "11-20 20:10"),
        ("Nov 20 at 20:10", "11-20 20:10"),
        ("20:10 on November 20, 2026", "11-20 20:10"),
        ("24 Dec 20:10", "12-24 20:10"),
        ("2026-11-21 09:10, first seen", "11-21 09:10"),
        ("2026-11-21T09:10 (UTC+0)", "11-21 09:10"),
        ("20.11. 09:10", "11-20 09:10"),
        ("since 20.11.2026, 09:10", "11-20 09:10"),
        ("20.11.26 at 9:10 pm", "11-20 21:10"),
        ("20/11 09:10", "11-20 09:10"),
        ("11/20 09:10", "11-20 09:10"),
        ("11/11 09:10", "11-11 09:10"),
        ("11/10 09:10", ""),  # a day of October or of November
        ("31/40 09:10", ""),
        ("30 Feb 09:10", ""),
        ("2026-02-30 09:10", ""),
        ("9999-12-31 23:59 (UTC-12)", ""),
    ],
)
def test_dates(words: str, expected: str) -> None:
    assert read(words) == expected


def test_a_date_without_its_year_is_the_nearest() -> None:
    found = spoken_times.read("30 Dec 20:10", now=datetime(2027, 1, 2, tzinfo=UTC), tz=UTC)
    assert found is not None
    assert found.at == datetime(2026, 12, 30, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("09:10, release yesterday", "11-23 09:10"),
        ("09:10, last worked yesterday 18:00", "11-23 09:10"),
        ("09:10 yesterday's release", "11-23 09:10"),
        ("no errors yesterday, 09:10 first call", "11-23 09:10"),
        ("last worked yesterday 18:00, fails since 09:10", "11-23 09:10"),
        ("worked at 08:50, not any more at 09:10", "11-23 09:10"),
        ("stopped working at 09:10", "11-23 09:10"),
        ("it worked until 09:10", "11-23 09:10"),
        ("last worked yesterday 18:00", ""),
        ("monitoring 09:10", "11-23 09:10"),
    ],
)
def test_what_stands_elsewhere_is_about_something_else(words: str, expected: str) -> None:
    assert read(words) == expected


@pytest.mark.parametrize(
    ("words", "zone", "expected"),
    [
        ("10:10 CET", "UTC", "11-23 09:10"),
        ("10:10 (CET) yesterday", "UTC", "11-22 09:10"),
        ("09:10 GMT", "Asia/Kolkata", "11-23 09:10"),
        ("14:40 (UTC+5:30)", "UTC", "11-23 09:10"),
        ("14:40 IST", "Asia/Kolkata", "11-23 09:10"),
        ("14:40 IST", "Europe/Dublin", ""),  # in November it is no time of Dublin
        ("04:10 EST", "America/New_York", "11-23 09:10"),
        ("04:10 EST", "UTC", ""),
        ("10:00 (UTC+15)", "UTC", ""),
    ],
)
def test_zones(words: str, zone: str, expected: str) -> None:
    assert read(words, zone=zone) == expected


def test_what_named_the_day_is_known() -> None:
    days = {
        words: found.day if (found := spoken_times.read(words, now=NOON, tz=UTC)) else None
        for words in ("09:10", "Friday 09:10", "yesterday 09:10", "last night 23:00", "in the morning 09:10")
    }
    assert list(days.values()) == ["", "weekday", "date", "date", ""]


def test_a_time_that_the_clocks_skipped_is_known() -> None:
    now, dublin = datetime(2026, 3, 29, 14, 0, tzinfo=UTC), ZoneInfo("Europe/Dublin")
    for words, is_skipped in {"01:30": True, "today 1:30 am": True, "02:30": False, "1:30 pm": False}.items():
        found = spoken_times.read(words, now=now, tz=dublin)
        assert found is not None
        assert found.is_skipped is is_skipped, words
