"""Times that cannot be meant as they stand are asked about, and which one is said."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.rules import desk_times

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def doubts(since: str = "", critical: str = "", *, now: datetime = NOON, zone: str = "UTC") -> list[str]:
    return desk_times.doubts({"since_when": since, "critical_time": critical}, now=now, tz=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("since", "critical", "words"),
    [
        ("2026-11-24 09:00", "", "The start Tue 24 Nov, 09:00 (UTC+0) is still to come"),
        ("tomorrow 9 am", "", "The start Tue 24 Nov, 09:00 (UTC+0) is still to come"),
        ("yesterday 9 pm", "10:00 on 20 Nov", "The critical time Fri 20 Nov, 10:00 (UTC+0) is before the start"),
        ("2025-11-24 09:00", "", "is more than two weeks ago"),
        ("12:40 (UTC+0)", "", "The start is read as Sun 22 Nov, 12:40 (UTC+0), since it is not that late yet"),
        ("2026-11-23 11:00", "2026-11-23 10:00", "The critical time Mon 23 Nov, 10:00 (UTC+0) is before the start"),
        ("", "2026-11-20 10:00", "The critical time Fri 20 Nov, 10:00 (UTC+0) has passed"),
    ],
)
def test_what_cannot_be_is_asked(since: str, critical: str, words: str) -> None:
    (doubt,) = doubts(since, critical)
    assert words in doubt


@pytest.mark.parametrize(
    ("since", "critical"),
    [
        ("", ""),
        ("this morning", "soon"),
        ("09:10 (UTC+0), first call", "payroll closes 12:00 (UTC+0)"),
        ("2026-11-23 09:10", "2026-11-23 15:00"),
        ("Unknown, asked at 12:40 (UTC+0)", "Unknown, asked at 12:40 (UTC+0), answer expected 13:00"),
        ("11:10", "09:00"),
        ("yesterday 14:00", "12:00 on Friday"),
        ("last night 23:00", "tomorrow 09:00"),
    ],
)
def test_what_can_be_is_left_alone(since: str, critical: str) -> None:
    assert doubts(since, critical) == []


def test_a_time_that_the_clocks_skipped() -> None:
    after = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
    (doubt,) = doubts("01:30", now=after, zone="Europe/Dublin")
    assert doubt.startswith("There was no such time: the clocks went forward.")
    (dated,) = doubts("today at 1:30 am", now=after, zone="Europe/Dublin")
    assert dated == doubt
    assert doubts("2:30 pm yesterday", now=after, zone="Europe/Dublin") == []
    assert doubts("01:30 (UTC+0)", now=after, zone="Europe/Dublin") == []
    assert doubts("02:30", now=after, zone="Europe/Dublin") == []


def test_times_are_said_in_the_zone_of_the_reader() -> None:
    (doubt,) = doubts("18:00", zone="Asia/Kolkata")
    assert "Sun 22 Nov, 18:00 (UTC+5:30)" in doubt
