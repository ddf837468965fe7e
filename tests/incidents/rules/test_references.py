from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.rules import references

NEW_YEAR_IN_SYDNEY = datetime(2027, 1, 1, 9, 0, tzinfo=timezone(timedelta(hours=11)))


def test_the_year_is_that_of_utc() -> None:
    assert references.incident(declared_at=NEW_YEAR_IN_SYDNEY, number=1) == "MI-2026-0001"
    assert references.candidate(raised_at=NEW_YEAR_IN_SYDNEY, number=12345) == "CA-2026-12345"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("MI-2026-0001", "MI-2026-0001"),
        ("mi-2026-1", "MI-2026-0001"),
        (" mi 2026 0042 ", "MI-2026-0042"),
        ("CA2026-7", "CA-2026-0007"),
        ("CA-2026-12345", "CA-2026-12345"),
        ("INC0000045", None),
        ("MI-26-1", None),
        ("MI-2026-", None),
        ("", None),
    ],
)
def test_people_type_references_in_many_ways(typed: str, expected: str | None) -> None:
    parsed = references.parse(typed)
    assert (str(parsed) if parsed else None) == expected


@given(number=st.integers(min_value=1, max_value=999_999_999), at=st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_can_be_read(number: int, at: datetime) -> None:
    text = references.incident(declared_at=at, number=number)
    assert references.parse(text) == references.Reference(prefix="MI", year=at.year, number=number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mi-2026-0042", ["MI-2026-0042"]),
        ("CA 2026 7", ["CA-2026-0007"]),
        ("42", ["MI-2026-0042", "MI-2025-0042"]),
        (" MI 42", ["MI-2026-0042", "MI-2025-0042"]),
        ("2024-7", ["MI-2024-0007"]),
        ("2024 00007", ["MI-2024-0007"]),
        ("payroll", []),
        ("", []),
        ("4" * 30, []),
    ],
)
def test_what_a_part_may_mean(text: str, expected: list[str]) -> None:
    assert references.guesses(text, year=2026) == expected
