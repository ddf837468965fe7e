import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.rules import titles


@pytest.mark.parametrize(
    ("service", "cannot_do", "expected"),
    [
        ("Payroll", "staff cannot submit timesheets", "Payroll: staff cannot submit timesheets"),
        ("Payroll", "Staff cannot submit timesheets.", "Payroll: staff cannot submit timesheets"),
        ("Payroll", "Submit timesheets", "Payroll: cannot submit timesheets"),
        ("Tills", "take card\n payments ", "Tills: cannot take card payments"),
        ("Tills", "VPN users can't sign in", "Tills: VPN users can't sign in"),
        ("Web shop", "checkout is slow", "Web shop: checkout is slow"),
        ("Web shop", "payments fail", "Web shop: payments fail"),
        ("Web shop", "", "Web shop"),
        ("", "log in", "cannot log in"),
        ("", "", ""),
    ],
)
def test_title_from_what_the_desk_knows_first(service: str, cannot_do: str, expected: str) -> None:
    assert titles.title(service=service, cannot_do=cannot_do) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, "short"),
        ("staff cannot submit timesheets", 20, "staff cannot submit…"),
        ("staff cannot submit timesheets", 19, "staff cannot…"),
        ("unbrokenandverylong", 10, "unbrokena…"),
        ("staff cannot, however", 15, "staff cannot…"),
    ],
)
def test_what_is_too_long_ends_at_a_word(text: str, limit: int, expected: str) -> None:
    assert titles.shorten(text, limit=limit) == expected


@given(service=st.text(max_size=200), cannot_do=st.text(max_size=400))
def test_a_title_is_one_line_that_fits(service: str, cannot_do: str) -> None:
    title = titles.title(service=service, cannot_do=cannot_do)
    assert len(title) <= titles.MAX_LENGTH
    assert title.splitlines() in ([], [title])


@pytest.mark.parametrize(
    ("cannot_do", "expected"),
    [
        ("Submit  timesheets.", "they cannot submit timesheets."),
        ("Staff cannot submit timesheets", "Staff cannot submit timesheets"),
        ("VPN into the office", "they cannot VPN into the office"),
        (" ", ""),
    ],
)
def test_callers_are_told_what_they_cannot_do(cannot_do: str, expected: str) -> None:
    assert titles.told(cannot_do) == expected
