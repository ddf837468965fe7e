"""Who must have read an update before it leaves (domain.md 4.5, DESIGN 1a and 9).

Only later updates to end users, executives and the public need a second reader. The check must never break the
promise: after three minutes, or with less than three to a deadline, the manager releases alone, and the reason is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from comms.choices import FAST_KINDS, SECOND_READER_AUDIENCES
from mim_portal.lib import times

TIMER: Final = timedelta(minutes=3)
NOT_NEEDED: Final = "not_needed"
READ: Final = "read"
TIMER_RAN_OUT: Final = "timer_ran_out"
DEADLINE_NEAR: Final = "deadline_near"
WAITING: Final = "waiting"
NOT_ASKED: Final = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether the update may leave, why, and from when the manager may release it alone."""

    released: bool
    reason: str
    message: str
    release_at: datetime | None = None


def needs_second_reader(*, kind: str, audiences: Iterable[str], language_checked: bool = True) -> bool:
    """Later updates to end users, executives and the public, and any whose language could not be checked; initial and
    holding ones never.
    """
    return kind not in FAST_KINDS and (not language_checked or not SECOND_READER_AUDIENCES.isdisjoint(audiences))


def may_read(*, reader_id: int, author_ids: Iterable[int]) -> bool:
    """A second reader wrote none of it."""
    return reader_id not in set(author_ids)


def decide(
    *,
    kind: str,
    audiences: Iterable[str],
    author_ids: Iterable[int],
    reader_ids: Iterable[int],
    asked_at: datetime | None,
    earliest_due_at: datetime | None,
    now: datetime,
    tz: tzinfo,
    language_checked: bool = True,
) -> Decision:
    """Whether the manager may publish now.

    `reader_ids` approved this very text; `asked_at` is when a reader was asked, None while nobody was.
    """
    if not needs_second_reader(kind=kind, audiences=audiences, language_checked=language_checked):
        return Decision(released=True, reason=NOT_NEEDED, message="No second reader is needed.")
    authors = set(author_ids)
    if set(reader_ids) - authors:
        return Decision(released=True, reason=READ, message="A second reader approved this text.")
    if earliest_due_at is not None and earliest_due_at - now < TIMER:
        return Decision(
            released=True,
            reason=DEADLINE_NEAR,
            message="Less than three minutes to the promised time: you can send it without a second reader.",
        )
    if asked_at is None:
        return Decision(
            released=False,
            reason=NOT_ASKED,
            message="Ask a second reader first. After three minutes without an answer you can send it alone.",
        )
    release_at = _release_at(asked_at=asked_at, earliest_due_at=earliest_due_at)
    if now >= asked_at + TIMER:
        message = "Nobody answered within three minutes: you can send it without a second reader."
        return Decision(released=True, reason=TIMER_RAN_OUT, message=message)
    message = f"Waiting for a second reader. You can send it alone from {times.clock_time(release_at, tz)}."
    return Decision(released=False, reason=WAITING, message=message, release_at=release_at)


def _release_at(*, asked_at: datetime, earliest_due_at: datetime | None) -> datetime:
    """The end of the timer, or three minutes before the promised time where that comes first."""
    timer = asked_at + TIMER
    return timer if earliest_due_at is None else min(timer, earliest_due_at - TIMER)
