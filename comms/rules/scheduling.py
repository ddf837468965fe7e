"""A text that a person approved and gave a time to. It leaves then as it stands, or not at all (decision 0044)."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from comms.choices import FAST_KINDS, UpdateKind
from mim_portal.lib import times

_WORDS: Final = (
    ("impact", "The impact was revised after you chose the time."),
    ("state", "The incident is in another state than when you chose the time."),
    ("priority", "The priority changed after you chose the time."),
    ("is_private", "Who may see the incident changed after you chose the time."),
    ("is_exercise", "Whether this is an exercise changed after you chose the time."),
    ("marks", "What the incident is marked with changed after you chose the time."),
    ("last_sent", "These readers were sent another update after you chose the time."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a person knew when they chose the time; the text was right of this."""

    impact: int  # version of the impact statement
    state: str
    priority: str
    is_private: bool
    is_exercise: bool
    marks: tuple[str, ...]
    last_sent: int  # number of the last update with news to any of these readers, 0 where there was none


def changes(*, before: Facts, after: Facts) -> tuple[str, ...]:
    """Why the text may not be right any more, a sentence for each fact that moved; nothing where it stands."""
    return tuple(words for name, words in _WORDS if getattr(before, name) != getattr(after, name))


def can_wait(kind: str) -> bool:
    """Whether an update of this kind can be written ahead.

    An initial one is owed at once. A holding one says that nothing has changed at the moment at which it leaves, which
    nobody knows beforehand: written ahead it would be the filler that keeps no promise.
    """
    return kind not in FAST_KINDS and kind in UpdateKind.values


def objection(
    *,
    publish_at: datetime,
    next_update_at: datetime | None,
    earliest_due_at: datetime | None,
    after_deadline: bool,
    now: datetime,
    tz: tzinfo,
) -> str:
    """Why this time cannot stand, "" where it can. Later than a promise only where the person says so."""
    if publish_at <= now:
        return "This time has passed. Choose a later one, or send it now."
    if next_update_at is not None and next_update_at <= publish_at:
        return "The next update that the text promises would be due before it leaves. Change one of the two times."
    if earliest_due_at is not None and publish_at > earliest_due_at and not after_deadline:
        due = times.clock_time(earliest_due_at, tz)
        return f"These readers were promised word by {due}. Choose an earlier time, or say that it may be later."
    return ""
