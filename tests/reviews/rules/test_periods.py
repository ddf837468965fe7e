"""Which years, months and days fill a span, and what they leave."""

from datetime import UTC, date, datetime

import pytest

from reviews.rules import periods

MONTHS = [date(2024, 12, 1), *(date(2025, n, 1) for n in range(1, 13)), date(2026, 1, 1), date(2026, 3, 1)]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def names(since: datetime | None, until: datetime | None, **given: object) -> list[str]:
    return [one.name for one in periods.fill(since, until, months=MONTHS, **given)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, ["2024-12", "2025", "2026-01", "2026-03"]),
        (at(2025, 1, 1), at(2026, 1, 1), ["2025"]),
        (at(2025, 1, 1, 0, 1), at(2025, 4, 1), ["2025-02", "2025-03"]),
        (at(2025, 10, 1), at(2026, 1, 31), ["2025-10", "2025-11", "2025-12"]),
        (at(2030, 1, 1), None, []),
    ],
)
def test_a_span_is_filled_with_the_fewest(since: datetime | None, until: datetime | None, found: list[str]) -> None:
    assert names(since, until, years=[2025]) == found


def test_a_year_of_which_a_month_is_not_counted_is_not_taken() -> None:
    assert names(at(2026, 1, 1), None, years=[2025, 2026]) == ["2026-01", "2026-03"]


def test_days_are_taken_where_the_span_cuts_a_month() -> None:
    by_day = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    found = names(at(2025, 11, 29, 12), at(2026, 1, 2, 23), by_day=by_day)
    assert found == ["2025-11-30", "2025-12", "2026-01-01"]


def test_what_is_left_lies_before_between_and_after() -> None:
    filled = periods.fill(None, at(2026, 4, 1), months=MONTHS, years=[2025])
    assert periods.gaps(filled) == [(None, at(2024, 12, 1)), (at(2026, 2, 1), at(2026, 3, 1)), (at(2026, 4, 1), None)]
    assert periods.gaps([]) == [(None, None)]


def test_a_month_has_its_days() -> None:
    days = periods.days(date(2028, 2, 1))
    assert (len(days), days[-1].name, days[-1].ends) == (29, "2028-02-29", at(2028, 3, 1))
