"""The words of planned maintenance: what stops them, and what a reason lets through."""

import pytest

from comms.rules.checking import announcements
from comms.rules.checking.draft import Draft
from mim_portal.lib.findings import ADVICE, ERROR, Finding
from tests.comms.rules import kit


def found(text: str) -> list[tuple[str, str]]:
    draft = Draft(
        kind="update", audiences=("public",), subject="", body=text, next_update_at=None, known=kit.GOOD.known
    )
    return [(each.code, each.text) for each in announcements.check(draft)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You cannot submit timesheets from 02:00 to 04:00. Use the paper form.", []),
        ("The maintenance has begun.", []),
        ("Payroll is moved by [TEAM].", [("C10", "[TEAM]")]),
        ("The the move begins.", [("C10", "The the")]),
        ("We restart payroll-main.", [("C05", "payroll-main")]),
        ("See https://portal.example.com/incidents/ for more.", [("C23", "https://portal.example.com/incidents/")]),
        ("The password is Summer2026!", [("C17", "password is Summer2026!")]),
    ],
)
def test_what_may_not_stand_on_a_status_page(text: str, expected: list[tuple[str, str]]) -> None:
    assert [code for code, _text in found(text)] == [code for code, _text in expected]


def test_a_reason_lets_errors_through_but_for_what_none_makes_right() -> None:
    spelling = Finding(code="C09", severity=ERROR, message="m", rule="spelling")
    never = Finding(code="C26", severity=ERROR, message="m")
    advice = Finding(code="C10", severity=ADVICE, message="m")
    every = (spelling, never, advice)
    assert announcements.stopping(every, reason=" ") == (spelling, never)
    assert announcements.stopping(every, reason="It is a name.") == (never,)
