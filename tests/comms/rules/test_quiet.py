"""When quiet hours end."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from comms.rules.promises import quiet

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 20:59", None),  # 21:59 in Berlin
        ("2026-11-23 21:00", "2026-11-24 06:00"),
        ("2026-11-24 02:00", "2026-11-24 06:00"),
        ("2026-11-24 06:00", None),
        ("2027-03-27 23:00", "2027-03-28 05:00"),  # the clocks go forward in that night
        ("2026-10-24 21:00", "2026-10-25 06:00"),  # and back in this one
    ],
)
def test_over_midnight(now: str, expected: str | None) -> None:
    found = quiet.ends(now=at(now), begins=time(22), until=time(7), tz=BERLIN)
    assert found == (at(expected) if expected else None)


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2026-11-23 11:59", None), ("2026-11-23 12:00", "2026-11-23 13:30"), ("2026-11-23 13:30", None)],
)
def test_within_a_day(now: str, expected: str | None) -> None:
    found = quiet.ends(now=at(now), begins=time(12), until=time(13, 30), tz=UTC)
    assert found == (at(expected) if expected else None)


def test_equal_ends_are_none() -> None:
    assert quiet.ends(now=at("2026-11-23 12:00"), begins=time(7), until=time(7), tz=UTC) is None
