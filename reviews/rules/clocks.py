"""When a review is due (domain.md 6.1): working days after resolution, drafts in 5, published in 10."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

DRAFT_WITHIN: Final = 5
PUBLISHED_WITHIN: Final = 10
SATURDAY: Final = 5


def is_working_day(day: date, *, holidays: Collection[date] = ()) -> bool:
    """Monday to Friday, without holidays."""
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(start: date, days: int, *, holidays: Collection[date] = ()) -> date:
    """The day that lies `days` working days after `start`; the day after is day 1."""
    day = start
    left = days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays=holidays)
    return day


def draft_due(*, resolved_date: date, holidays: Collection[date] = ()) -> date:
    """The last day for the draft."""
    return add_working_days(resolved_date, DRAFT_WITHIN, holidays=holidays)


def published_due(*, resolved_date: date, holidays: Collection[date] = ()) -> date:
    """The last day for the published review."""
    return add_working_days(resolved_date, PUBLISHED_WITHIN, holidays=holidays)


def is_late(*, due_date: date, done_date: date | None, today: date) -> bool:
    """Done on the due day is in time."""
    return (done_date or today) > due_date
