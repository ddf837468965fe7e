"""One notice for a window, and the ladder of each promise of one incident."""

from datetime import datetime, timedelta

import pytest

from comms.choices import EscalationStep
from comms.rules.promises import deadlines
from comms.rules.promises.deadlines import Deadline
from tests.factories import NOON

WARN, OVERDUE, DEPUTY, LEAD = EscalationStep


def promise(due: float, *done: EscalationStep, opened: float = -60, kept: datetime | None = None) -> Deadline:
    """Due so many minutes after noon, which is now."""
    return Deadline(
        opened_at=NOON + timedelta(minutes=opened),
        due_at=NOON + timedelta(minutes=due),
        kept_at=kept,
        done=frozenset(done),
    )


@pytest.mark.parametrize(
    ("promises", "steps"),
    [
        ([promise(11)], [()]),
        ([promise(10)], [(WARN,)]),
        ([promise(10, WARN)], [()]),
        # two thirds of a short interval: not due by itself, named along with the other
        ([promise(9), promise(9, opened=-6)], [(WARN,), (WARN,)]),
        ([promise(9, opened=-6)], [()]),
        ([promise(9), promise(4, opened=-1)], [(WARN,), (WARN,)]),
        ([promise(9), promise(3, opened=-1)], [(WARN,), ()]),  # another window
        ([promise(8), promise(12)], [(WARN,), ()]),  # never earlier than ten minutes before
        ([promise(9), promise(9, WARN)], [(WARN,), ()]),
        ([promise(9), promise(9, kept=NOON)], [(WARN,), ()]),
        ([promise(0), promise(0, WARN)], [(WARN,), ()]),  # at the due moment it can still be kept
        ([promise(-0.1), promise(4)], [(OVERDUE,), (WARN,)]),
        ([promise(-2.1, OVERDUE), promise(-1)], [(DEPUTY,), (OVERDUE,)]),
        ([promise(-6)], [(OVERDUE, DEPUTY, LEAD)]),
        ([], []),
    ],
)
def test_steps(promises: list[Deadline], steps: list[tuple[EscalationStep, ...]]) -> None:
    assert deadlines.steps_of_incident(promises, now=NOON) == steps


@pytest.mark.parametrize(
    ("given", "steps", "minutes"),
    [
        (promise(10), [WARN], 10),
        (promise(-0.1), [OVERDUE], 1.9),
        (promise(-3, OVERDUE), [DEPUTY], 2),
        (promise(-6), [OVERDUE, DEPUTY, LEAD], None),
        (promise(-6, kept=NOON), [OVERDUE], None),
    ],
)
def test_after_the_steps_the_sweep_looks_again(
    given: Deadline, steps: list[EscalationStep], minutes: float | None
) -> None:
    expected = None if minutes is None else NOON + timedelta(minutes=minutes)
    assert deadlines.after_steps(given, steps=steps, now=NOON) == expected
