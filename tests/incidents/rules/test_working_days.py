"""One working day after the incident is resolved."""

from datetime import UTC, datetime

import pytest

from incidents.rules import working_days


@pytest.mark.parametrize(
    ("resolved", "due"),
    [
        ("2026-11-23 15:00", "2026-11-24 15:00"),  # Monday
        ("2026-11-26 08:30", "2026-11-27 08:30"),  # Thursday
        ("2026-11-27 15:00", "2026-11-30 15:00"),  # Friday
        ("2026-11-28 15:00", "2026-12-01 00:00"),  # Saturday counts as Monday
        ("2026-11-29 23:59", "2026-12-01 00:00"),  # Sunday
    ],
)
def test_weekends_do_not_count(resolved: str, due: str) -> None:
    at = datetime.fromisoformat(resolved).replace(tzinfo=UTC)
    assert working_days.one_later(at) == datetime.fromisoformat(due).replace(tzinfo=UTC)
