"""Facts in the ways that strangers write them: contacts, zones, tables, parts of a whole, how long it lasted."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.numbers import check_breakdown, check_numbers, check_parts
from comms.rules.checking.places import check_places
from comms.rules.checking.services import check_identity, check_service
from comms.rules.checking.times import check_duration, check_since, check_times
from comms.rules.checking.wording import check_leaks, check_words
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import brief, draft

OVER: dict[str, Any] = {"kind": "restored", "next_update_at": None}
BACK = {"restored_at": datetime(2026, 11, 23, 15, 15, tzinfo=UTC)}  # six hours and five minutes
KNOWN = Known(services=("Payroll", "MyHR", "Rostering"), sites=("Leeds", "York", "Hull", "Troy", "Ireland", "Scotland"))


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("The cause is still under investigation.", []),
        ("The cause is not yet known.", []),
        ("The root cause is being investigated.", []),
        ("The cause was a failed disk.", ["The cause was"]),
        ("The root cause is a failed disk.", ["The root cause is"]),
        ("Root cause: a failed disk.", ["Root cause"]),
    ],
)
def test_that_a_cause_is_looked_for_names_none(text: str, stopped: list[str]) -> None:
    assert kit.texts(check_words.cause, text) == stopped


def test_contacts_of_the_record_are_meant_for_its_readers() -> None:
    text = "Ring 020 7946 0018 or write to claims@example.net, not 020 7946 0099."
    said = {"workaround": "Ring 020 7946 0018, or claims@example.net"}
    assert [each.text for each in check_leaks.sensitive(draft(text, record=said), text)] == ["020 7946 0099"]
    assert len(list(check_leaks.sensitive(kit.draft(body=text), text))) == 3  # without a record


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("All times Eastern (UTC-5). It began at 09:10.", []),
        ("All times are London time (UTC+0). It began at 09:10.", []),
        ("Times are in India time (UTC+5:30). It began at 09:10.", []),
        ("Timeline (all times UTC+1)\n09:10 first calls", []),
        ("It began five past nine (09:10, UTC+0).", []),
        ("Sometimes it begins at 09:10.", ["09:10"]),
        ("Next: 10:30 (UTC+5:30), at 11:30.", ["11:30"]),
    ],
)
def test_a_zone_for_all_times(text: str, bare: list[str]) -> None:
    assert [each.text for each in check_times.bare_time(draft(text), text, now=kit.NOW)] == bare


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("A full briefing follows at 10:45 (UTC+0).", ["10:45"]),
        ("Next: 10:45 (UTC+0)", ["10:45"]),
        ("| Next | 10:45 (UTC+0) |", ["10:45"]),
        ("We will post an update on status.example.org at 10:45 (UTC+0).", ["10:45"]),
        ("We will brief you again at 10:45 (UTC+0).", ["10:45"]),
        ("Next update: 4.00 pm (UTC+5:30) / 10.45 am UTC.", ["10.45 am"]),
        ("Next briefing: 10:30 (UTC+0)", []),
    ],
)
def test_the_next_time(text: str, wrong: list[str]) -> None:
    assert [each.text for each in check_times.promised_in_text(draft(text), text)] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Payroll stopped working just after 7 am (UTC+0).", ["7 am"]),
        ("Payroll stopped working just after 9 am (UTC+0).", []),  # 09:10, roughly
        ("| Start | 08:10 (UTC+0) |", ["08:10"]),
        ("08:10 (UTC+0) - Payroll stopped accepting forms", ["08:10"]),
        ("09:00 (UTC+0) spare fitted, copy started\n08:10 (UTC+0) it is half done", []),
        ("Started:\n08:10 (UTC+0)", ["08:10"]),
        ("A standby database was started at 07:10 (UTC+0).", []),
        ("The repair of Payroll began at 07:15 (UTC+0).", []),
        ("A rebuild started at 07:15 (UTC+0).", []),
        ("From 09:10 (UTC+2) staff could not submit.", ["09:10"]),
        ("Please confirm for your shift (start 12:00 (UTC+0)).", []),
    ],
)
def test_the_start(text: str, wrong: list[str]) -> None:
    written = draft(text, record={"other_texts": ("the shift starts 12:00 (UTC+0)", "work before 09:10 is safe")})
    assert [each.text for each in check_since.since(written, text)] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Restored: 14:15 (UTC+0)", ["14:15"]),
        ("Restored: 15:15 (UTC+0)", []),
        ("Staff have been able to submit since just after 3 pm (3:15 pm, UTC+0).", ["3 pm"]),
        ("Staff have been able to submit since just after 3.10 pm (UTC+0).", []),
        ("14:15 (UTC+0) Payroll restored", ["14:15"]),
        ("14:15 (UTC+0) MyHR restored", []),
        ("At last, 14:15 (UTC+0), Payroll restored", []),
    ],
)
def test_the_return(text: str, wrong: list[str]) -> None:
    assert [each.text for each in check_since.since(draft(text, record=BACK, **OVER), text)] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It lasted six hours and five minutes.", []),
        ("It lasted a little over nine hours.", ["nine hours"]),
        ("It lasted a little over five hours.", []),
        ("Duration: 4 h 32 min", ["4 h 32 min"]),
        ("From 09:10 to 15:15 (UTC+0): four hours.", ["four hours"]),
        ("It was unavailable for 365 minutes, a total of 200 minutes.", ["200 minutes"]),
        ("For up to 3 hours it failed.", ["3 hours"]),
        ("It was down from 09:10 to 15:15 CET, 9 hours 5 minutes.", ["9 hours 5 minutes"]),
        ("It was down from 09:10 GMT, in total 9 hours.", ["9 hours"]),
        ("It was interrupted at 09:10 GMT for nine hours.", ["nine hours"]),
        ("From 09:10 GMT it was down, so that's 9 hours.", ["9 hours"]),
        ("Staff could not get their next pick for 9 hours.", []),
        ("Staff could not get their next pick from 09:10 to 15:15 CET, 9 hours.", ["9 hours"]),
        ("It lasted unhappy hours.", []),
        ("It lasted six hours and some minutes.", []),
        # No time of the harm.
        ("For two hours we will watch it.", []),
        ("The copy took nine hours.", []),
    ],
)
def test_how_long_it_lasted(text: str, wrong: list[str]) -> None:
    written = draft(text, record=BACK, **OVER)
    assert [each.text for each in check_duration.duration(written, text)] == wrong
    assert not list(check_duration.duration(draft(text, record=BACK), text))  # it goes on
    assert not list(check_duration.duration(draft(text, record=BACK, language="de", **OVER), text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MyHR has not been working since 09:10.", [("error", "service", "MyHR")]),
        ("MyHR stopped responding at 09:10.", [("error", "service", "MyHR")]),
        ("MyHR returns HTTP 503.", [("error", "service", "MyHR")]),
        ("Update on MyHR (MI-2026-0042)", [("error", "service", "MyHR")]),
        ("Update on Rostering (MI-2026-0042)", [("error", "service", "Rostering")]),
        ("Rostering works as usual.", []),
        (
            "Rostering cannot be used by staff who cannot submit timesheets in Payroll.",
            [("error", "service", "Rostering")],
        ),
    ],
)
def test_another_service(text: str, expected: list[tuple[str, str, str]]) -> None:
    """MyHR is none of the record's; Rostering is named in it as well."""
    written = draft(text, record={"not_affected": "England; Rostering"}, known=KNOWN, subject="staff cannot submit")
    assert brief(check_service.service(written, text)) == expected


def test_another_service_that_is_back() -> None:
    text = "MyHR has worked normally since 09:50 (UTC+0). Payroll is on."
    written = draft(text, record=BACK, known=KNOWN, **OVER)
    assert [each.text for each in check_service.service(written, text)] == ["MyHR"]


@pytest.mark.parametrize(
    ("own", "text", "wrong"),
    [
        ("INC-559034", "INC-559043 and MI-2026-0042, not INC-559034.", ["INC-559043", "MI-2026-0042"]),
        ("INC-559034", "INC-559077 is known.", []),
        ("7", "It is 8.", []),
        ("MI-2026-0042", "MI-2026-0043, not INC-559034", ["MI-2026-0043"]),
    ],
)
def test_numbers_in_the_shape_of_the_own_one(own: str, text: str, wrong: list[str]) -> None:
    written = draft(text, record={"reference": own, "other_texts": ("change INC-559077",)})
    assert [each.text for each in check_identity.reference(written, text)] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Leeds 21,500, York (1,150), Hull: 300", ["300"]),
        ("31,000 in Leeds cannot submit.", ["31,000"]),
        ("We said 31,000 in Leeds.", []),
        ("Leeds 5 of 11, Leeds 12:30, Leeds 15 minutes", []),
        ("Troy 90", []),  # nothing is recorded of it
    ],
)
def test_how_many_where(text: str, wrong: list[str]) -> None:
    written = draft(text, record={"other_texts": ("Leeds 21,500, York 1,150 and 200 in Hull",)}, known=KNOWN)
    assert [each.text for each in check_breakdown.breakdown(written, text)] == wrong


def test_without_places_or_their_numbers_nothing_is_compared() -> None:
    text = "Leeds 90"
    assert not list(check_breakdown.breakdown(kit.draft(body=text, known=KNOWN), text))
    assert not list(check_breakdown.breakdown(draft(text, known=KNOWN), text))
    assert not list(check_breakdown.breakdown(draft(text, known=Known()), text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Two thirds of our kiosks are out.", []),
        ("A quarter of our kiosks are out.", ["A quarter"]),
        ("One call in two is about it.", ["One call in two"]),
        ("One call in five is about it.", []),
        ("One third of the pupils can sign in.", []),
        ("1 in 3 of this morning's 900 pupils cannot sign in.", []),
        ("Half of this morning's 900 pupils cannot sign in.", ["Half"]),
    ],
)
def test_shares_of_one_thing_are_compared_with_its_own(text: str, wrong: list[str]) -> None:
    said = ("64 of 96 kiosks", "5 of 0 tills", "one call in five", "90 of 100 pupils", "300 pupils (one third)")
    written = draft(text, record={"other_texts": said})
    assert [each.text for each in check_parts.fractions(written, text)] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Pupils | 7,800\nTeachers: 410", ["7,800"]),
        ("Homes: 50", []),
        ("About 7,800 pupils and 410 teachers were affected.", ["About 7,800"]),
        ("8,700 pupils and 140 teachers were affected.", ["140"]),
        ("Sunnyside (980 pupils) is out, so are 2,900 of 8,700 pupils.", []),
        ("23 of them are emergencies, 24 of them are not.", ["24"]),
        ("It goes to groups of 30 pupils.", []),
        ("5,200 stored forms are sent.", []),
        ("Six in ten of our pupils cannot sign in.", []),
        ("Pupils at five schools in two towns cannot sign in.", []),
    ],
)
def test_counts_of_the_record_and_their_parts(text: str, wrong: list[str]) -> None:
    facts = {
        "who": "pupils and teachers",
        "count": "8,700 pupils and 410 teachers",
        "where": "Leeds and York",
        "other_texts": (
            "980 at Sunnyside",
            "2,900 of 8,700 pupils",
            "23 emergencies",
            "5,200 stored forms",
            "five schools",
        ),
    }
    written = draft(text, record=facts, known=KNOWN)
    found = [each for each in check_numbers.numbers(written, text) if each.severity == "error"]
    assert [each.text.strip() for each in found] == wrong


def test_a_share_beside_the_right_count_is_compared_all_the_same() -> None:
    text = "A total of 340 handlers were concerned, 45% of our claims staff."
    written = draft(text, record={"who": "handlers", "count": "340 handlers", "other_texts": ("340 of 520 (65%)",)})
    assert [each.text for each in check_numbers.numbers(written, text)] == ["45%"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("38,600 open orders were cancelled.", []),
        ("36,800 orders were cancelled.", ["36,800"]),
        ("Fourteen (14) visits were moved.", []),
        ("Forty visits were moved.", ["Forty"]),
        ("It hit 24 late departures.", ["24"]),
        ("Boarding fails on 24 departures.", ["24"]),
    ],
)
def test_what_else_the_record_counts(text: str, wrong: list[str]) -> None:
    said = ("38,600 open orders", "Fourteen (14) visits", "42 departures", "42 late departures")
    written = draft(text, record={"other_texts": said})
    found = [each for each in check_numbers.numbers(written, text) if each.rule == "count"]
    assert [each.text for each in found] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Staffed counters in Ireland and Scotland are open until 12:00.", []),
        ("Ireland is open.", ["Ireland"]),
        ("NOT AFFECTED\nLeeds, York and Hull", []),
        ("NOT AFFECTED\nLeeds, York and Ireland", ["Ireland"]),
        ("Working as usual: Scotland, Leeds", ["Scotland"]),
        ("Ireland and Hull are not part of this.", ["Ireland"]),
        ("Payroll has not been working in Leeds and Scotland.", ["Leeds"]),
    ],
)
def test_places(text: str, wrong: list[str]) -> None:
    written = draft(text, record={"not_affected": "Leeds, York and Hull"}, known=KNOWN)
    assert [each.text for each in check_places.places(written, text)] == wrong


def test_places_where_it_is_normal_again() -> None:
    text = "Payroll has been working normally in Scotland and Troy since 15:15 (UTC+0)."
    written = draft(text, record=BACK | {"not_affected": "Leeds"}, known=KNOWN, tz=ZoneInfo("UTC"), **OVER)
    assert [each.text for each in check_places.places(written, text)] == ["Troy"]
