from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.rules import impact
from incidents.rules.impact import Impact

SINCE = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
FULL = Impact(
    service="Payroll",
    who="store staff",
    activity="submit timesheets",
    count="1200",
    count_basis="till error counts",
    where="Ireland and Scotland",
    not_affected="England and the web shop",
    since=SINCE,
    workaround="Cash works",
    consequence="payroll closes",
    critical_time="12:00 (UTC+0)",
    confidence="estimated",
    as_of=datetime(2026, 11, 23, 9, 31, tzinfo=UTC),
)


def test_the_whole_sentence() -> None:
    assert impact.sentence(FULL) == (
        "About 1,200 store staff in Ireland and Scotland cannot submit timesheets in Payroll, since 09:10 (UTC+0). "
        "England and the web shop are not affected. Cash works. Payroll closes (critical time: 12:00 (UTC+0)). "
        "Estimated from till error counts, as of 09:31 (UTC+0)."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "store staff cannot submit timesheets"),
        ({"activity": "Cannot submit timesheets."}, "store staff cannot submit timesheets"),
        ({"who": ""}, "people cannot submit timesheets"),
        ({"activity": " "}, ""),
    ],
)
def test_the_symptom_in_the_users_words(change: dict[str, str], words: str) -> None:
    statement = replace(FULL, **{"activity": "submit timesheets", **change})  # type: ignore[arg-type]
    assert impact.symptom(statement) == words


def test_the_reader_sees_their_own_zone() -> None:
    text = impact.sentence(FULL, tz=ZoneInfo("Asia/Kolkata"))
    assert "since 14:40 (UTC+5:30)" in text
    assert "as of 15:01 (UTC+5:30)" in text


def test_a_start_on_another_day_carries_its_date() -> None:
    text = impact.sentence(replace(FULL, since=SINCE - timedelta(days=1)))
    assert "since Sun 22 Nov, 09:10 (UTC+0)." in text


def test_what_is_not_known_is_said() -> None:
    assert impact.sentence(Impact()) == (
        "People (number not yet known) are affected. The start time is not yet known. Not yet confirmed."
    )
    assert impact.sentence(Impact(), past=True).startswith("People (number not yet known) were affected.")


def test_past_tense_once_restored() -> None:
    over = replace(FULL, until=SINCE + timedelta(hours=2), not_affected="England", confidence="confirmed", as_of=None)
    text = impact.sentence(over, past=True)
    assert "could not submit timesheets in Payroll, from 09:10 (UTC+0) to 11:10 (UTC+0)." in text
    assert "England was not affected." in text
    assert text.endswith("Confirmed from till error counts.")


def test_past_tense_without_an_end_says_since() -> None:
    assert ", since 09:10 (UTC+0)." in impact.sentence(FULL, past=True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"activity": "cannot submit timesheets"}, "cannot submit timesheets in Payroll,"),
        ({"activity": "Submit timesheets"}, "cannot submit timesheets in Payroll,"),
        ({"activity": "Wait for minutes"}, "wait for minutes in Payroll,"),
        ({"activity": "PIN entry"}, "cannot PIN entry in Payroll,"),
        ({"activity": "are unable to submit timesheets"}, "cannot submit timesheets in Payroll,"),
        ({"activity": "log in"}, "cannot log in to Payroll,"),
        ({"activity": "wait 4 minutes for a payslip"}, "wait 4 minutes for a payslip in Payroll,"),
        ({"activity": "submit timesheets in payroll."}, "cannot submit timesheets in payroll,"),
        ({"service": ""}, "cannot submit timesheets,"),
        ({"where": "at all tills"}, "store staff at all tills cannot"),
        ({"where": ""}, "store staff cannot"),
        ({"count": "All"}, "All store staff in Ireland"),
        ({"count": "800-1200"}, "About 800-1,200 store staff"),
        ({"count": "12", "confidence": "confirmed"}, "12 store staff in"),
        ({"count": "12", "confidence": {"count": "confirmed", "where": "unknown"}}, "12 store staff in"),
        ({"count": "12", "confidence": {"where": "confirmed"}}, "About 12 store staff in"),
        ({"who": ""}, "About 1,200 people in Ireland"),
        # A count that says what it counts stands behind those who are hurt.
        ({"count": "40 stores"}, "Store staff in Ireland and Scotland (about 40 stores) cannot"),
        ({"count": "about 40 of 90 tills"}, "Store staff in Ireland and Scotland (about 40 of 90 tills) cannot"),
        ({"count": "1,200 staff"}, "About 1,200 store staff in"),
        ({"count": "1,200 so far"}, "About 1,200 so far store staff in"),
        ({"not_affected": "England"}, "England is not affected."),
        ({"not_affected": "The web shop works."}, "The web shop works."),
        ({"consequence": "payroll closes 12:00 (UTC+0)"}, "Payroll closes 12:00 (UTC+0). Estimated"),
        ({"critical_time": ""}, "Payroll closes. Estimated"),
        ({"confidence": ""}, "Not yet confirmed, from till error counts"),
        ({"confidence": "unknown", "count_basis": ""}, "Not yet confirmed, as of"),
    ],
)
def test_facts_as_people_write_them(change: dict[str, object], expected: str) -> None:
    assert expected in impact.sentence(replace(FULL, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        ("confirmed", "confirmed"),
        ("", "unknown"),
        ({}, "unknown"),
        ({"who": "confirmed", "count": "confirmed"}, "confirmed"),
        ({"who": "confirmed", "count": "estimated"}, "estimated"),
        ({"who": "unknown", "count": "estimated"}, "unknown"),
    ],
)
def test_only_as_sure_as_the_least_sure_fact(confidence: str | dict[str, str], expected: str) -> None:
    assert impact.overall_confidence(confidence) == expected


def test_a_full_statement_passes_all_seven_gates() -> None:
    assert [gate.filled for gate in impact.gates(FULL)] == [True] * 7
    assert impact.missing(FULL) == ()


def test_the_first_message_needs_who_activity_and_since_only() -> None:
    first = Impact(who="staff", activity="log in", since=SINCE)
    assert impact.missing(first, first_message=True) == ()
    assert [gate.code for gate in impact.missing(first)] == ["count", "where", "workaround", "consequence"]
    assert [gate.code for gate in impact.missing(Impact(), first_message=True)] == ["who", "activity", "since"]


def test_a_number_counts_only_with_its_basis() -> None:
    assert [gate.code for gate in impact.missing(replace(FULL, count_basis=" "))] == ["count"]


def test_a_start_that_is_no_instant_stands_as_it_was_typed() -> None:
    typed = Impact(who="staff", activity="log in", since_text="this morning, first call. ")
    assert impact.sentence(typed).startswith(
        "Staff (number not yet known) cannot log in, since this morning, first call. "
    )
    assert "since" not in {gate.code for gate in impact.missing(typed)}


BY = datetime(2026, 11, 23, 10, 45, tzinfo=UTC)
OPEN = impact.being_checked(BY)


def test_an_open_gate_says_by_when_it_is_checked() -> None:
    assert OPEN == "not yet known, being checked, by 10:45 (UTC+0)"
    assert impact.being_checked(BY, tz=ZoneInfo("Asia/Kolkata")).endswith("by 16:15 (UTC+5:30)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OPEN, True),
        ("Not known, asked at 10:05", True),
        ("not known", True),
        ("none", False),
        ("", False),
        ("12", False),
    ],
)
def test_what_is_being_checked_is_no_fact(text: str, expected: bool) -> None:
    assert impact.is_being_checked(text) is expected
    assert impact.known(text) == ("" if expected else text)


def test_open_facts_stand_in_one_sentence_with_their_time() -> None:
    text = impact.sentence(replace(FULL, count=OPEN, where=OPEN, workaround="not known"))
    assert text == (
        "Store staff (number not yet known) cannot submit timesheets in Payroll, since 09:10 (UTC+0). England and the "
        "web shop are not affected. Payroll closes (critical time: 12:00 (UTC+0)). Not yet known, being checked: how "
        "many, where, by 10:45 (UTC+0); whether there is a way around it. "
        "Estimated from till error counts, as of 09:31 (UTC+0)."
    )


def test_an_open_start_is_said_once() -> None:
    text = impact.sentence(replace(FULL, since=None, since_text=OPEN, who=OPEN, confidence="unknown"))
    assert "About 1,200 people in Ireland and Scotland cannot submit timesheets in Payroll. The start time is" in text
    assert "Not yet known, being checked: who exactly, since when, by 10:45 (UTC+0)." in text


def test_a_gate_that_is_being_checked_is_stated_and_open() -> None:
    gates = {gate.code: gate for gate in impact.gates(replace(FULL, count=OPEN, count_basis="", workaround=""))}
    assert (gates["count"].filled, gates["count"].being_checked) == (True, True)
    assert (gates["workaround"].filled, gates["workaround"].being_checked) == (False, False)
    assert (gates["who"].filled, gates["who"].being_checked) == (True, False)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("lost", "Data is lost."),
        ("delayed", "Data is delayed."),
        ("at_risk", "Data is at risk."),
        ("none_known", "No loss of data is known."),
    ],
)
def test_what_happens_to_data_is_said(state: str, words: str) -> None:
    assert f" {words} Estimated" in impact.sentence(replace(FULL, data_state=state))
