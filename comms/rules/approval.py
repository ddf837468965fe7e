"""Who must have read an update before it leaves (domain.md 4.5, DESIGN 1a and 9).

A policy says it by kind and audience: its writer alone, a second reader, or legal and security. Initial and holding
updates leave alone, whatever a policy says. A second reader must never break the promise: after three minutes, or with
less than three to a deadline, the manager releases alone, and the reason is kept. Legal and security are not released
by a timer, since what was said cannot be taken back; the neutral words that were agreed beforehand keep the promise.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from comms.choices import FAST_KINDS, AudienceCode, Reading
from mim_portal.lib import times

TIMER: Final = timedelta(minutes=3)
NOT_NEEDED: Final = "not_needed"
READ: Final = "read"
CLEARED: Final = "cleared"
TIMER_RAN_OUT: Final = "timer_ran_out"
DEADLINE_NEAR: Final = "deadline_near"
DEADLINE_PASSED: Final = "deadline_passed"
WAITING: Final = "waiting"
WAITING_FOR_GATE: Final = "waiting_for_gate"
NOT_ASKED: Final = "not_asked"
# From the lightest to the strictest; one message for several audiences is read as the strictest of them asks.
_STRICTNESS: Final = {reading: place for place, reading in enumerate(Reading)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether the update may leave, why, who has to read it, and from when the manager may release it alone."""

    released: bool
    reason: str
    message: str
    needs: Reading = Reading.ALONE
    release_at: datetime | None = None


def usual(*, kind: str, code: str, is_plain: bool) -> Reading:
    """Who reads it where no policy says so: later updates to people outside, and to executives, are read by somebody
    else; what people outside hear of a marked incident is read by legal and security.
    """
    if kind in FAST_KINDS or not is_plain:
        return Reading.ALONE
    return Reading.SECOND_READER if code == AudienceCode.EXECUTIVES else Reading.GATE_WHEN_MARKED


def needed(
    *, kind: str, readings: Iterable[str], is_marked: bool, has_gate: bool = True, language_checked: bool = True
) -> Reading:
    """Alone, a second reader, or the gate. A text whose language could not be checked is read by somebody in any case.

    `has_gate` says whether somebody of legal and security is there who could read it: a gate that nobody keeps would
    be a wall, so a second reader stands in.
    """
    if kind in FAST_KINDS:
        return Reading.ALONE
    strictest = max((Reading(each) for each in readings), key=_STRICTNESS.__getitem__, default=Reading.ALONE)
    if strictest == Reading.GATE_WHEN_MARKED:
        strictest = Reading.GATE if is_marked else Reading.SECOND_READER
    if strictest == Reading.GATE and not has_gate:
        return Reading.SECOND_READER
    return Reading.SECOND_READER if strictest == Reading.ALONE and not language_checked else strictest


def may_read(*, reader_id: int, author_ids: Iterable[int]) -> bool:
    """A second reader wrote none of it."""
    return reader_id not in set(author_ids)


def decide(
    *,
    needs: Reading,
    author_ids: Iterable[int],
    reader_ids: Iterable[int],
    cleared_by: int | None = None,
    asked_at: datetime | None,
    earliest_due_at: datetime | None,
    now: datetime,
    tz: tzinfo,
) -> Decision:
    """Whether the manager may publish now. The message is read by its writer and its readers too, so it says who may.

    `reader_ids` approved this very text, `cleared_by` let it out for legal and security; `asked_at` is when somebody
    was asked, None while nobody was.
    """
    if needs == Reading.ALONE:
        return Decision(released=True, reason=NOT_NEEDED, message="No second reader is needed.")
    authors = set(author_ids)
    if cleared_by is not None and cleared_by not in authors:
        return Decision(released=True, reason=CLEARED, message="Legal and security let this text out.", needs=needs)
    if needs == Reading.GATE:
        return _gate(asked_at=asked_at)
    if set(reader_ids) - authors:
        return Decision(released=True, reason=READ, message="A second reader approved this text.", needs=needs)
    return _timed(asked_at=asked_at, earliest_due_at=earliest_due_at, now=now, tz=tz)


def _gate(*, asked_at: datetime | None) -> Decision:
    """No timer: what is said about a breach or an injury cannot be taken back, and the neutral words never wait."""
    if asked_at is None:
        reason, message = NOT_ASKED, "Ask legal and security first. The neutral words can leave at any time."
    else:
        reason, message = WAITING_FOR_GATE, "Waiting for legal and security. The neutral words can leave at any time."
    return Decision(released=False, reason=reason, message=message, needs=Reading.GATE)


def _timed(*, asked_at: datetime | None, earliest_due_at: datetime | None, now: datetime, tz: tzinfo) -> Decision:
    needs = Reading.SECOND_READER
    if earliest_due_at is not None and earliest_due_at < now:
        message = "The promised time has passed: the manager can send it without a second reader."
        return Decision(released=True, reason=DEADLINE_PASSED, message=message, needs=needs)
    if earliest_due_at is not None and earliest_due_at - now < TIMER:
        message = "Less than three minutes to the promised time: the manager can send it without a second reader."
        return Decision(released=True, reason=DEADLINE_NEAR, message=message, needs=needs)
    if asked_at is None:
        message = "Ask a second reader first. After three minutes without an answer the manager can send it alone."
        return Decision(released=False, reason=NOT_ASKED, message=message, needs=needs)
    release_at = _release_at(asked_at=asked_at, earliest_due_at=earliest_due_at)
    if now >= asked_at + TIMER:
        message = "Nobody answered within three minutes: the manager can send it without a second reader."
        return Decision(released=True, reason=TIMER_RAN_OUT, message=message, needs=needs)
    message = f"Waiting for a second reader. The manager can send it alone from {times.exact_time(release_at, tz)}."
    return Decision(released=False, reason=WAITING, message=message, needs=needs, release_at=release_at)


def _release_at(*, asked_at: datetime, earliest_due_at: datetime | None) -> datetime:
    """The end of the timer, or three minutes before the promised time where that comes first."""
    timer = asked_at + TIMER
    return timer if earliest_due_at is None else min(timer, earliest_due_at - TIMER)
