from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.rules.checking.times import check_times
from mim_portal.lib import times
from tests.comms.rules.kit import NEXT, NOW, draft, texts

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, None),
        ({"next_update_at": None}, "missing"),
        ({"next_update_at": NOW}, "past"),
        ({"next_update_at": NOW - timedelta(minutes=1)}, "past"),
        ({"next_update_at": NOW + timedelta(minutes=60)}, None),
        ({"next_update_at": NOW + timedelta(minutes=61)}, "beyond_cadence"),
        ({"next_update_at": NOW + timedelta(days=1), "latest_next_at": None}, None),
        ({"kind": "closure", "next_update_at": None}, None),
        ({"kind": "restored", "next_update_at": None}, None),
        ({"kind": "restored", "next_update_at": NOW}, "past"),
        ({"kind": "holding", "next_update_at": None}, "missing"),
    ],
)
def test_c01_a_next_time_is_set_ahead_and_within_the_cadence(change: dict[str, object], rule: str | None) -> None:
    found = list(check_times.next_update(draft(**change), now=NOW))
    assert [finding.rule for finding in found] == ([rule] if rule else [])
    for finding in found:
        assert (finding.code, finding.severity, finding.field) == ("C01", "error", "next_update_at")


def test_c01_says_by_when_in_the_zone_of_the_reader() -> None:
    asked = draft(next_update_at=NOW + timedelta(minutes=90), tz=BERLIN)
    [finding] = check_times.next_update(asked, now=NOW)
    assert finding.message == (
        "The agreed pace asks for the next update by 12:00 (UTC+1); this promises 12:30 (UTC+1)."
    )
    assert finding.suggestions == ("12:00 (UTC+1)",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Next update by 10:30 (UTC+0).", []),
        ("Next update: 11:30 (UTC+1).", []),
        ("Next update at 16:00 (Kolkata, UTC+5:30).", []),
        ("Next update at 06:30 (UTC-0400).", []),
        ("Next update at 10.30.", []),
        ("Next update at 10:30 am (UTC+0)", []),
        ("Next update by 10:35 (UTC+0).", ["10:35"]),
        ("Next update by 10:30 (UTC+1).", ["10:30"]),
        ("Our next message follows at 10:45 (UTC).", ["10:45"]),
        ("We will update you again by 11:00 (UTC+0).", ["11:00"]),
        ("The next update comes when the check is done. It began at 09:00 (UTC+0).", []),
        ("Next update soon.", []),
        ("Work began at 09:00 (UTC+0).", []),
    ],
)
def test_c01_the_text_promises_what_is_promised(text: str, expected: list[str]) -> None:
    assert texts(check_times.promised_in_text, text) == expected


def test_c01_a_mismatch_suggests_the_promised_time() -> None:
    [finding] = check_times.promised_in_text(draft(tz=BERLIN), "Next update by 11:45 (UTC+1).")
    assert finding.message == "The text says 11:45, the promise is 11:30 (UTC+1). Make them the same."
    assert finding.suggestions == ("11:30",)


def test_c01_without_a_promise_the_text_cannot_differ() -> None:
    assert texts(check_times.promised_in_text, "Next update by 11:00 (UTC+0).", next_update_at=None) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We will write again shortly.", ["shortly"]),
        ("Soon, ASAP, or as soon as possible.", ["Soon", "ASAP", "as soon as possible"]),
        ("Later today or by COB.", ["Later today", "COB"]),
        ("Closed until further notice.", ["until further notice"]),
        ("By end of day, in due course.", ["end of day", "in due course"]),
        ("As soon as the tests pass at 10:20 (UTC+0) we write.", []),
        ("The sooner service and a soonish one.", []),
    ],
)
def test_c02_vague_time(text: str, expected: list[str]) -> None:
    assert texts(check_times.vague_time, text) == expected


def test_c02_suggests_the_promised_time() -> None:
    [finding] = check_times.vague_time(draft(), "News shortly.")
    assert finding.suggestions == ("by 10:30 (UTC+0)",)
    [finding] = check_times.vague_time(draft(next_update_at=None), "News shortly.")
    assert finding.suggestions == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At 14:30 we restart.", ["14:30"]),
        ("At 9:05 we restart.", ["9:05"]),
        ("At 2 pm or 3:15 p.m. we restart.", ["2 pm", "3:15 p.m."]),
        ("At 14.30 we restart.", ["14.30"]),
        ("At 14:30 BST we restart.", ["14:30"]),
        ("At 14:30:05 it failed.", ["14:30:05"]),
        ("Between 10:00 and 11:00.", ["10:00", "11:00"]),
        ("Between 10:00-11:00.", ["10:00", "11:00"]),
        ("Between 10:00-11:00 (UTC-5:30) and 12:00.", ["12:00"]),
        ("Between 10:00 and 11:00 (UTC+0).", []),
        ("10:00–11:00 (UTC+0)", []),
        ("At 14:30 (UTC+1).", []),
        ("At 14:30 UTC.", []),
        ("At 14:30 UTC+5:30.", []),
        ("At 14:30Z and 14:30+01:00.", []),
        ("At 14:30 (London, UTC+0).", []),
        ("At 14:30 today, Mon 23 Nov (London, UTC+0).", []),
        ("Mon 23 Nov, 14:30 (UTC+0)", []),
        ("At 2 pm (UTC+0).", []),
        ("Ratio 1:30:45:10, address 10:20:30:40:50:60, version 14.30.2, 14.30 euros, at 14.305.", []),
        ("Load 12.30% and 99:30.", []),
    ],
)
def test_c20_every_time_has_its_offset(text: str, expected: list[str]) -> None:
    marked = [finding.text for finding in check_times.bare_time(draft(), text, now=NOW)]
    assert marked == expected


def test_c20_suggests_the_offset_of_the_readers_zone() -> None:
    [finding] = check_times.bare_time(draft(tz=BERLIN), "At 14:30 we restart.", now=NOW)
    assert finding.suggestions == ("14:30 (UTC+1)",)
    assert finding.message == "14:30 where? Add the offset: 14:30 (UTC+1)."
    [finding] = check_times.bare_time(draft(next_update_at=None), "At 14:30 IST.", now=NOW)
    assert finding.message == "IST means different times in different places. Write the offset: 14:30 (UTC+0)."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:30", time(14, 30)),
        ("9:05", time(9, 5)),
        ("12:10 am", time(0, 10)),
        ("12:10 pm", time(12, 10)),
        ("3 pm", time(15)),
        ("12am", time(0)),
        ("at 14.30", time(14, 30)),
    ],
)
def test_clock_times_are_understood(text: str, expected: time) -> None:
    match = check_times.CLOCK.search(text)
    assert match is not None
    assert check_times.clock_of(match) == expected


@given(
    at=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["UTC", "Europe/London", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham"]),
)
def test_the_portals_own_way_of_writing_a_promise_always_passes(at: datetime, zone: str) -> None:
    tz = ZoneInfo(zone)
    promised = at.replace(second=0, microsecond=0)
    asked = draft(next_update_at=promised, tz=tz)
    for written in (
        times.clock_time(promised, tz),
        times.date_time(promised, tz),
        times.full_date_time(promised, tz),
    ):
        text = f"Next update by {written}."
        assert list(check_times.bare_time(asked, text, now=NOW)) == []
        assert list(check_times.promised_in_text(asked, text)) == []
    assert promised == promised.astimezone(NEXT.tzinfo)
