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
    return [
        Line(
            entry=worded.entry,
            words=worded.words if phrases is None else protection.as_roles(worded.words, phrases),
            who=worded.actor.name if worded.actor and phrases is None else "",
            shape=worded.shape,
        )
        for worded in timeline.worded(entries)
    ]
