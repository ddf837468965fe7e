from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comms.choices import UpdateKind
from comms.rules import subject
from tests.comms.rules.kit import NEXT, NOW

LISBON_SUMMER = ZoneInfo("Europe/Berlin")


def compose(**change: Any) -> str:
    facts: dict[str, Any] = {
        "kind": "update",
        "priority": "P1",
        "sequence": 3,
        "service": "Payroll",
        "activity": "staff cannot submit timesheets",
        "reference": "MI-2026-0001",
        "next_update_at": NEXT,
        "tz": LISBON_SUMMER,
        "now": NOW,
    }
    return subject.compose(**{**facts, **change})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "[P1] [UPDATE 3] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001"),
        (
            {"kind": "initial", "sequence": 1},
            "[P1] [INITIAL] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"kind": "holding", "sequence": 2},
            "[P1] [UPDATE 2] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"kind": "restored", "sequence": 7, "next_update_at": None, "activity": "working again"},
            "[P1] [RESTORED 7] Payroll: working again | final | MI-2026-0001",
        ),
        (
            {"kind": "closure", "sequence": 9, "next_update_at": None},
            "[P1] [CLOSURE 9] Payroll: staff cannot submit timesheets | final | MI-2026-0001",
        ),
        (
            {"kind": "restored", "sequence": 7},
            "[P1] [RESTORED 7] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"kind": "correction", "sequence": 4},
            "CORRECTION: [P1] [UPDATE 4] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"external_ref": "INC0012345"},
            "[P1] [UPDATE 3] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001 | INC0012345",
        ),
        (
            {"is_withdrawal": True},
            "WITHDRAWN: [P1] [UPDATE 3] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"is_withdrawal": True, "is_exercise": True, "kind": "correction"},
            "EXERCISE EXERCISE EXERCISE WITHDRAWN: CORRECTION: [P1] [UPDATE 3] Payroll: staff cannot submit timesheets"
            " | next 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"is_exercise": True},
            "EXERCISE EXERCISE EXERCISE [P1] [UPDATE 3] Payroll: staff cannot submit timesheets | next 11:30 (UTC+1) | "
            "MI-2026-0001",
        ),
        (
            {"next_update_at": NEXT + timedelta(days=1)},
            "[P1] [UPDATE 3] Payroll: staff cannot submit timesheets | next Tue 24 Nov, 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"activity": "Payroll: staff cannot pay"},
            "[P1] [UPDATE 3] Payroll: staff cannot pay | next 11:30 (UTC+1) | MI-2026-0001",
        ),
        ({"activity": ""}, "[P1] [UPDATE 3] Payroll | next 11:30 (UTC+1) | MI-2026-0001"),
        ({"service": ""}, "[P1] [UPDATE 3] staff cannot submit timesheets | next 11:30 (UTC+1) | MI-2026-0001"),
        ({"next_update_at": None}, "[P1] [UPDATE 3] Payroll: staff cannot submit timesheets | MI-2026-0001"),
        (
            {"activity": "no pay\r\nBcc: all@example.com"},
            "[P1] [UPDATE 3] Payroll: no pay Bcc: all@example.com | next 11:30 (UTC+1) | MI-2026-0001",
        ),
    ],
)
def test_c16_the_portal_composes_the_subject(change: dict[str, object], expected: str) -> None:
    assert compose(**change) == expected


@pytest.mark.parametrize("kind", UpdateKind.values)
def test_c16_every_kind_has_its_tag(kind: str) -> None:
    assert "[P1] [" in compose(kind=kind)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"language": "de-DE"},
            "[P1] [MELDUNG 3] Payroll: staff cannot submit timesheets | nächste Meldung 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {
                "language": "de-AT",
                "kind": "correction",
                "is_exercise": True,
                "next_update_at": NEXT + timedelta(days=1),
            },
            "ÜBUNG ÜBUNG ÜBUNG KORREKTUR: [P1] [MELDUNG 3] Payroll: staff cannot submit timesheets | nächste Meldung"
            " Di 24. Nov., 11:30 (UTC+1) | MI-2026-0001",
        ),
        (
            {"language": "fr", "kind": "restored", "next_update_at": None},
            "[P1] [RÉTABLI 3] Payroll: staff cannot submit timesheets | dernier message | MI-2026-0001",
        ),
        (
            {"language": "es", "next_update_at": NEXT + timedelta(days=1)},
            "[P1] [ACTUALIZACIÓN 3] Payroll: staff cannot submit timesheets | próxima actualización mar 24 nov, 11:30"
            " (UTC+1) | MI-2026-0001",
        ),
    ],
)
def test_c16_its_fixed_words_are_those_of_the_language(change: dict[str, object], expected: str) -> None:
    assert compose(**change) == expected


def test_c16_the_offset_is_that_of_the_day() -> None:
    london = ZoneInfo("Europe/London")
    summer = datetime(2026, 7, 1, 13, 30, tzinfo=london)
    assert "next 13:30 (UTC+1)" in compose(next_update_at=summer, tz=london, now=summer)


@pytest.mark.parametrize(
    ("activity", "rules"),
    [
        ("staff cannot submit timesheets", []),
        ("VAT returns cannot be sent", []),
        ("POS tills in MYHR stores stand still", []),
        ("", ["missing"]),
        ("  ", ["missing"]),
        ("tills stand still 🔥", ["emoji"]),
        ("Urgent: tills stand still!!!", ["alarm", "alarm"]),
        ("[P1] [UPDATE 3] tills stand still", ["tag", "tag", "kind"]),
        ("[MELDUNG 3] Kassen stehen", ["tag", "kind"]),
        ("tills of MI-2026-0001 stand still", ["tag"]),
        ("TILLS stand still", ["capitals"]),
        ("RESOLVED: tills stand still", ["kind"]),
        ("WHAT TO DO | tills stand still", ["kind"]),
        ("Tills STAND: still", ["capitals"]),
        ("x" * 71, ["long"]),
    ],
)
def test_c16_the_activity_part_is_calm_and_plain(activity: str, rules: list[str]) -> None:
    found = list(subject.check(activity, known_words=("VAT", "MyHR")))
    assert sorted(finding.rule for finding in found) == sorted(rules)
    assert all(finding.code == "C16" and finding.field == "subject" for finding in found)
    assert all(finding.severity == ("warning" if finding.rule in ("kind", "long") else "error") for finding in found)


def test_the_kind_of_message_is_not_written_twice() -> None:
    [found] = subject.check("CORRECTION: staff cannot submit timesheets")
    assert (found.severity, found.rule, found.text) == ("warning", "kind", "CORRECTION")


def test_what_was_withdrawn_repeats_no_time_that_has_passed_and_was_not_the_last() -> None:
    told = "[P1] [UPDATE 3] Payroll: staff cannot submit timesheets | MI-2026-0001"
    assert compose(is_withdrawal=True, next_update_at=NOW - timedelta(minutes=1)) == f"WITHDRAWN: {told}"
    assert "final" not in compose(is_withdrawal=True, kind="closure", next_update_at=None)
    assert "next 11:30" in compose(is_withdrawal=True)
