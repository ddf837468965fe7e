from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules import clocks

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 1, date(2026, 11, 24)),
        (MONDAY, 5, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # Saturday
        (date(2026, 11, 29), 1, date(2026, 11, 30)),  # Sunday
        (MONDAY, 10, date(2026, 12, 7)),
    ],
)
def test_working_days(start: date, days: int, expected: date) -> None:
    assert clocks.add_working_days(start, days) == expected


def test_holidays_are_skipped() -> None:
    christmas = {date(2026, 12, 25), date(2026, 12, 28)}
    assert clocks.add_working_days(date(2026, 12, 24), 1, holidays=christmas) == date(2026, 12, 29)
    assert not clocks.is_working_day(date(2026, 12, 25), holidays=christmas)


def test_a_review_is_drafted_in_five_and_published_in_ten() -> None:
    assert clocks.draft_due(resolved_date=MONDAY) == date(2026, 11, 30)
    assert clocks.published_due(resolved_date=MONDAY) == date(2026, 12, 7)
    holiday = [date(2026, 11, 26)]
    assert clocks.draft_due(resolved_date=MONDAY, holidays=holiday) == date(2026, 12, 1)
    assert clocks.published_due(resolved_date=MONDAY, holidays=holiday) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("done", "today", "late"),
    [
        (None, MONDAY, False),
        (None, MONDAY + timedelta(days=1), True),
        (MONDAY, MONDAY + timedelta(days=9), False),
        (MONDAY + timedelta(days=1), MONDAY + timedelta(days=9), True),
    ],
)
def test_done_on_the_due_day_is_in_time(done: date | None, today: date, late: bool) -> None:
    assert clocks.is_late(due_date=MONDAY, done_date=done, today=today) is late


@given(start=st.dates(max_value=date(9000, 1, 1)), days=st.integers(1, 60))
def test_the_answer_is_a_working_day_with_so_many_before_it(start: date, days: int) -> None:
    end = clocks.add_working_days(start, days)
    assert clocks.is_working_day(end)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(clocks.is_working_day(day) for day in between) == days
