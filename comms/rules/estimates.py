"""What an estimate may say, and for how long it holds (domain.md 4.2): a range with confidence, never one moment."""

from datetime import datetime, timedelta
from typing import Final

HOLDS: Final = "holds"
PASSED: Final = "passed"
NONE: Final = "none"
# Beyond this nobody estimates, they plan.
LONGEST: Final = timedelta(days=14)


def problem(
    *,
    earliest_at: datetime | None,
    latest_at: datetime | None,
    confidence: str,
    next_decision_at: datetime | None,
    now: datetime,
) -> str:
    """Why it cannot be said, as a code; empty where it can. A range has two ends, lies ahead and says how sure we are;
    without one the next decision has its time.
    """
    if next_decision_at is not None and next_decision_at <= now:
        return "decision_past"
    if earliest_at is None and latest_at is None:
        return "" if next_decision_at is not None else "nothing"
    if earliest_at is None or latest_at is None:
        return "half"
    if latest_at <= earliest_at:
        return "backwards"
    if latest_at <= now:
        return "past"
    if latest_at - now > LONGEST:
        return "far"
    return "" if confidence else "confidence"


def state(*, latest_at: datetime | None, at: datetime) -> str:
    """Whether the range holds at this moment. One whose end has passed says so; it is never stretched by itself."""
    if latest_at is None:
        return NONE
    return HOLDS if at < latest_at else PASSED
