"""A cadence slows only once its audience was told: who has yet to hear that a priority went down (domain.md 1.8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A priority that changed at a moment."""

    at: datetime
    before: str
    after: str


def is_awaited(changes: Iterable[Change], *, told_at: Iterable[datetime]) -> bool:
    """Whether an audience still has the update times of a higher priority than the incident's.

    A rise holds at once, a fall from the downgrade message that was sent after it. P1 is the highest, and sorts first.
    """
    events = [(change.at, 0, change) for change in changes]
    if not events:
        return False
    start = min(events, key=lambda event: event[0])[2].before
    served = current = start
    steps: list[tuple[datetime, int, Change | None]] = [*events, *((at, 1, None) for at in told_at)]
    for _at, _order, change in sorted(steps, key=lambda step: step[:2]):
        if change is None:
            served = current
        else:
            current = change.after
            served = min(served, current)
    return current > served
