"""What came back within twelve months, and what to look at first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reviews.rules import recurrence
from reviews.rules.recurrence import Known, Recurring
from tests.factories import NOON

DAY = timedelta(days=1)


def known(factor_id: int, group_id: int, *, days_ago: int = 0, **judged: Any) -> Known:
    return Known(factor_id=factor_id, group_id=group_id, at=NOON - days_ago * DAY, **judged)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2025, 11, 23, 12, tzinfo=UTC)),
        (datetime(2028, 2, 29, 1, tzinfo=UTC), datetime(2027, 2, 28, 1, tzinfo=UTC)),
    ],
)
def test_twelve_months(now: datetime, expected: datetime) -> None:
    assert recurrence.since(now) == expected


def test_priority_is_a_product() -> None:
    assert recurrence.priority(recurrence=3, effect=2, changeability=3) == 18
    assert recurrence.priority(recurrence=3, effect=None, changeability=3) is None
    assert recurrence.priority(recurrence=3, effect=1, changeability=None) is None


def test_one_alone_recurs_nowhere_and_old_ones_do_not_count() -> None:
    rows = [known(1, 1), known(2, 2), known(3, 2, days_ago=366), known(4, 3, days_ago=365), known(5, 3)]
    assert recurrence.recurring(rows, now=NOON) == [
        Recurring(group_id=3, factor_ids=(5, 4), recurrence=2, priority=None)
    ]
    assert recurrence.recurring([], now=NOON) == []


def test_the_newest_judgement_counts() -> None:
    rows = [
        known(1, 1, days_ago=9, effect=3, changeability=3),
        known(2, 1, days_ago=5, effect=1, changeability=2),
        known(3, 1, days_ago=1, effect=2),
    ]
    (found,) = recurrence.recurring(rows, now=NOON)
    assert (found.factor_ids, found.recurrence, found.priority) == ((3, 2, 1), 3, 6)


def test_what_to_look_at_first() -> None:
    """Priority, then how often, then the newest."""
    rows = [
        *(known(n, 1, days_ago=n, effect=1, changeability=1) for n in range(1, 3)),
        *(known(10 + n, 2, days_ago=n, effect=3, changeability=3) for n in range(1, 3)),
        *(known(20 + n, 3, days_ago=n) for n in range(1, 5)),
        *(known(30 + n, 4, days_ago=40 + n) for n in range(1, 3)),
        *(known(40 + n, 5, days_ago=20 + n) for n in range(1, 3)),
    ]
    assert [one.group_id for one in recurrence.recurring(rows, now=NOON)] == [2, 1, 3, 5, 4]
