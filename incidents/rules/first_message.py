"""The first message to a team, in the order in which the team wants its facts (domain.md 5.2).

It is never delayed: a fact that nobody has is listed as not known, with the time at which it was asked for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from mim_portal.lib import times

# What a team's own words for a fact mean, in the fields of the record; of two at one place the first.
_MEANINGS: Final = (
    (r"since|start|when|began|onset", "since"),
    (r"change|release|deploy|maintenance|patch", "checks_done"),
    (r"error|log|graph|link|screenshot|evidence|example|trace|dashboard|alert", "evidence"),
    (r"work ?around", "workaround"),
    (r"where|site|location|region|network", "where"),
    (r"scope|how many|count|affected|users?|size|extent", "count"),
    (r"consequence|business|impact|cost|deadline|critical|priority", "consequence"),
    (r"contact|caller|who can confirm|phone", "contact"),
    (r"symptom|what (?:happens|fails|is broken)|problem|cannot|activity", "activity"),
    (r"service|system|application", "service"),
    (r"done|tried|checked|tests?", "checks_done"),
)
_NOT_KNOWN: Final = re.compile(r"\s*(?:[?.-]+|n/?a|unknown|not (?:yet )?known(?: yet)?|tbc|tbd)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact that the team wants first: its own word for it, and what is known."""

    wanted: str
    known: str

    @property
    def is_known(self) -> bool:
        return bool(self.known)


def facts_first(*, wanted: Sequence[str], known: Mapping[str, str]) -> tuple[Fact, ...]:
    """The team's wishes in the team's order, each with what the record has for it."""
    return tuple(Fact(wanted=wish.strip(), known=_known(wish, known)) for wish in wanted if wish.strip())


def write(
    *,
    reference: str,
    title: str,
    priority: str,
    sentence: str,
    facts: Sequence[Fact],
    note: str = "",
    room: str = "",
    bridge: str = "",
    now: datetime,
    tz: tzinfo = UTC,
) -> str:
    """The message as plain text: what is affected, the facts in order, what is asked, where to join."""
    asked = f"not known, asked {times.clock_time(now, tz)}"
    parts = [
        f"{reference} ({priority}): {title}",
        note.strip(),
        sentence,
        "\n".join(f"- {fact.wanted}: {fact.known or asked}" for fact in facts),
        "\n".join(line for line in (f"Bridge: {bridge}" if bridge else "", f"Room: {room}" if room else "") if line),
    ]
    return "\n\n".join(part for part in parts if part)


def _known(wish: str, known: Mapping[str, str]) -> str:
    """By the word that comes first: “symptom in the users’ words” asks for the symptom, not for a number of users."""
    found = [
        (match.start(), place, field)
        for place, (pattern, field) in enumerate(_MEANINGS)
        if (match := re.search(rf"\b(?:{pattern})", wish, re.IGNORECASE))
    ]
    if not found:
        return ""
    value = " ".join(known.get(min(found)[2], "").split())
    return "" if _NOT_KNOWN.fullmatch(value) else value
