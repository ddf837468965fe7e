"""C11: since when, which priority, which incident and which service a message names, against the record."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from comms.rules.checking import check_identity, check_service
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import BERLIN, brief, draft


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("It began at 09:10 (UTC+0).", {}, []),
        ("Since 08:10 (UTC+0) staff cannot submit.", {}, ["08:10"]),
        ("What: timesheets\nStart: 08:10 (UTC+0)", {}, ["08:10"]),
        ("- Start time: 09:10 (UTC+0)", {}, []),
        ("Staff cannot submit. Start: 08:10 (UTC+0).", {}, ["08:10"]),
        ("Since 10:10 (UTC+1) staff cannot submit.", {}, []),
        ("Since 10:10 staff cannot submit.", {"tz": BERLIN}, []),
        ("Since about 09:15 (UTC+0) staff cannot submit.", {}, []),
        ("Since about 09:25 (UTC+0) staff cannot submit.", {}, ["09:25"]),
        ("Since 09:15 (UTC+0) staff cannot submit.", {"record": {"since_is_exact": False}}, []),
        ("The form is not working since 08:10 (UTC+0).", {}, ["08:10"]),
        ("The form has not worked since 09:10 (UTC+0).", {}, []),
        ("The form has worked since 09:50 (UTC+0).", {}, []),
        ("It works again, after an hour (it began at 08:10 (UTC+0)).", {}, ["08:10"]),
        ("No change since 09:40 (UTC+0).", {}, []),
        ("Our engineers have been testing since 09:40 (UTC+0).", {}, []),
        ("The next update comes at 10:30 (UTC+0).", {}, []),
        ("Since 08:10 (UTC+0) staff cannot submit.", {"record": {"since": None}}, []),
        ("Payslips from 12:00 (UTC+0) may be late.", {}, []),  # the record says 12:00 of something else
        ("Payslips from 12:30 (UTC+0) may be late.", {}, ["12:30"]),
        ("The first failures were seen at 08:10 (UTC+0).", {}, ["08:10"]),
        ("Since when: 08:10 (UTC+0)", {}, ["08:10"]),
        ("Between 08:10 (UTC+0) and then messages came late.", {}, ["08:10"]),
        ("Between 09:10 and 09:50 (UTC+0) messages came late.", {}, []),
        ("Between 08:10 and 08:20 (UTC+0) we restarted what had failed.", {}, []),
        ("Deliveries will be late between 12:00 and 14:00 (UTC+0).", {}, []),
        ("Staff who cannot submit should call from 10:00 (UTC+0).", {}, []),
        ("Staff cannot submit; the fix was started at 09:40 (UTC+0).", {}, []),
        ("The first reports came at 09:14 (UTC+0).", {}, []),
        ("Between 18:00 and 20:00 (UTC+0) the shop is open.", {}, []),
        ("Nothing has changed: staff cannot submit since 08:10 (UTC+0).", {}, ["08:10"]),
        ("Viewers cannot watch since 08:10 (UTC+0).", {}, ["08:10"]),
        ("It has been working, having failed from 08:10 (UTC+0).", {}, ["08:10"]),
        ("Staff who could not submit have been able to again since 09:50 (UTC+0).", {}, []),
        ("Staff cannot submit, no change since 09:40 (UTC+0).", {}, []),
        ("Staff could not submit from 08:10 (UTC+0) and can again.", {}, []),
    ],
)
def test_c11_since_when(text: str, change: dict[str, Any], expected: list[str]) -> None:
    found = list(check_identity.since(draft(text, **change), text))
    assert [each.text for each in found] == expected
    assert all(each.severity == "error" and each.suggestions for each in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Payroll works again since 09:50 (UTC+0), after forty minutes (from 09:10 (UTC+0)).", []),
        ("Payroll works again since 09:50 (UTC+0), after forty minutes (from 08:10 (UTC+0)).", ["08:10"]),
        ("Payroll is back. It was down for 40 min, from 08:10 (UTC+0).", ["08:10"]),
        ("We watched it for two hours from 10:10 (UTC+0); it works again.", []),
        ("An alarm has been in place since 11:00 (UTC+0).", []),
        ("Staff can submit again since 10:20 (UTC+0).", ["10:20"]),
        ("Times: started 09:10 (UTC+0), restored 10:20 (UTC+0).", ["10:20"]),
        ("Period: 09:10 to 10:20 (UTC+0).", ["10:20"]),
        ("Period: 08:10 to 09:50 (UTC+0).", ["08:10"]),
        ("The delay ended at 10:20 (UTC+0).", ["10:20"]),
    ],
)
def test_c11_since_when_it_had_lasted(text: str, expected: list[str]) -> None:
    record = {"restored_at": datetime(2026, 11, 23, 9, 50, tzinfo=UTC)}
    found = check_identity.since(draft(text, kind="restored", record=record), text)
    assert [each.text for each in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MyHR works again.", [("error", "service", "MyHR")]),
        ("MyHR was never affected; Payroll works again.", []),
        ("Payroll works again.", []),
    ],
)
def test_c11_the_service_of_a_message_that_it_is_over(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert brief(check_service.service(draft(text, kind="restored", subject="staff can go on"), text)) == expected


@pytest.mark.parametrize(("text", "expected"), [("at 09:50", []), ("at 09:40", ["09:40"]), ("since 09:50", [])])
def test_c11_since_when_it_works_again(text: str, expected: list[str]) -> None:
    words = f"Payroll was restored {text} (UTC+0)."
    record = {"restored_at": datetime(2026, 11, 23, 9, 50, tzinfo=UTC)}
    found = check_identity.since(draft(words, kind="restored", record=record), words)
    assert [each.text for each in found] == expected


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("This is a P1 incident.", {}, []),
        ("This is a P2 incident.", {}, ["P2"]),
        ("It is priority 3.", {}, ["priority 3"]),
        ("Priority: 3", {}, ["Priority: 3"]),
        ("Priority: 1", {}, []),
        ("It was raised from P2 to P1.", {}, []),
        ("It was raised from P4 to P1.", {}, ["P4"]),
        ("P2 before.", {"kind": "downgrade"}, []),
        ("This is a P2 incident.", {"record": {"priority": ""}}, []),
    ],
)
def test_c11_priority(text: str, change: dict[str, Any], expected: list[str]) -> None:
    assert [each.text for each in check_identity.priority(draft(text, **change), text)] == expected


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("MI-2026-0042 goes on.", {}, []),
        ("mi-2026-0041 is a part of it.", {}, []),
        ("See MI-2026-0043.", {}, ["MI-2026-0043"]),
        ("See MI-2026-0043.", {"record": {"reference": ""}}, []),
    ],
)
def test_c11_reference(text: str, change: dict[str, Any], expected: list[str]) -> None:
    assert [each.text for each in check_identity.reference(draft(text, **change), text)] == expected


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("MyHR is down.", "staff cannot submit timesheets", [("error", "service", "MyHR")]),
        ("MyHR is down.", "Payroll: staff cannot submit", [("error", "service", "MyHR")]),
        ("MyHR is down too.", "Payroll: staff cannot submit", [("warning", "service", "MyHR")]),
        ("If you cannot submit, MyHR works.", "staff wait", []),
        ("MyHR is open.", "staff wait", []),
        ("Payroll is down.", "staff wait", []),
        # Where the sentence tells the recorded harm of another service, that stands for the incident's own.
        ("Staff cannot submit timesheets in MyHR.", "Payroll waits", [("error", "service", "MyHR")]),
        ("Staff also cannot submit timesheets in MyHR.", "Payroll waits", [("warning", "service", "MyHR")]),
        ("Forms do not load in MyHR.", "staff wait", [("error", "service", "MyHR")]),
        ("Payroll: staff cannot submit timesheets in MyHR.", "Payroll", [("error", "service", "MyHR")]),
    ],
)
def test_c11_service(text: str, subject: str, expected: list[tuple[str, str, str]]) -> None:
    assert brief(check_service.service(draft(text, subject=subject), text)) == expected
    assert not list(check_service.service(draft(text, subject=subject, record={"service": ""}), text))


@pytest.mark.parametrize(
    "text",
    [
        "MyHR is down.",
        "MyHR is down, use the paper form instead.",
        "MyHR is not working.",
        "MyHR does not load, and we work on it.",
        "The MyHR portal is currently not available.",
        "MyHR has been unavailable since 09:10 (UTC+0).",
        "This affects MyHR.",
        "Staff cannot sign in to MyHR.",
        "Payroll and MyHR are affected.",
        "There is an outage of MyHR.",
        "We are looking into a problem with MyHR.",
    ],
)
def test_c11_another_service_that_is_said_to_be_down_stops(text: str) -> None:
    """The record holds no word of it, and nothing links the two, wherever the right one is named as well."""
    whole = f"Staff cannot submit timesheets in Payroll. {text}"
    assert brief(check_service.service(draft(whole), whole)) == [("error", "service", "MyHR")]


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("MyHR is not affected.", []),
        ("Use MyHR instead.", []),
        ("If you cannot submit, MyHR works.", []),
        ("This does not affect MyHR.", []),
        ("We know of no problems with MyHR.", []),
        ("There are no known issues with MyHR; England cannot be reached.", []),
        ("We work without affecting MyHR, which is down at night.", ["warning"]),
        ("If MyHR is down, call us.", ["warning"]),
        ("Callers say that MyHR is down.", ["warning"]),
        ("Callers see “MyHR is down”.", ["warning"]),
        ("MyHR will be down on Sunday for maintenance.", ["warning"]),
        ("MyHR is down because Payroll is down.", ["warning"]),
        ("MyHR is down, which is MI-2026-0007.", ["warning"]),
        ("MyHR was down yesterday.", ["warning"]),
        ("MyHR was down.", ["warning"]),
        ("We said that MyHR is down.", ["warning"]),
        ("Is MyHR down?", ["warning"]),
        ("We did not lose MyHR, Payroll is down.", ["warning"]),
    ],
)
def test_c11_what_is_not_said_outright_never_stops(text: str, severities: list[str]) -> None:
    whole = f"Staff cannot submit timesheets in Payroll. {text}"
    assert [each.severity for each in check_service.service(draft(whole), whole)] == severities


def test_c11_what_hangs_on_the_service_may_be_down_with_it() -> None:
    whole = "Staff cannot submit timesheets in Payroll. MyHR is down."
    linked = draft(whole, known=replace(kit.GOOD.known, related=frozenset({"MyHR"})))
    assert brief(check_service.service(linked, whole)) == [("warning", "service", "MyHR")]
    among_teams = draft(whole, audiences=("technical",))
    assert brief(check_service.service(among_teams, whole)) == [("warning", "service", "MyHR")]
    over = draft(whole.replace("MyHR is", "MyHR was"), kind="restored")
    assert brief(check_service.service(over, over.body)) == [("error", "service", "MyHR")]


def test_c11_a_service_named_like_what_people_do_is_not_named_by_it() -> None:
    record = {"service": "Timesheets"}
    whole = "Timesheets: we work on it. Staff cannot submit timesheets in MyHR."
    made = draft(whole, record=record)
    assert brief(check_service.service(made, whole)) == [("error", "service", "MyHR")]
    well = "Timesheets: we work on it. Staff cannot submit timesheets in Timesheets, which feeds MyHR."
    assert [each.severity for each in check_service.service(draft(well, record=record), well)] == ["warning"]


def test_c11_another_service_beside_a_harm_that_is_no_cannot() -> None:
    record = {"activity": "see empty charts"}
    whole = "Payroll: we work on it. Customers see empty charts in MyHR."
    assert brief(check_service.service(draft(whole, record=record), whole)) == [("error", "service", "MyHR")]
    well = "Payroll: we work on it. You can submit timesheets in MyHR."
    assert not list(check_service.service(draft(well), well))
