from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.rules.checking.numbers import amounts


def _only(text: str) -> amounts.Amount:
    [amount] = amounts.amounts(text)
    return amount


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1,200 staff", 1200, 1200),
        ("1 200 staff", 1200, 1200),
        ("1.2k staff", 1200, 1200),
        ("2 million orders", 2_000_000, 2_000_000),
        ("twelve hundred people", 1200, 1200),
        ("two thousand five hundred people", 2500, 2500),
        ("one hundred and twenty people", 120, 120),
        ("twenty-five users", 25, 25),
        ("two dozen sites", 24, 24),
        ("a dozen sites", 12, 12),
        ("half a million people", 500_000, 500_000),
        ("a hundred people", 100, 100),
        ("1,000–1,400 users", 1000, 1400),
        ("1,000 to 1,400 users", 1000, 1400),
        ("between 30 and 40 users", 30, 40),
        ("between forty and fifty users", 40, 50),
        ("between forty users", 40, 40),
        ("between five and six thousand users", 5000, 6000),
        ("5 to 6 thousand users", 5000, 6000),
        ("20-30k users", 20_000, 30_000),
        ("900 to 2 thousand users", 900, 2000),
        ("two hundred to three thousand users", 200, 3000),
    ],
)
def test_numbers_in_digits_and_words(text: str, low: int, high: int) -> None:
    found = _only(text)
    assert (int(found.low), int(found.high)) == (low, high)


@pytest.mark.parametrize(
    "text",
    ["v4.2.1", "INC0012345", "MI-2026-0001", "P1", "10:30", "one of us", "zero", "the 3rd", "£1,200", "#4", "9" * 40],
)
def test_parts_of_names_times_and_codes_are_no_numbers(text: str) -> None:
    assert not list(amounts.amounts(text))


@pytest.mark.parametrize(
    ("text", "about", "over", "under", "percent"),
    [
        ("1,200 staff", False, False, False, False),
        ("about 1,200 staff", True, False, False, False),
        ("~1,200 staff", True, False, False, False),
        ("more than 1,200 staff", True, True, False, False),
        ("1,200+ staff", False, True, False, False),
        ("up to 1,200 staff", True, False, True, False),
        ("30 % of tills", False, False, False, True),
        ("30 per cent of tills", False, False, False, True),
    ],
)
def test_how_a_number_is_meant(text: str, about: bool, over: bool, under: bool, percent: bool) -> None:
    found = _only(text)
    assert (found.about, found.over, found.under, found.is_percent) == (about, over, under, percent)


@pytest.mark.parametrize(
    ("written", "recorded", "expected"),
    [
        ("1,200", "1,200", True),
        ("twelve hundred", "1,200", True),
        ("1,201", "1,200", False),
        ("about 1,200", "1,187", True),
        ("about 1,200", "1,260", True),
        ("about 1,200", "1,400", False),
        ("1,240", "about 1,200", True),
        ("2,100", "about 1,200", False),
        ("12,000", "about 1,200", False),
        ("120", "about 1,200", False),
        ("1,100", "1,000–1,400", True),
        ("1,500", "1,000–1,400", False),
        ("350 to 430", "350–420", True),
        ("350 to 450", "350–420", False),
        ("300 to 420", "350–420", False),
        ("about 350 to 450", "350–420", True),
        ("360 to 400", "350–420", True),
        ("more than 1,000", "1,200", True),
        ("more than 100", "1,200", False),
        ("more than 1,300", "1,200", False),
        ("up to 1,500", "1,200", True),
        ("up to 5,000", "1,200", False),
        ("up to 1,000", "1,200", False),
        ("30 %", "30", False),
        ("30 %", "30 %", True),
        ("about 0.5 %", "0.5 %", True),
        ("about 0.5 %", "7 %", False),
        ("7", "about 8", False),
        ("3", "about 8", False),
    ],
)
def test_when_two_numbers_may_speak_of_one_fact(written: str, recorded: str, expected: bool) -> None:
    assert amounts.agree(_only(written), _only(recorded)) is expected


def test_what_is_no_number_reads_as_none() -> None:
    assert amounts.read("staff") is None
    assert amounts.read("0") == Decimal(0)


@given(st.integers(min_value=2, max_value=10**11))
def test_a_number_agrees_with_itself_however_it_is_written(number: int) -> None:
    plain, grouped = _only(f"{number} staff"), _only(f"{number:,} staff")
    assert plain.low == grouped.low == number
    assert amounts.agree(plain, grouped)


def test_a_second_number_that_is_smaller_is_a_number_of_its_own() -> None:
    found = list(amounts.amounts("from about 310 to 45 a second"))
    assert [(int(each.low), int(each.high), each.text, each.start) for each in found] == [
        (310, 310, "about 310", 5),
        (45, 45, "45", 18),
    ]
