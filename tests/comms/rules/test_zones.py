"""Zones of times as the writer means them: offsets, names that mean one, names that the writer's own zone decides."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comms.rules.checking.times import check_since, check_times, zones
from mim_portal.lib.findings import ERROR, WARNING
from tests.comms.rules.test_check_facts import draft

DAY = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
CHICAGO, DUBLIN, LONDON = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Dublin"), ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "own", "hours"),
    [
        ("09:10 CET", CHICAGO, 1),
        ("09:10 BRT", DUBLIN, -3),
        ("09:10 CST", CHICAGO, -6),
        ("09:10 EST", CHICAGO, -5),
        ("09:10 (EDT)", CHICAGO, -4),
        ("9:10 am ET", CHICAGO, -5),
        ("9:10 am Pacific", CHICAGO, -8),
        ("9:10 am Central time", CHICAGO, -6),
        ("09:10 MST", ZoneInfo("America/Phoenix"), -7),
        ("09:10 BST", LONDON, 1),
        ("09:10 IST", ZoneInfo("Asia/Kolkata"), 5.5),
        ("09:10Z", CHICAGO, 0),
        ("09:10 (UTC-3:30)", DUBLIN, -3.5),
        ("09:10 WAT", DUBLIN, 1),
        ("09:10 NPT", DUBLIN, 5.75),
        ("09:10 AST", ZoneInfo("America/Halifax"), -4),
        ("09:10 AST", ZoneInfo("Asia/Riyadh"), 3),
        ("09:10 AST", ZoneInfo("Asia/Dubai"), None),
        # Whose Eastern time, whose standard time? And no zone at all.
        ("09:10 EST", DUBLIN, None),
        ("09:10 ET", DUBLIN, None),
        ("09:10 IST", CHICAGO, None),
        ("09:10 CST", ZoneInfo("Asia/Manila"), None),
        ("09:10 in the morning", CHICAGO, None),
    ],
)
def test_a_zone_means_what_it_means_to_the_writer(text: str, own: ZoneInfo, hours: float | None) -> None:
    end = text.index("am") + 2 if "am " in text else 5
    found = zones.stated(text, end, day=DAY, own=own)
    offset = DAY.astimezone(found).utcoffset() if found is not None else None
    assert offset == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("Since 09:10 CST staff wait.", CHICAGO, [(WARNING, "09:10 (UTC-6)")]),
        ("Since 09:10 EST staff wait.", CHICAGO, [(WARNING, "09:10 (UTC-5)")]),
        ("Since 09:10 EST staff wait.", DUBLIN, [(ERROR, "09:10 (UTC+0)")]),
        ("Since 09:10 central time.", CHICAGO, [(ERROR, "09:10 (UTC-6)")]),
        ("Since 09:10 CET staff wait.", DUBLIN, []),
        ("Slips go at 11:00 and 15:00 NZDT.", DUBLIN, []),
        ("Slips go at 11:00 and 15:00 CST.", CHICAGO, [(WARNING, "11:00 (UTC-6)")]),
        ("Since 09:10 Central (UTC-6) staff wait.", CHICAGO, []),
        ("Since just after 2 pm (14:05 UTC+0).", DUBLIN, []),
        ("Since 09:10 PHT (19:10 EST) staff wait.", ZoneInfo("Asia/Manila"), []),
        ("Timeline (PST / UTC)\n11:26 / 19:26 errors begin", DUBLIN, []),
        ("Timeline\n11:26 errors begin", DUBLIN, [(ERROR, "11:26 (UTC+0)")]),
        ("Readings from 1.26 million meters were late.", DUBLIN, []),
    ],
)
def test_c20_a_name_of_the_writers_own_zone_is_only_advised_against(
    text: str, own: ZoneInfo, expected: list[tuple[str, str]]
) -> None:
    found = check_times.bare_time(draft(text, tz=own, next_update_at=DAY), text, now=DAY)
    assert [(each.severity, each.suggestions[0]) for each in found] == expected


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Staff cannot submit timesheets since 03:10 CST (09:10 UTC).", []),
        ("Staff cannot submit timesheets since 03:10 CST (04:10 EST).", []),
        ("Staff cannot submit timesheets since 03:10 CST (09:10Z).", []),
        ("Staff cannot submit timesheets since 03:10 EST (09:10 UTC).", ["03:10"]),
        ("Staff cannot submit timesheets since 03:10 CST (05:10 EST).", ["05:10"]),
        ("Staff cannot submit timesheets since 03:10 CST (09:40Z).", ["09:40"]),
        ("Commenced: 03:40 (UTC-6)", ["03:40"]),
        ("From | 03:40 (UTC-6)", ["03:40"]),
        ("Since\t03:10 (UTC-6)\nNext update\t04:30 (UTC-6)", []),
        ("Ongoing since: 03:40 (UTC-6)", ["03:40"]),
        ("The Payroll line went off just after 04:10 (UTC-6).", ["04:10"]),
        ("Times: started 04:10 (UTC-6), detected 03:20 (UTC-6).", ["04:10"]),
        ("Payroll was interrupted at 04:10 (UTC-6).", ["04:10"]),
        ("An index check has run every 15 minutes since 04:10 (UTC-6).", []),
        ("The database vendor is with us since 04:10 (UTC-6).", []),
        ("The situation has not changed since 04:10 (UTC-6).", []),
        ("We know this since 04:10 (UTC-6).", []),
        ("Since 04:10 (UTC-6) the jobs run one after the other.", []),
        ("Pay Run, Dallas and Columbus, since 04:10 (UTC-6).", ["04:10"]),
        ("Payroll runs slowly since 04:10 (UTC-6).", ["04:10"]),
        ("The first failure was at 04:10 (UTC-6).", ["04:10"]),
        ("Staff wait. Onset 04:10 (UTC-6), alarm 03:20 (UTC-6).", ["04:10"]),
        ("Start time 04:10 (UTC-6), picked up by monitoring at 03:20 (UTC-6).", ["04:10"]),
    ],
)
def test_c11_starts_are_held_against_the_record_in_their_own_zone(text: str, wrong: list[str]) -> None:
    written = draft(text, record={"since": datetime(2026, 11, 23, 9, 10, tzinfo=UTC)}, tz=CHICAGO)
    assert [each.text for each in check_since.since(written, text)] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Next update 21.30", []),
        ("Next update 21.45", ["21.45"]),
        ("Next update?\n9.45pm.", ["9.45pm"]),
        ("When do I hear next?\nAt 9.45pm.", ["9.45pm"]),
        ("We'll send another note at 9:45 pm.", ["9:45 pm"]),
        ("Next flash: 21:45.", ["21:45"]),
        ("NEXT SITREP: 21:45.", ["21:45"]),
        ("We'll text you again at 21:45.", ["21:45"]),
        ("You'll hear from me at 21:45.", ["21:45"]),
        ("You will have another email from us at 21:45.", ["21:45"]),
        ("We will give more information at 21:45.", ["21:45"]),
        ("Next from me: 21:45.", ["21:45"]),
        ("Next update: 21:30 GMT (16:30 EST).", []),
        ("Next update: 21:30 GMT (15:30 EST).", ["15:30"]),
        ("Further guidance will be provided at 21:45.", ["21:45"]),
        ("The next communication under reference MI-2026-0042 will be issued at 21:45.", ["21:45"]),
    ],
)
def test_c01_next_times_as_people_ask_and_answer(text: str, wrong: list[str]) -> None:
    written = draft(text, tz=DUBLIN, next_update_at=datetime(2026, 11, 23, 21, 30, tzinfo=UTC))
    assert [each.text for each in check_times.promised_in_text(written, text)] == wrong


def test_c11_since_when_it_works_again() -> None:
    back = {"restored_at": datetime(2026, 11, 23, 11, 5, tzinfo=UTC)}
    for text, wrong in (
        ("Since 11:05 (UTC+0) our Payroll's been taking timesheets.", []),
        ("Since 11:50 (UTC+0) our Payroll has been taking timesheets.", ["11:50"]),
        ("Since 09:10 (UTC+0) staff have been failing to sign in.", []),
    ):
        written = draft(text, record=back, kind="restored", next_update_at=None, tz=LONDON)
        assert [each.text for each in check_since.since(written, text)] == wrong


@pytest.mark.parametrize(
    ("text", "own", "severities"),
    [
        # A time beside others that all carry the writer's own zone is only advised to carry it too.
        ("Since 09:10 (UTC+0), found at 09:25.", LONDON, [WARNING]),
        ("Since 09:10 GMT, found at 09:25 and raised at 09:30.", LONDON, [WARNING, WARNING]),
        # Where they carry another one, or several, nobody can tell.
        ("Since 09:10 (UTC+1), found at 09:25.", LONDON, [ERROR]),
        ("Since 09:10 (UTC+0) / 10:10 (UTC+1), found at 09:25.", LONDON, [WARNING]),
        ("Since 09:10 (UTC+0). The vendor saw it at 10:10 (UTC+1), we at 09:25.", LONDON, [ERROR]),
        ("Since 09:10 (UTC+0), found at 09:25. Next update at 16:30 EST.", LONDON, [ERROR, ERROR]),
        ("Found at 09:25.", LONDON, [ERROR]),
    ],
)
def test_c20_a_time_beside_others_that_say_their_zone(text: str, own: ZoneInfo, severities: list[str]) -> None:
    found = check_times.bare_time(draft(text, tz=own, subject="staff cannot submit", next_update_at=DAY), text, now=DAY)
    assert [each.severity for each in found] == severities


@pytest.mark.parametrize(
    ("text", "own", "wrong"),
    [
        ("I will be in touch again at 18:00 ADT.", ZoneInfo("America/Halifax"), []),
        ("I will be in touch again at 18:00 EDT.", ZoneInfo("America/Halifax"), ["18:00"]),
        ("The next update is at 15:00 CST.", ZoneInfo("America/Regina"), []),
        ("The next update is at 15:00 MST.", ZoneInfo("America/Regina"), ["15:00"]),
        ("Please look here at 18:00 ADT for the next update.", ZoneInfo("America/Halifax"), []),
        ("Please look here at 18:30 ADT for the next update.", ZoneInfo("America/Halifax"), ["18:30"]),
        ("My next message will reach you at 18:30 NDT.", ZoneInfo("America/St_Johns"), []),
        ("My next message will reach you at 18:30 ADT.", ZoneInfo("America/St_Johns"), ["18:30"]),
        ("NEXT\n- 11:00 a.m. HST, same format.", ZoneInfo("Pacific/Honolulu"), []),
        ("NEXT\n- 11:30 a.m. HST, same format.", ZoneInfo("Pacific/Honolulu"), ["11:30 a.m."]),
    ],
)
def test_c01_c11_zones_of_north_america(text: str, own: ZoneInfo, wrong: list[str]) -> None:
    summer = datetime(2026, 7, 10, 21, 0, tzinfo=UTC)
    written = draft(text, tz=own, next_update_at=summer)
    assert [each.text for each in check_times.promised_in_text(written, text)] == wrong
