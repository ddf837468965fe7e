"""C11: which priority, which incident and which service a message names, against the record."""

from dataclasses import replace
from typing import Any

import pytest

from comms.rules.checking.services import check_identity, check_service
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import brief, draft


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
