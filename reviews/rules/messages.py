"""Suggests lapses from what a sent message said: other facts than the record's, who was blamed, who was named, and
language that failed again.

A reason that somebody gave for their words is a decision and no lapse (DESIGN 1a); what left without one is asked of
one person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from comms.choices import PLAIN_AUDIENCES
from incidents.rules.readers import named
from reviews.choices import LapseCode
from reviews.rules.lapses import Suggestion

# Which part of the check of blame spoke: B00 to B07, and a team or supplier that is made the cause.
BLAMES: Final = frozenset({"B01", "B02", "B03", "B04", "B05", "B06", "B07", "party"})
# A number, place, service or time that contradicts the record (C11).
CONTRADICTS: Final = "contradicts"
NAMES: Final = frozenset({"B00", "team_named"})
REPEATED_WITHIN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that the check of blame found in a message as it left, and who read those words."""

    rule: str
    audiences: frozenset[str]


def from_words(*, number: int, published_at: datetime, said: Iterable[Said]) -> tuple[Suggestion, ...]:
    """L08 for facts that contradict the record, L11 for words that pass blame, L14 where users, executives or the
    public read the name of a person or a team.

    One fact is one question: a name that people outside read is L14 alone, a person named among colleagues L11.
    """
    contradicted: set[str] = set()
    blamed: set[str] = set()
    exposed: set[str] = set()
    for one in said:
        outside = one.audiences & PLAIN_AUDIENCES if one.rule in NAMES else frozenset()
        exposed |= outside
        if one.rule == CONTRADICTS:
            contradicted |= one.audiences
        if one.rule in BLAMES or (one.rule == "B00" and not outside):
            blamed |= one.audiences
    found = []
    for code, readers, words in (
        (LapseCode.L08, contradicted, "said something else than the impact on record"),
        (LapseCode.L11, blamed, "left with words that pass blame"),
        (LapseCode.L14, exposed, "named a person or a team"),
    ):
        if readers:
            sentence = f"Update {number} to {named(sorted(readers))} {words}."
            found.append(
                Suggestion(code=code, occurred_at=published_at, sentence=sentence, audience=min(readers)),
            )
    return tuple(found)


def from_review(*, published_at: datetime, blames: int) -> Suggestion | None:
    """L11 for a published review with words that pass blame and that nobody gave a reason for."""
    if blames < 1:
        return None
    sentence = "The published review has words that pass blame."
    return Suggestion(code=LapseCode.L11, occurred_at=published_at, sentence=sentence)


def language_again(moments: Sequence[datetime]) -> Suggestion | None:
    """L06: two messages or more that people outside read left with mistakes of language within thirty days.

    `moments` are when they left; the newest is what is asked about.
    """
    if not moments:
        return None
    newest = max(moments)
    times_found = sum(newest - moment < REPEATED_WITHIN for moment in moments)
    if times_found < 2:
        return None
    sentence = f"Language failed in {times_found} messages to people outside within 30 days."
    return Suggestion(code=LapseCode.L06, occurred_at=newest, sentence=sentence)


def is_outside(audiences: Iterable[str]) -> bool:
    """Whether users, executives or the public are among the readers."""
    return not PLAIN_AUDIENCES.isdisjoint(audiences)
