"""C11 and C01: what stands in a text in the place of something recorded that it has nowhere."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.numbers import check_numbers, check_parts
from comms.rules.checking.places import check_places
from comms.rules.checking.services import check_service, check_stand_ins
from comms.rules.checking.times import check_since, check_times
from comms.rules.checking.wording import check_leftovers, check_words
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import brief, draft

RESTORED: dict[str, Any] = {"restored_at": datetime(2026, 11, 23, 9, 50, tzinfo=UTC)}
KNOWN = Known(
    services=("Payroll", "MyHR", "Rota", "Web Payroll", "Click and Collect", "Bus Tracker"),
    sites=("Dublin", "Cork", "Leeds", "York"),
)


def errors(found: Any) -> list[str]:
    return [each.text.strip() for each in found if each.severity == "error"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("At 08:10 (UTC+0) the store staff fell behind with timesheets.", ["08:10"]),
        ("At 08:10 (UTC+0) the moon rose.", []),  # no words of the impact
        ("Timesheets of staff, as has been the case since 08:10 (UTC+0), do not go out.", ["08:10"]),
        ("Nothing is new: submitting is impaired from 08:10 (UTC+0).", ["08:10"]),
        ("Timesheets that staff sent before 08:10 (UTC+0) are safe.", ["08:10"]),
        ("Timesheets that staff sent before 09:10 (UTC+0) are safe.", []),
        ("Before 08:10 (UTC+0) staff sent timesheets; it began at 09:10 (UTC+0).", []),  # the right one stands there
        ("Staff began timesheets at 12:00 (UTC+0).", []),  # recorded of something else
        ("Staff started to hear of timesheets at 10:30 (UTC+0).", []),  # when the next update comes
        ("Staff will start on timesheets at 08:10 (UTC+0).", []),
        ("At 08:10 (UTC+0) we stopped timesheets of staff.", []),
        ("- 08:10: impact began", ["08:10"]),
        ("When it began: 08:10", ["08:10"]),
        ("Since a quarter past eight (08:15 UTC+0) staff cannot submit.", ["08:15"]),
        ("Staff have been holding timesheets back since 08:10 (UTC+0).", ["08:10"]),
        ("Since 8.10 this evening staff cannot submit.", ["8.10"]),
        ("Since 0810 staff cannot submit.", ["0810"]),
        ("Since 0910 UTC staff cannot submit.", []),
        ("Since 08h10 staff cannot submit.", ["08h10"]),
        ("It goes back to 08:10 (UTC+0) and touches all.", ["08:10"]),
        ("Since 08:10 searches of staff come back as blank timesheets.", ["08:10"]),
        ("Since 08:10 staff hear the welcome message and cannot submit.", ["08:10"]),
    ],
)
def test_c11_the_start(text: str, wrong: list[str]) -> None:
    assert errors(check_since.since(draft(text), text)) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Payroll was repaired at 09:40 (UTC+0).", ["09:40"]),
        ("Payroll answers as normal, which it did at 09:40 (UTC+0).", ["09:40"]),
        ("Payroll answers as normal, 09:40 (UTC+0); it was repaired at 09:50 (UTC+0).", []),
        ("Payroll was repaired at 09:50 (UTC+0).", []),
        ("- 09:40: service was restored", ["09:40"]),
        ("P1: service restored 09:40 (UTC+0).", ["09:40"]),
        ("We put it right at 09:40 (UTC+0).", ["09:40"]),
        ("From: 09:10 to 09:40 UTC", ["09:40"]),
        ("From 08:10 until the service was restored, staff could not submit.", ["08:10"]),
        ("Between 08:10 and 09:50 (UTC+0) staff had difficulty with timesheets.", ["08:10"]),
        ("It was down between 12:00 and 12:30 (UTC+0).", []),  # recorded of something else
        # A line of a table with a time that the record has of something else.
        ("09:10 | Timesheets fail\n09:50 | Restored\n12:00 | Release of the queue began", []),
    ],
)
def test_c11_the_return(text: str, wrong: list[str]) -> None:
    assert errors(check_since.since(draft(text, kind="restored", record=RESTORED), text)) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("We will add the next line here at 11:30 (UTC+0).", ["11:30"]),
        ("We will add the next line here at 10:30 (UTC+0).", []),
        ("We will add a line at 12:00 (UTC+0).", []),  # a time that the record has
        ("We will restart it at 11:30 (UTC+0).", []),  # no news
        ("The next memo will go out at 11:30 (UTC+0).", ["11:30"]),
        ("NEXT ALERT: 11:30 (UTC+0)", ["11:30"]),
        ("I’ll be back at half past eleven (11:30 UTC+0).", ["11:30"]),
        ("Next message 1130 UTC.", ["1130"]),
        ("Next update at 25:99.", []),
        ("The next update follows at 11h30.", ["11h30"]),
    ],
)
def test_c01_the_promise_in_other_words(text: str, wrong: list[str]) -> None:
    assert errors(check_times.promised_in_text(draft(text), text)) == wrong


@pytest.mark.parametrize(
    ("text", "of_day"),
    [
        ("since 3.30 this afternoon", (15, 30)),
        ("since 03:30 in the evening", (15, 30)),
        ("since 11:30 last night", (23, 30)),
        ("until 02:00 tonight", (2, 0)),
        ("since 15:30 this afternoon", (15, 30)),
        ("at 0510 SAST", (5, 10)),
    ],
)
def test_times_of_day_as_people_say_them(text: str, of_day: tuple[int, int]) -> None:
    hit = check_times.CLOCK.search(text)
    assert hit is not None
    assert (check_times.clock_of(hit).hour, check_times.clock_of(hit).minute) == of_day


@pytest.mark.parametrize("text", ["in 2026 UTC offsets", "order 0510", "0510 boxes", "at 12:30:45.5"])
def test_four_digits_alone_are_no_time(text: str) -> None:
    hits = [hit for hit in check_times.CLOCK.finditer(text) if hit["hour4"] or hit["hour5"]]
    assert not [hit for hit in hits if hit.group() != "2026"]


@pytest.mark.parametrize(
    "text",
    [
        "Next update at 14:00 Irish time (IST).",
        "Next update at 14:00 (Dutch time, CEST).",
        "Next update at 14:00, Gulf Standard Time.",
        "Next update at 14:00 hours SAST.",
        "Timeline (all times SGT)\n- 14:00 next",
    ],
)
def test_c20_zones_in_other_words(text: str) -> None:
    assert not errors(check_times.bare_time(kit.draft(body=text, tz=UTC), text, now=kit.NOW)) or "IST" in text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        # A message that names its own service nowhere.
        ("It began for MyHR at Ireland.", ["MyHR"]),
        ("Opened for MyHR at Wales.", ["MyHR"]),
        ("Your payslips in MyHR are late.", ["MyHR"]),
        ("WHAT: MyHR is blank.", ["MyHR"]),
        ("MyHR has been in bits.", ["MyHR"]),
        ("MyHR and Rota: your payslips in both.", []),
        ("We are testing MyHR step by step.", ["MyHR"]),
        ("12 MyHR screens are blank.", ["MyHR"]),
        ("Nobody in Leeds can sign in to MyHR.", ["MyHR"]),
        # The way round that the record says stands nowhere.
        ("Payroll is slow. Please use Rota.", ["Rota"]),
        ("Payroll is slow. Please use Web Payroll, or Rota.", []),
        ("Look at your payslips in MyHR instead.", ["MyHR"]),
    ],
)
def test_c11_a_service_in_the_place_of_another(text: str, wrong: list[str]) -> None:
    record = {"workaround": "Use Web Payroll", "other_texts": ()}
    written = draft(text, subject="staff wait", known=KNOWN, record=record)
    assert errors(check_service.service(written, text)) == wrong


def test_c11_what_may_be_used_instead_may_be_named_alone() -> None:
    text = "Look at your payslips in MyHR instead."
    written = draft(text, subject="staff wait", known=KNOWN, record={"workaround": "", "other_texts": ()})
    assert not list(check_service.service(written, text))


def test_c11_a_well_service_with_the_harm_in_it_is_the_wrong_one() -> None:
    text = "Staff cannot submit timesheets in MyHR."
    written = draft(text, subject="staff wait", known=KNOWN, record={"not_affected": "MyHR", "other_texts": ()})
    assert errors(check_service.service(written, text)) == ["MyHR"]


def test_c11_what_is_back_is_the_incidents_own() -> None:
    for text, wrong in (
        ("You can see payslips in MyHR again.", ["MyHR"]),
        ("You can see payslips in Payroll again.", []),
    ):
        written = draft(text, subject="staff wait", kind="restored", known=KNOWN, record=RESTORED)
        assert errors(check_service.service(written, text)) == wrong


@pytest.mark.parametrize(
    ("text", "not_affected", "wrong"),
    [
        ("MyHR is not affected.", "Rota", ["MyHR"]),
        ("MyHR worked throughout.", "Rota", ["MyHR"]),
        ("MyHR and Rota are not affected.", "Rota", []),
        ("Rota is not affected.", "Rota", []),
        ("MyHR is not affected.", "England", []),
        ("Forms go to MyHR.", "Rota", []),
    ],
)
def test_c11_another_service_called_well(text: str, not_affected: str, wrong: list[str]) -> None:
    written = draft(text, known=KNOWN, record={"not_affected": not_affected})
    assert errors(check_stand_ins.other_called_well(written, text)) == wrong


def test_c11_called_well_without_a_record_says_nothing() -> None:
    assert not list(check_stand_ins.other_called_well(kit.draft(known=KNOWN), "MyHR is not affected."))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Site: Ireland (England is fine, and so is the truck gate)", []),
        ("Site: Leeds (England is fine)", ["Leeds"]),
        ("Line 2 at Ireland has parts for 9 hours, and England is running normally.", []),
        ("Are flights from England affected?", []),
        ("Staff cannot submit at the sites, so send them to the England office.", []),
        ("Please offer Click and Collect to anyone who cannot get a slot.", []),
        ("Payroll, Leeds, is hit.", ["Leeds"]),
        ("Staff whose accounts are run from Ireland and Wales have been unable to submit.", ["Wales"]),
        ("Payroll in Ireland and Wales has shown high write latency.", ["Wales"]),
        ("Bill payments and forms in England are working.", []),
    ],
)
def test_c11_places_in_other_words(text: str, wrong: list[str]) -> None:
    record = {"not_affected": "England, and Click and Collect"}
    written = draft(text, known=KNOWN, record=record)
    assert errors(check_places.places(written, text)) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("VPN is slow for 410 of the 565 clerks.", ["565"]),
        ("It had run on 12 of 18 shared lines.", ["12"]),
        ("Out of 655 clerks, 401 are affected.", ["401"]),
        ("The rate fell from 24 to 13 moves.", ["13"]),
        ("Of the total, 38% (83% of the total) fail.", ["83%"]),
        ("1,840 marks were taken on paper.", ["1,840"]),
        ("It concerns six of our hotels.", ["six"]),
        ("At ten past seven it stood still, and at twenty to eight, and at nine o’clock.", []),
        ("Of 655 clerks, 401 have left late.", ["401"]),
    ],
)
def test_c11_numbers_in_other_words(text: str, wrong: list[str]) -> None:
    record = {
        "count": "410 of 655 clerks, 38% of all forms fail",
        "who": "clerks",
        "other_texts": ("11 of 18 lines", "17 moves in an hour", "1,480 marks on paper", "9 hotels"),
    }
    found = errors(check_numbers.numbers(draft(text, record=record), text))
    assert found == wrong


def test_c11_what_a_correction_says_was_said_before_may_stand() -> None:
    text = "About 1,200 staff cannot submit. At first it was 2,000 staff."
    written = draft(text, kind="correction")
    assert not [each for each in brief(check_numbers.numbers(written, text)) if each[0] == "error"]


def test_c11_the_only_share_on_record_is_another() -> None:
    record = {"count": "6,200 forms, 1 in 4 cannot be sent", "other_texts": ()}
    for text, wrong in (
        ("The button is grey for one form in ten.", ["one form in ten"]),
        ("The button is grey for one form in four, one clerk in ten.", []),
        ("One form in ten is done already.", []),
    ):
        assert errors(check_parts.fractions(draft(text, record=record), text)) == wrong


def test_c10_the_end_of_a_compound_is_no_doubled_word() -> None:
    assert not list(check_leftovers.leftovers("One sign-in in three fails."))
    assert list(check_leftovers.leftovers("One in in three fails."))


def test_c20_a_time_of_a_place_is_what_its_people_have() -> None:
    text = "It began at 2.05 pm. We will post again at 2.50 pm Malaysian time."
    found = list(check_times.bare_time(kit.draft(body=text), text, now=kit.NOW))
    assert [(each.severity, each.text) for each in found] == [("warning", "2.05 pm")]


def test_c11_of_what_is_left_one_may_be_done() -> None:
    record = {"other_texts": ("3 of 8 nodes fail",)}
    text = "Three of eight nodes fail. The first was replaced; the other two are not."
    assert not list(check_parts.rest(draft(text, record=record), text))


def test_c04_what_it_led_to_is_no_cause() -> None:
    assert not list(check_words.cause(kit.draft(), "Because of the lost hours, due dates have moved."))
    assert list(check_words.cause(kit.draft(), "Because of the change, due dates have moved."))


def test_c12_the_rest_of_the_work_may_be_going_on() -> None:
    text = "We have keyed in 5,400 and are working on the other 1,800."
    assert not list(check_words.tense(kit.draft(kind="restored", state="resolved"), text))


def test_c22_long_texts_are_compared_by_their_words() -> None:
    body = "Staff cannot submit timesheets. " * 200
    assert list(check_words.no_news(kit.draft(body=body, previous_body=body)))
