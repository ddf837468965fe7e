"""Times, durations and zones as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from mim_portal.lib import times

DUBLIN, KOLKATA, NEWFOUNDLAND = ZoneInfo("Europe/Dublin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("America/St_Johns")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tz", "written"),
    [
        (UTC, "UTC+0"),
        (DUBLIN, "UTC+0"),
        (KOLKATA, "UTC+5:30"),
        (ZoneInfo("Asia/Kathmandu"), "UTC+5:45"),
        (NEWFOUNDLAND, "UTC-3:30"),
        (ZoneInfo("America/New_York"), "UTC-5"),
        (ZoneInfo("Pacific/Kiritimati"), "UTC+14"),
        (timezone(-timedelta(minutes=30)), "UTC-0:30"),
    ],
)
def test_an_offset_names_one_zone(tz: ZoneInfo, written: str) -> None:
    assert times.offset(NOON.astimezone(tz)) == written


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en-GB", "Mon 23 Nov 2026, 12:00 (UTC+0)"),
        ("it", "Mon 23 Nov 2026, 12:00 (UTC+0)"),
        ("de-AT", "Mo 23. Nov. 2026, 12:00 (UTC+0)"),
        ("fr", "lun. 23 nov. 2026, 12:00 (UTC+0)"),
        ("es", "lun 23 nov 2026, 12:00 (UTC+0)"),
    ],
)
def test_days_and_months_are_those_of_the_language(tag: str, written: str) -> None:
    assert times.full_date_time(NOON, language=tag) == written
    assert times.due_time(NOON, now=NOON, language=tag) == "12:00 (UTC+0)"
    assert times.due_time(NOON, now=NOON + timedelta(days=1), language=tag) == written.replace(" 2026", "")


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    assert times.date_time(NOON - timedelta(days=22), language="fr") == "dim. 1er nov., 12:00 (UTC+0)"


def test_a_time_without_a_zone_is_taken_for_utc() -> None:
    assert times.offset(NOON.replace(tzinfo=None)) == "UTC+0"


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "00:59 (UTC+0)"),  # Dublin's clocks go forward at 01:00
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "02:00 (UTC+1)"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "01:30 (UTC+1)"),  # and back at 02:00: 01:30 comes twice
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "01:30 (UTC+0)"),
    ],
)
def test_the_hour_that_comes_twice_is_told_apart_by_its_offset(at: datetime, written: str) -> None:
    assert times.clock_time(at, DUBLIN) == written


@pytest.mark.parametrize(
    ("at", "tz", "written", "in_full"),
    [
        (NOON, UTC, "Mon 23 Nov, 12:00 (UTC+0)", "Mon 23 Nov 2026, 12:00 (UTC+0)"),
        (NOON, KOLKATA, "Mon 23 Nov, 17:30 (UTC+5:30)", "Mon 23 Nov 2026, 17:30 (UTC+5:30)"),
        (
            datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
            KOLKATA,
            "Fri 1 Jan, 05:00 (UTC+5:30)",
            "Fri 1 Jan 2027, 05:00 (UTC+5:30)",
        ),
        (
            datetime(2027, 1, 1, 2, 0, tzinfo=UTC),
            NEWFOUNDLAND,
            "Thu 31 Dec, 22:30 (UTC-3:30)",
            "Thu 31 Dec 2026, 22:30 (UTC-3:30)",
        ),
    ],
)
def test_a_date_is_that_of_the_reader(at: datetime, tz: ZoneInfo, written: str, in_full: str) -> None:
    assert times.date_time(at, tz) == written
    assert times.full_date_time(at, tz) == in_full


def test_a_day_has_its_name() -> None:
    assert times.day(date(2026, 2, 28)) == "Sat 28 Feb 2026"
    assert times.day(date(2028, 2, 29)) == "Tue 29 Feb 2028"
    assert times.day(date(2026, 3, 1), language="de-AT") == "So 1. März 2026"
    assert times.day(date(2026, 3, 1), language="fr") == "dim. 1er mars 2026"
    assert times.day(date(2026, 9, 23), language="es") == "mié 23 sept 2026"


def test_a_month_has_its_whole_name() -> None:
    months = [date(2026, number, 1) for number in range(1, 13)]
    assert [times.month(each) for each in months] == [f"{each:%B} 2026" for each in months]
    assert times.month(date(2026, 12, 31), language="de") == "Dezember 2026"
    assert times.month(date(2026, 8, 1), language="fr") == "août 2026"
    assert times.month(date(2026, 8, 1), language="es-ES") == "agosto de 2026"
    assert times.month(date(2026, 8, 1), language="nl") == "August 2026"  # whose words we do not have


def test_the_names_are_those_that_are_written() -> None:
    assert {"jue", "mié", "sept", "dic"} < times.names("es")
    assert {"lun", "août", "févr"} < times.names("fr")
    assert times.names("pl-PL") == times.names("en-GB")


@pytest.mark.parametrize(
    ("minutes", "tz", "written"),
    [
        (0, UTC, "12:00 (UTC+0)"),
        (11 * 60, UTC, "23:00 (UTC+0)"),
        (12 * 60, UTC, "Tue 24 Nov, 00:00 (UTC+0)"),
        (-13 * 60, UTC, "Sun 22 Nov, 23:00 (UTC+0)"),
        (6 * 60 + 29, KOLKATA, "23:59 (UTC+5:30)"),
        (6 * 60 + 30, KOLKATA, "Tue 24 Nov, 00:00 (UTC+5:30)"),
    ],
)
def test_a_due_time_has_its_date_on_any_other_day_of_the_reader(minutes: int, tz: ZoneInfo, written: str) -> None:
    assert times.due_time(NOON + timedelta(minutes=minutes), tz, now=NOON) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"),
        (0.9, "0 s"),
        (59.99, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (5040, "1 h 24 min"),
        (47 * 3600 + 3540, "47 h 59 min"),
        (48 * 3600, "2 d"),
        (49 * 3600 + 1800, "2 d 1 h"),
        (365 * 86_400, "365 d"),
        (-90, "1 min"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: float, written: str) -> None:
    assert times.duration(seconds) == written
    assert times.duration(timedelta(seconds=seconds)) == written


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (NOON, "2026-11-23T12:00:00.000Z"),
        (datetime(2026, 11, 23, 17, 30, 0, 123_987, tzinfo=KOLKATA), "2026-11-23T12:00:00.123Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_machines_read_utc_with_milliseconds(at: datetime, written: str) -> None:
    assert times.iso(at) == written
    read = datetime.fromisoformat(written)
    assert abs(read - at) < timedelta(milliseconds=1)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe/Dublin\x00", "europe", "/etc/localtime"])
def test_a_zone_that_there_is_not_is_utc(name: str) -> None:
    assert times.zone(name) is UTC


def test_a_zone_that_there_is() -> None:
    assert times.zone("Asia/Kolkata") == KOLKATA
