"""What the time of the evidence speaks for; a person decides."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.rules import revision

CAPTURED = datetime(2026, 11, 23, 9, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(None, None), (-1, "captured_incorrectly"), (0, "new_information"), (5, "new_information")],
)
def test_evidence_before_the_record_speaks_for_a_wrong_record(minutes: int | None, expected: str | None) -> None:
    at = None if minutes is None else CAPTURED + timedelta(minutes=minutes)
    assert revision.suggested(evidence_at=at, captured_at=CAPTURED) == expected
