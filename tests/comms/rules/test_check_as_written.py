"""Times, places, services, blame and leftovers in the ways that other people write them (docs/gate.md, strangers)."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.numbers import check_numbers
from comms.rules.checking.places import check_places
from comms.rules.checking.services import check_service
from comms.rules.checking.times import check_since, check_times
from comms.rules.checking.wording import check_content, check_leaks, check_leftovers, check_words, english
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import brief, draft

KNOWN = Known(
    people=("Daniel Okafor", "Mei Tanaka", "Rosa Young", "Cher"),
    manager_names=("Grace Mensah",),
    teams=("Network Operations", "Database"),
    suppliers=("Telora",),
    services=("Payroll", "MyHR", "Okafor Clinic"),
    sites=("us-east", "eu-west", "ap-south", "Royal Mint", "Dublin", "Cork"),
)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("We post again at 10:30 (UTC+0).", []),
        ("We post again at 10:45 (UTC+0).", ["10:45"]),
        ("You will hear from us again at 10.45am (UTC+0).", ["10.45am"]),
        ("NEXT UPDATE\n10:45 (UTC+0)", ["10:45"]),
        ("When will I hear more? At 10:45 (UTC+0).", ["10:45"]),
        ("When we will write again: 10:45 (UTC+0).", ["10:45"]),
        ("Next word: 10:45 (UTC+0).", ["10:45"]),
        ("NEXT: update at 10:45 (UTC+0).", ["10:45"]),
        ("**Next update:** 10:45 (UTC+0)", ["10:45"]),
        ("09:10 Staff cannot sign in\n10:45 Next update", ["10:45"]),
        ("Decision at 10:45 (UTC+0), with the next update.", ["10:45"]),
        # The same moment in another place's time.
        ("Next update: 10:30 (UTC+0) / 11:30 (UTC+1).", []),
        ("Next update: 10:30 (UTC+0) / 10:30 (UTC+1).", ["10:30"]),
        ("Next update: 10:30 (UTC+0), in Paris 12:30 (UTC+1).", ["12:30"]),
        ("Next update: 11:30 CET (10:30 UTC).", []),
        ("Next update: 11:30 CET (09:30 UTC).", ["09:30"]),
        ("Next update at 10:30 (UTC+0), or 05:30 in New York (UTC-5).", []),
        ("Next update at 10:30 (UTC+0), 12:00 is lunch.", []),
        ("All times UTC+1. Next update: 11:30.", []),
        ("All times UTC+1. Next update: 10:30.", ["10:30"]),
        ("We tested it again at 09:40 (UTC+0).", []),
        ("Next update 10:30 (UTC+0). Next update 10:30 (UTC+0).", []),
    ],
)
def test_the_next_time_is_found_however_it_is_said(text: str, wrong: list[str]) -> None:
    written = kit.draft(body=text)
    assert [each.text for each in check_times.promised_in_text(written, text)] == wrong


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("It began at 15:35 CET.", []),
        ("It began at 15:35 PST.", ["15:35"]),
        ("All times are in UTC.\n09:10 It began", []),
        ("It began at 14:35 UTC (15:35 in Zurich, UTC+1).", []),
        ("It began at 8.45am.", ["8.45am"]),
    ],
)
def test_zones_that_mean_one_offset(text: str, bare: list[str]) -> None:
    assert [each.text for each in check_times.bare_time(kit.draft(), text, now=kit.NOW)] == bare


def starts(text: str, **change: Any) -> list[str]:
    return [each.text for each in check_since.since(draft(text, **change), text)]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("**Since:** 08:10 (UTC+0)", ["08:10"]),
        ("(d) since: 08:10 (UTC+0)", ["08:10"]),
        ("Ticket sales stopped at 08:10 (UTC+0), 10:10 in Paris (UTC+1).", ["08:10"]),
        ("It stopped at 09:10 (UTC+0), 09:10 in Paris (UTC+1).", ["09:10"]),
        ("The last attempt failed at 09:40 (UTC+0).", []),
        ("P1, start 08:10 UTC.", ["08:10"]),
        ("It began at 10:10 CET (09:10 UTC).", []),
        ("Times\n08:10 Staff start to see that they cannot submit\n09:20 Manager called", ["08:10"]),
        ("Times\n09:40 Restart", []),
        ("Site    Local start\nDublin  08:10 (UTC+0)    260\nParis   10:10 (UTC+1)    40", ["08:10"]),
        ("Site    Checked\nDublin  08:10 (UTC+0)    260", []),
        ("Dublin  08:10 (UTC+0)    260", []),
        ("Start of the list\nDublin  08:10 (UTC+0) and 08:20 (UTC+0)", ["08:10"]),
        ("Start of the list\nIn Dublin, as we heard: 08:10 (UTC+0)", []),
        ("[what is new since 09:40 (UTC+0)]", []),
        ("Since 09:40 (UTC+0) we are sending forms over a second line.", []),
    ],
)
def test_the_start_is_found_however_it_is_said(text: str, wrong: list[str]) -> None:
    assert starts(text) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Payroll has answered since 09:50 (UTC+0).", []),
        ("Payroll has answered since 09:40 (UTC+0).", ["09:40"]),
        ("It had been out since 09:10 (UTC+0).", []),
        ("Staff could not submit from 09:10 to 09:50 (UTC+0).", []),
        ("Staff could not submit from 09:10 to 09:55 (UTC+0).", ["09:55"]),
        ("Staff could not submit from 09:10 (UTC+0).", []),
        ("Staff have again submitted forms since 09:50 (UTC+0), 10:40 in Paris (UTC+1).", ["10:40"]),
    ],
)
def test_when_it_came_back(text: str, wrong: list[str]) -> None:
    restored_at = kit.NOW.replace(hour=9, minute=50)
    assert starts(text, kind="restored", record={"restored_at": restored_at}) == wrong


def test_times_are_compared_at_the_offset_that_they_name() -> None:
    assert starts("It began at 10:10 CET.", tz=ZoneInfo("America/New_York")) == []
    assert starts("It began at 09:10 CET.", tz=ZoneInfo("America/New_York")) == ["09:10"]


def places(text: str, **change: Any) -> list[tuple[str, str, str]]:
    return brief(check_places.places(draft(text, known=KNOWN, **change), text))


REGIONS = {"where": "us-east and eu-west", "not_affected": "ap-south"}


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        ("Where: us-east, ap-south", REGIONS, [("error", "unaffected_place", "ap-south")]),
        ("WHERE\nDublin\nNobody can pay.", REGIONS, [("error", "place", "Dublin")]),
        ("Regions: us-east", REGIONS, []),
        ("ap-south clean.", REGIONS, []),
        ("It fails in us-east. ap-south is clean.", REGIONS, []),
        ("us-east is not.", REGIONS, [("error", "affected_place", "us-east")]),
        ("us-east isn't affected.", REGIONS, [("error", "affected_place", "us-east")]),
        ("us-east operates as usual.", REGIONS, [("error", "affected_place", "us-east")]),
        ("us-east works.", REGIONS, [("error", "affected_place", "us-east")]),
        ("We write when us-east works.", REGIONS, []),
        ("us-east | working", REGIONS, [("error", "affected_place", "us-east")]),
        ("Traffic is slow, but not us-east", REGIONS, [("error", "affected_place", "us-east")]),
        ("Tills in us-east can submit.", REGIONS, [("error", "affected_place", "us-east")]),
        ("Tills in us-east can submit once we are done.", REGIONS, []),
        ("Tills in us-east can print.", REGIONS, []),
        ("The queue grows in us-east and Cork.", REGIONS, [("error", "place", "Cork")]),
        ("The queue grows in us-east (and Cork).", REGIONS, []),
        # Lines of a table.
        ("us-east  260\nCork  40", REGIONS, [("error", "place", "Cork")]),
        ("us-east  260\nCork  working", REGIONS, [("error", "place", "Cork")]),
        ("us-east  260\nCork | working", REGIONS, []),
        ("us-east  260\nap-south  40", REGIONS, []),
        ("us-east\nCork", REGIONS, []),
        ("Cork  40\nMonday  20", REGIONS, []),
        # A name with “and the” in it is two sites of ours.
        ("Dublin is fine.", {"where": "Dublin and the Royal Mint"}, [("error", "affected_place", "Dublin")]),
    ],
)
def test_places_however_they_are_said(text: str, record: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert places(text, record=record) == expected


def test_what_people_can_do_again_is_no_claim_that_they_always_could() -> None:
    assert places("Tills in us-east can submit.", record=REGIONS, kind="restored") == []


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("P1 | MI-2026-0042 | MyHR", {}, [("error", "service", "MyHR")]),
        ("MyHR is still not taking forms.", {}, [("error", "service", "MyHR")]),
        ("MyHR update #2", {}, [("error", "service", "MyHR")]),
        ("MyHR, MI-2026-0042, P1", {}, [("error", "service", "MyHR")]),
        ("MyHR, MI-2026-0077, P1", {}, []),
        ("MyHR is open.", {}, []),
        ("Forms go to MyHR tonight.", {}, []),
        ("Payroll: news. MyHR update #2", {}, []),
        ("MyHR has answered since 09:50.", {"kind": "restored"}, [("error", "service", "MyHR")]),
        ("MyHR was never affected.", {"kind": "restored"}, []),
    ],
)
def test_a_message_about_another_service(
    text: str, change: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    written = draft(text, known=KNOWN, subject="staff cannot submit timesheets", **change)
    assert brief(check_service.service(written, text)) == expected


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Network Operations made a wrong change this morning.", ["Network Operations"]),
        ("This happened because Telora failed to renew it.", ["Telora"]),
        ("Telora did not tell us.", ["Telora"]),
        ("Database pushed an untested change.", ["Database"]),
        ("Someone pushed an untested change.", ["Someone pushed an untested"]),
        ("Telora let us down again.", ["Telora", "let us down"]),
        # A machine, and what is no wrong deed.
        ("Database failed to start.", []),
        ("Network Operations changed the route at 09:40.", []),
        ("Telora made a new copy.", []),
    ],
)
def test_wrong_deeds_of_those_who_run_it(text: str, marked: list[str]) -> None:
    found = check_words.blame(draft(text, known=KNOWN), text)
    assert sorted(each.text for each in found if each.severity == "error") == sorted(marked)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Okafor and Tanaka are on the call.", ["Okafor", "Tanaka"]),
        ("Mr Okafor is on the call.", ["Mr Okafor"]),
        # Words, places, services and the accountable manager.
        ("Young staff cannot pay.", []),
        ("Patients of Okafor Clinic cannot pay.", []),
        ("The Tanaka Building is dark.", []),
        ("In St Tanaka the till is dark.", []),
        ("A tanaka is a till. Tanaka tills fail.", []),
        ("Mensah leads.", []),
    ],
)
def test_a_surname_alone_names_a_person(text: str, marked: list[str]) -> None:
    found = check_words.blame(draft(text, known=KNOWN), text)
    assert [each.text for each in found] == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("DRAFT - do not send.", ["DRAFT", "do not send"]),
        ("Not for publication.", ["Not for publication"]),
        ("Please do not send card numbers.", []),
        ("Do not send forms before noon.", []),
        ("We sell DRAFT beer.", []),
    ],
)
def test_what_says_that_it_is_not_to_leave(text: str, marked: list[str]) -> None:
    assert [each.text for each in check_leftovers.leftovers(text)] == marked


@pytest.mark.parametrize(
    ("text", "is_missing"),
    [
        ("You can sign in again.", True),
        ("What you can do:\nIt is being repaired.", True),
        ("What you can do: call the desk.", False),
        ("Cork operates as usual.", True),
        ("Please note that it fails.", True),
        ("Kindly e-mail the desk.", False),
        ("You may be unable to sign in.", True),
        ("Update - we know more.", True),
        ("Start time: 09:10.", True),
        ("Continue to work as usual.", False),
    ],
)
def test_what_asks_nothing_of_the_reader(text: str, is_missing: bool) -> None:
    found = check_content.content(draft(text, audiences=("public",)))
    assert any(each.code == "C19" for each in found) == is_missing


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("410 containers is held.", ["are"]),
        ("Engineers has been called.", ["have"]),
        ("About 9,500 households was affected.", ["were"]),
        ("Customers remains unable to pay.", ["remain"]),
        ("We are look into it.", ["looking"]),
        ("We are investigate.", ["investigating"]),
        # Right as they stand.
        ("15 minutes is too long.", []),
        ("One of the customers is blind.", []),
        ("A list of results is kept.", []),
        ("Three buses is a start? The bus is late.", []),
        ("There is work on it.", []),
    ],
)
def test_many_and_one(text: str, suggested: list[str]) -> None:
    assert [each.suggestion for each in english.slips(text)] == suggested


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It has not been possible to pay.", []),
        ("A possible leak.", ["possible"]),
    ],
)
def test_c03_what_has_not_been_possible_is_no_guess(text: str, wrong: list[str]) -> None:
    assert [each.text for each in check_words.speculation(draft(text), text)] == wrong


def test_c04_an_unconfirmed_cause_names_none() -> None:
    for text, found in (
        ("The cause is unconfirmed.", 0),
        ("The cause is not yet established.", 0),
        ("It hits guests who are due to arrive tonight.", 0),
        ("It is slow due to a full disk.", 1),
    ):
        assert len(list(check_words.cause(draft(text), text))) == found


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("You can simply connect as usual.", ["warning"]),
        ("Cash works, of course.", ["warning"]),
        ("This was avoidable.", ["error"]),
    ],
)
def test_c07_a_word_too_many_is_only_advised_against(text: str, severities: list[str]) -> None:
    assert [each.severity for each in check_words.blame(draft(text), text)] == severities


def test_c05_the_incidents_own_number_is_no_machine() -> None:
    record = {"reference": "VM-5523", "linked_references": frozenset({"DB-1001"})}
    text = "Quote VM-5523 or DB-1001 when you call about VM-5524."
    assert [each.text for each in check_leaks.hosts_and_jargon(draft(text, record=record), text)] == ["VM-5524"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Staff in Dublin cannot submit; Cork was not touched.", []),
        ("Staff in Dublin cannot submit. WHO IS NOT: staff in Cork.", []),
        ("Staff in Dublin cannot submit. Staff in Cork are not, and My Leave works.", []),
        ("Staff in Dublin were not touched.", ["Dublin"]),
        ("The screens in Dublin are correct.", ["Dublin"]),
        # A name of their own for all the recorded places is only asked about; one of ours beside them stops.
        ("Staff in the Pale cannot submit, those in Dublin.", []),
    ],
)
def test_c11_places_as_other_people_tell_them(text: str, wrong: list[str]) -> None:
    written = draft(text, known=KNOWN, record={"where": "Dublin", "not_affected": "Cork"})
    assert [each.text for each in check_places.places(written, text) if each.severity == "error"] == wrong


def test_c11_a_sentence_may_begin_with_a_small_letter() -> None:
    text = "Zones: fra-1b. fra-1c is clean."
    written = draft(text, known=Known(sites=("fra-1b", "fra-1c")), record={"where": "fra-1b", "not_affected": "fra-1c"})
    assert not list(check_places.places(written, text))


def test_c11_as_many_districts_as_are_named() -> None:
    record = {"where": "Dublin and Cork", "other_texts": ("before 09:50 three districts were affected",)}
    for text, wrong in (("Two districts cannot submit.", []), ("Four districts cannot submit.", ["Four"])):
        found = check_numbers.numbers(draft(text, known=KNOWN, record=record), text)
        assert [each.text for each in found if each.severity == "error"] == wrong


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        # Beside every recorded place, a sentence that names only well ones most likely calls them well.
        (
            "Staff in Dublin cannot submit. The staff in Cork go on as before.",
            ["warning"],
        ),
        ("Staff in Cork cannot submit.", ["error"]),
        ("Staff in Dublin and Cork cannot submit.", ["error"]),
    ],
)
def test_c11_a_sentence_of_well_places_beside_every_recorded_one(text: str, severities: list[str]) -> None:
    written = draft(text, known=KNOWN, record={"where": "Dublin", "not_affected": "Cork"})
    assert [each.severity for each in check_places.places(written, text)] == severities


def test_c11_a_share_told_of_no_harm_beside_the_right_one_is_asked_about() -> None:
    record = {"count": "41% of payments fail", "other_texts": ()}
    for text, severity in (
        ("41% of payments fail. 60% of traffic is moved.", "warning"),
        ("60% of payments fail.", "error"),
    ):
        assert [each.severity for each in check_numbers.numbers(draft(text, record=record), text)] == [severity]


def test_c11_a_time_told_of_no_harm_beside_the_right_start_is_asked_about() -> None:
    text = "Staff cannot submit since 09:10 (UTC+0). The scan of files, which began at 09:45 (UTC+0), goes on."
    assert [each.severity for each in check_since.since(draft(text), text)] == ["warning"]
