"""Priority is impact x urgency (domain.md 1.5)."""

from typing import Final

from incidents.choices import MAJOR_PRIORITIES, Priority

_MATRIX: Final = {
    (1, 1): Priority.P1,
    (1, 2): Priority.P2,
    (2, 1): Priority.P2,
    (1, 3): Priority.P3,
    (2, 2): Priority.P3,
    (3, 1): Priority.P3,
    (2, 3): Priority.P4,
    (3, 2): Priority.P4,
    (3, 3): Priority.P5,
}


def compute(*, impact: int, urgency: int) -> Priority:
    """The priority of two levels from 1 (high) to 3 (low); ValueError outside them."""
    try:
        return _MATRIX[impact, urgency]
    except KeyError:
        raise ValueError(f"Impact and urgency are 1, 2 or 3, not {impact} and {urgency}.") from None


def is_major(priority: str) -> bool:
    """Whether an imported ticket of this priority counts as a major incident: P1 and P2."""
    return priority in MAJOR_PRIORITIES


def needs_reason(*, computed: str, chosen: str) -> bool:
    """Setting another priority than the computed one needs a reason: no edit is silent."""
    return computed != chosen


def is_downgrade(*, before: str, after: str) -> bool:
    """P1 to P2 is a downgrade: audiences are told before their cadence changes."""
    return after > before
