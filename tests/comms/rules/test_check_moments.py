"""C11: numbers of one moment, parts and what they leave, codes, delays, and places counted beside their list."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.numbers import check_breakdown, check_codes, check_numbers, check_parts
from comms.rules.checking.places import check_places
from comms.rules.checking.services import check_service
from comms.rules.checking.times import check_duration
from comms.rules.checking.wording import check_leaks, check_words
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import brief, draft

SERIES = {
    "count": "14% of joins fail",
    "who": "hosts",
    "other_texts": (
        "join failures: peak 41% at 11:10, 27% at 11:50, 14% at 12:40",
        "31 of 48 join nodes rebuilt, two of three order queues running",
        "about 86,000 meetings hit so far",
    ),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("41% at 11:10, 27% at 11:50 and 14% at 12:40.", []),
        ("At its peak 41% of joins failed.", []),
        ("41% of joins failed at the peak.", []),
        ("Joins fail: 47% at 11:10.", [("error", "count", "47%")]),
        ("Joins fail: 55% at 10:20.", [("warning", "unknown_number", "55%")]),
        ("At its peak 44% of joins failed.", [("error", "count", "44%")]),
        ("41% of joins fail.", [("error", "count", "41%")]),
        # Parts of a recorded whole: the part, or what is left where it is told of what is done.
        ("31 of 48 nodes are rebuilt.", []),
        ("17 of 48 nodes are still to be done.", []),
        ("13 of 48 nodes are rebuilt.", [("error", "count", "13")]),
        ("31 of 84 nodes are rebuilt.", [("error", "count", "84")]),
        # “so far” stands in the record too; of two nouns the last one is counted.
        ("About 8,600 meetings have been hit so far.", [("error", "count", "About 8,600")]),
        ("About 8,600 meetings are open again.", [("warning", "unknown_number", "About 8,600")]),
        ("All five order queues wait.", [("error", "count", "five")]),
        # How full a machine is; and “declined” is no month.
        ("The nodes sit at 71% load.", []),
        ("Meetings has declined 61% of joins.", [("error", "count", "61%")]),
    ],
)
def test_c11_what_was_true_at_another_moment_contradicts_nothing(text: str, expected: list[Any]) -> None:
    written = draft(text, record=SERIES)
    assert brief(check_numbers.numbers(written, text)) == expected


def test_c11_a_correction_may_repeat_what_was_wrong() -> None:
    text = "At 09:20 (UTC+0) we told you that 41% of joins fail. The right share is 14%."
    assert not list(check_numbers.numbers(draft(text, record=SERIES, kind="correction"), text))
    assert list(check_numbers.numbers(draft(text, record=SERIES), text))


def test_c11_a_label_says_what_is_counted() -> None:
    record = {"count": "14,500 orders", "who": "shoppers", "other_texts": ("212 stores",)}
    text = "Stores affected: 122, in two countries."
    assert ("error", "count", "122") in brief(check_numbers.numbers(draft(text, record=record), text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("31 of 48 nodes rebuilt; the other 17 follow.", []),
        ("31 of 48 nodes rebuilt; the other 27 follow.", ["27"]),
        ("Nine of fourteen cells moved; five remain.", []),
        ("Nine of fourteen cells moved; three remain.", ["three"]),
        ("19 of 92 at 03:10, 55 of 92 at 04:20, which leaves 37.", []),
        ("19 of 92 at 03:10, 55 of 92 at 04:20, which leaves 27.", ["27"]),
        ("31 of 48 nodes rebuilt; the remaining 64 stores wait.", []),  # on record
        ("48 of 31 nodes rebuilt; the other 27 follow.", []),
    ],
)
def test_c11_what_is_left_of_a_whole_adds_up(text: str, wrong: list[str]) -> None:
    assert [each.text for each in check_parts.rest(draft(text), text)] == wrong
    assert not list(check_parts.rest(draft(text, language="de"), text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("At three campuses: Riverside, Hillcrest and City.", []),
        ("At four campuses: Riverside, Hillcrest and City.", ["four"]),
        ("Slow at 3 hospitals, Northgate and Ashdown.", ["3"]),
        ("It is down in three regions (North and South).", ["three"]),
        ("Two of three campuses, Riverside and City, are back.", []),
        ("At two of our three campuses: Riverside and City.", []),
        ("At four campuses: Riverside and City among them.", []),
    ],
)
def test_c11_as_many_places_as_are_named(text: str, wrong: list[str]) -> None:
    assert [each.text for each in check_parts.so_many_named(draft(text), text)] == wrong
    assert not list(check_parts.so_many_named(kit.draft(body=text), text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('Screens show "Payment refused (91)" and NO HOST (E204).', []),
        ('Screens show "Payment refused (19)".', ["19"]),
        ("You may see error E402.", ["E402"]),
        ("You may see code 5030.", ["code 5030"]),
        ("Clients get (T-490).", ["T-490"]),
        ("Leeds (31), York (8), since 09:10 (UTC+0), P1 (P2).", []),
        ("Another system shows (X-12).", []),
        ("Our last message named code 5030.", []),
    ],
)
def test_c11_codes_are_the_recorded_ones(text: str, wrong: list[str]) -> None:
    shown = ('"Payment refused (91)"', "NO HOST (E204), code 5003", "client code (T-409)")
    written = draft(text, record={"other_texts": shown}, kind="correction")
    assert [each.text.strip() for each in check_codes.codes(written, text)] == wrong
    assert not list(check_codes.codes(draft(text), text))
    assert not list(check_codes.codes(kit.draft(body=text), text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Confirmations are delayed by up to 40 minutes.", []),
        ("Confirmations are delayed by up to 4 minutes.", ["4"]),
        ("17 departures were delayed by 20 to 75 minutes.", ["20 to 75"]),
        ("They were delayed by 3 hours.", []),
        ("Our last message said delayed by up to 14 minutes.", []),
    ],
)
def test_c11_delays_are_the_recorded_ones(text: str, wrong: list[str]) -> None:
    record = {"other_texts": ("order confirmations are delayed by up to 40 minutes", "delayed by 20 to 45 minutes")}
    written = draft(text, record=record, kind="correction")
    assert [each.text for each in check_duration.delays(written, text)] == wrong
    assert not list(check_duration.delays(draft(text, record=record, language="fr"), text))
    assert not list(check_duration.delays(draft(text), text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Payroll and Time Clock run normally.", ["Payroll and Time Clock run normally"]),
        ("Payroll works as planned.", ["Payroll works as planned"]),
        (
            "Payroll and Time Clock, for their part, work as they should.",
            ["Payroll and Time Clock, for their part, work as they should"],
        ),
        ("Payroll is not affected.", ["Payroll is not affected"]),
        ("Payroll works normally in England.", []),
        ("Time Clock runs normally.", []),
    ],
)
def test_c11_the_incidents_own_service_is_not_called_well(text: str, wrong: list[str]) -> None:
    assert [each.text for each in check_service.called_well(draft(text), text)] == wrong
    assert not list(check_service.called_well(draft(text, kind="restored", next_update_at=None), text))


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("Service affected: MyHR", True),
        ("This is about the MyHR incident.", True),
        ("Work to restore MyHR continues.", True),
        ("P1, MI-2026-0042, MyHR.", True),
        ("Current status: MyHR is unreliable.", True),
        ("Use MyHR instead.", False),
        ("**Service:** MyHR, P1", True),
        ("Your script for MI-2026-0042 (P1), MyHR.", True),
        ("MyHR, MI-2026-0042, P1", True),
        ("MyHR, MI-2026-0077, P1", False),
        ("MyHR won't load.", True),
        ("MyHR isn't working.", True),
    ],
)
def test_c11_a_message_is_about_the_incidents_service(text: str, stops: bool) -> None:
    written = draft(text, known=Known(services=("Payroll", "MyHR")))
    assert [each.severity for each in check_service.service(written, text)] == (["error"] if stops else [])


@pytest.mark.parametrize(
    ("check", "text", "wrong"),
    [
        ("speculation", "Sign in from an office where possible.", []),
        ("speculation", "You may have been signed out.", []),
        ("speculation", "It may have been caused by a change.", ["may have been caused"]),
        ("speculation", "It may have been the network.", ["may have been"]),
        ("speculation", "A possible cause is the network.", ["possible"]),
        ("cause", "A review of the cause is due on Friday.", []),
        ("eta", "There is no ETA yet.", []),
        ("eta", "Please avoid offering an estimated time.", []),
        ("eta", "The ETA is 15:00 (UTC+0).", ["ETA"]),
    ],
)
def test_words_that_guess_and_promise_nothing(check: str, text: str, wrong: list[str]) -> None:
    found = getattr(check_words, check)(draft(text), text)
    assert [each.text for each in found] == wrong


def test_c11_a_well_service_is_no_place_for_the_harm() -> None:
    known = Known(services=("Payroll", "MyHR"))
    record = {"not_affected": "England and MyHR"}
    text = "Payroll: staff cannot submit timesheets in MyHR."
    assert [each.text for each in check_service.service(draft(text, record=record, known=known), text)] == ["MyHR"]
    text = "MyHR is as it was. Staff cannot submit timesheets in Payroll."
    assert not list(check_service.service(draft(text, record=record, known=known), text))


def test_c11_from_until_is_how_long_it_lasted() -> None:
    record = {"restored_at": datetime(2026, 11, 23, 13, 23, tzinfo=UTC)}
    written = draft(record=record, kind="restored", next_update_at=None)
    for length, wrong in (
        ("four hours and 13 minutes", []),
        ("six hours and 13 minutes", ["six hours and 13 minutes"]),
    ):
        text = f"It was out from 09:10 (UTC+0) until 13:23 (UTC+0), {length}."
        assert [each.text for each in check_duration.duration(written, text)] == wrong
    text = "From 09:10 (UTC+0), for six hours and 13 minutes, staff had to wait."
    assert [each.text for each in check_duration.duration(written, text)] == ["six hours and 13 minutes"]
    text = "It was out for two hours and 13 minutes in all."
    assert [each.text for each in check_duration.duration(written, text)] == ["two hours and 13 minutes"]


def test_c11_places_that_readers_are_asked_about_are_not_hit() -> None:
    asked = "Kindly send store staff in England home."
    assert not list(check_places.places(draft(asked), asked))


def test_c26_the_desk_only_if() -> None:
    for text, marked in (("Ring the desk only if it fails.", []), ("Desk only: do not read out.", ["Desk only"])):
        written = draft(text, audiences=("end_users",))
        assert [each.text for each in check_leaks.marked_internal(written, text)] == marked


def test_c11_stores_in_a_place_are_counted() -> None:
    record = {"other_texts": ("94 stores in Victoria and 24 stores in Tasmania",)}
    text = "It affects stores: 49 in Victoria and 24 in Tasmania."
    known = Known(sites=("Victoria", "Tasmania"))
    assert [each.text for each in check_breakdown.breakdown(draft(text, record=record, known=known), text)] == ["49"]
    text = "It affects 118 stores in Victoria and Tasmania."
    assert not list(check_breakdown.breakdown(draft(text, record=record, known=known), text))


def test_c11_ticket_holders_are_people_and_tickets_are_not_counted() -> None:
    record = {"count": "about 1,150 ticket holders", "who": "ticket holders"}
    for text, wrong in (("About 1,510 ticket holders wait.", ["About 1,510"]), ("We closed 40 tickets today.", [])):
        assert [each.text for each in check_numbers.numbers(draft(text, record=record), text)] == wrong
