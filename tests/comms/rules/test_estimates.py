"""What an estimate may say, and for how long it holds."""

from datetime import datetime, timedelta

import pytest

from comms.rules import estimates
from tests.factories import NOON


def at(hours: float | None) -> datetime | None:
    return None if hours is None else NOON + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("earliest", "latest", "confidence", "decision", "problem"),
    [
        (1, 2, "low", None, ""),
        (-1, 2, "high", 0.5, ""),  # it may work at any moment
        (None, None, "", 1, ""),
        (None, None, "", None, "nothing"),
        (None, None, "", 0, "decision_past"),
        (1, 2, "low", -1, "decision_past"),
        (1, None, "low", None, "half"),
        (None, 2, "low", 1, "half"),
        (2, 2, "low", None, "backwards"),
        (2, 1, "low", None, "backwards"),
        (-2, -1, "low", None, "past"),
        (-2, 0, "low", None, "past"),
        (1, 14 * 24 + 1, "low", None, "far"),
        (1, 2, "", None, "confidence"),
    ],
)
def test_a_range_with_confidence_or_the_next_decision(
    earliest: float | None, latest: float | None, confidence: str, decision: float | None, problem: str
) -> None:
    assert (
        estimates.problem(
            earliest_at=at(earliest),
            latest_at=at(latest),
            confidence=confidence,
            next_decision_at=at(decision),
            now=NOON,
        )
        == problem
    )


@pytest.mark.parametrize(
    ("latest", "state"), [(None, estimates.NONE), (1, estimates.HOLDS), (0, estimates.PASSED), (-1, estimates.PASSED)]
)
def test_it_holds_until_its_end_and_then_says_so(latest: float | None, state: str) -> None:
    assert estimates.state(latest_at=at(latest), at=NOON) == state
