"""How long a candidate may wait, for whom, and who may act when nobody has answered (DESIGN 1a, domain.md 1.4).

An answer is a decision or a question back. While the desk owes an answer to a question, the manager owes nothing; once
every question has its answer, the manager's five minutes count again from the last one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DESK_LEAD_AFTER: Final = timedelta(minutes=5)
ALARM_AFTER: Final = timedelta(minutes=10)
ASK_WITHIN: Final = timedelta(minutes=5)
CHASE_AFTER: Final = timedelta(minutes=5)
# Records below this, or capped, have something that the manager asks for at once.
ASK_BELOW: Final = 70

NEW, WAITING, LATE = "new", "waiting", "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The questions back to the desk so far."""

    first_asked_at: datetime | None = None
    open: int = 0
    last_answered_at: datetime | None = None


def stage(*, raised_at: datetime, now: datetime) -> str:
    """New, waiting from five minutes, late from ten."""
    age = now - raised_at
    if age >= ALARM_AFTER:
        return LATE
    return WAITING if age >= DESK_LEAD_AFTER else NEW


def next_stage_at(*, raised_at: datetime, now: datetime) -> datetime | None:
    """When the age is said differently, or None where it stays late."""
    return next((at for length in (DESK_LEAD_AFTER, ALARM_AFTER) if (at := raised_at + length) > now), None)


def lead_declares_from(*, raised_at: datetime, asked: Asked) -> datetime | None:
    """From when the desk lead may declare; None while a question waits for the desk's own answer."""
    if asked.first_asked_at is None:
        return raised_at + DESK_LEAD_AFTER
    if asked.open or asked.last_answered_at is None:
        return None
    return max(raised_at, asked.last_answered_at) + DESK_LEAD_AFTER


def needs_asking(*, score: int | None, capped_at: int | None) -> bool:
    """Whether a record asks for a question at once: under 70, or held down by a fact that is not there at all."""
    return score is not None and (score < ASK_BELOW or capped_at is not None)


def asked_in_time(*, raised_at: datetime, first_asked_at: datetime | None) -> bool:
    """Whether the first question came within five minutes."""
    return first_asked_at is not None and first_asked_at - raised_at <= ASK_WITHIN


def may_chase_from(*, asked_at: datetime, chased_at: datetime | None) -> datetime:
    """A question may be chased five minutes after it was asked or chased last."""
    return max(asked_at, chased_at or asked_at) + CHASE_AFTER
