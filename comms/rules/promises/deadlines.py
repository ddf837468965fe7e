"""What a promise asks of us at a moment: a notice before, a record when it is late, and who hears of it (DESIGN 1a).

Lateness is always computed from `due_at`. On time means published at or before it, without grace; late or on time,
never both. A promise that is late stays owed until an update keeps it.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from comms.choices import DeadlineState, EscalationStep

WARN_SHARE: Final = Fraction(2, 3)
WARN_AT_MOST: Final = timedelta(minutes=10)
DEPUTY_AFTER: Final = timedelta(minutes=2)
PRACTICE_LEAD_AFTER: Final = timedelta(minutes=5)
SAME_WINDOW: Final = timedelta(minutes=5)
_WARN: Final = EscalationStep.WARN
# T+0 overdue, T+2 deputy, T+5 practice lead.
_ESCALATION: Final = (
    (EscalationStep.OVERDUE, timedelta(0)),
    (EscalationStep.DEPUTY, DEPUTY_AFTER),
    (EscalationStep.PRACTICE_LEAD, PRACTICE_LEAD_AFTER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One promise to one audience. `done` are the steps of its ladder that were taken."""

    opened_at: datetime
    due_at: datetime
    missed_at: datetime | None = None
    kept_at: datetime | None = None
    ended_at: datetime | None = None
    done: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Still owed: missing a promise does not close it."""
        return self.kept_at is None and self.ended_at is None


def on_time(*, due_at: datetime, published_at: datetime) -> bool:
    """Published at the due time is on time; a moment later is late."""
    return published_at <= due_at


def lateness(*, due_at: datetime, published_at: datetime | None, now: datetime) -> timedelta:
    """How late a promise is (still unsent) or was (sent); zero while it is not."""
    return max((published_at or now) - due_at, timedelta(0))


def is_late(deadline: Deadline, *, now: datetime) -> bool:
    """Whether the promise was late when it was kept or ended, or is late now."""
    return (deadline.kept_at or deadline.ended_at or now) > deadline.due_at


def states(deadline: Deadline) -> frozenset[DeadlineState]:
    """The filters under which a promise is listed; one that was missed and then kept late is in both."""
    found = {DeadlineState.MISSED} if deadline.missed_at is not None else set()
    if deadline.kept_at is not None:
        found.add(DeadlineState.KEPT)
    elif deadline.ended_at is not None:
        found.add(DeadlineState.ENDED)
    else:
        found.add(DeadlineState.OPEN)
    return frozenset(found)


def warn_at(*, opened_at: datetime, due_at: datetime) -> datetime:
    """When the notice goes out: at two thirds of the interval, and never earlier than ten minutes before due."""
    interval = max(due_at - opened_at, timedelta(0))
    two_thirds = opened_at + interval * WARN_SHARE.numerator / WARN_SHARE.denominator
    return min(max(two_thirds, due_at - WARN_AT_MOST), due_at)


def ladder(*, opened_at: datetime, due_at: datetime) -> tuple[tuple[EscalationStep, datetime], ...]:
    """Every step with its time, in order: notice, overdue, deputy, practice lead."""
    return ((EscalationStep.WARN, warn_at(opened_at=opened_at, due_at=due_at)), *escalation_steps(due_at=due_at))


def escalation_steps(*, due_at: datetime) -> tuple[tuple[EscalationStep, datetime], ...]:
    """What follows a promise that is not kept: T+0 overdue, T+2 deputy, T+5 practice lead."""
    return tuple((step, due_at + after) for step, after in _ESCALATION)


def due_steps(deadline: Deadline, *, now: datetime) -> tuple[EscalationStep, ...]:
    """The steps to take now, in order. None for a promise kept or ended.

    After an outage of ours several are due at once, and all are taken; the notice before is pointless once the
    promise is late, so it is left out. At the due moment itself the promise can still be kept: overdue begins after.
    """
    return tuple(step for step, at in _left(deadline, now=now) if now > at or (now == at and step == _WARN))


def next_step_at(deadline: Deadline, *, now: datetime) -> datetime | None:
    """When the sweep has to look at the promise again: at once where a step is due, None where none is left."""
    return min((at for _step, at in _left(deadline, now=now)), default=None)


def _left(deadline: Deadline, *, now: datetime) -> list[tuple[EscalationStep, datetime]]:
    """The steps that were not taken and still make sense, with their times."""
    if not deadline.is_open:
        return []
    due_at, done = deadline.due_at, deadline.done
    left = [(step, due_at + after) for step, after in _ESCALATION if step not in done]
    if _WARN not in done and now <= due_at:
        left.insert(0, (_WARN, warn_at(opened_at=deadline.opened_at, due_at=due_at)))
    return left


def earliest_open(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The promise that is due first, which is what the room shows largest."""
    return min((d for d in deadlines if d.is_open), key=lambda d: d.due_at, default=None)


def same_beat(dues: Iterable[datetime], *, first: datetime, window: timedelta) -> tuple[datetime, ...]:
    """The due times that one notice names together: those within a window from the first."""
    return tuple(sorted(at for at in dues if timedelta(0) <= at - first <= window))


def steps_of_incident(promises: Sequence[Deadline], *, now: datetime) -> list[tuple[EscalationStep, ...]]:
    """The steps to take now for each promise of one incident.

    One notice names every audience due in the same window: where one promise is to be announced, those due within
    the window of it are announced with it, though never earlier than ten minutes before they are due.
    """
    taken = [due_steps(promise, now=now) for promise in promises]
    announced = [each.due_at for each, steps in zip(promises, taken, strict=True) if EscalationStep.WARN in steps]
    if not announced or len(promises) == 1:
        return taken
    first = min(announced)
    return [
        (EscalationStep.WARN, *steps) if not steps and _joins(each, first=first, now=now) else steps
        for each, steps in zip(promises, taken, strict=True)
    ]


def _joins(promise: Deadline, *, first: datetime, now: datetime) -> bool:
    return (
        promise.is_open
        and EscalationStep.WARN not in promise.done
        and abs(promise.due_at - first) <= SAME_WINDOW
        and promise.due_at - WARN_AT_MOST <= now <= promise.due_at
    )


def after_steps(promise: Deadline, *, steps: Container[EscalationStep], now: datetime) -> datetime | None:
    """When the sweep looks at the promise again once these steps are taken."""
    return min((at for step, at in _left(promise, now=now) if step not in steps), default=None)
