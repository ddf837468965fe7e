"""The lines of a review's timeline: with names while it is written, with roles once it is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incidents.models import TimelineEntry
from incidents.queries import timeline
from reviews.rendering import protection


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry as a sentence; `shape` is the sign before it."""

    entry: TimelineEntry
    words: str
    who: str
    shape: str


def lines(entries: Sequence[TimelineEntry], *, phrases: Mapping[str, str] | None) -> list[Line]:
    """The entries in words; with `phrases` (name to role) nobody is named."""
    rows = timeline.worded(entries)
    known = None if phrases is None else protection.narrowed(phrases, (row.words for row in rows))
    return [
        Line(
            entry=row.entry,
            words=row.words if known is None else protection.as_roles(row.words, known),
            who=row.actor.name if row.actor and known is None else "",
            shape=row.shape,
        )
        for row in rows
    ]
