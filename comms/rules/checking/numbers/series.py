"""Numbers that a text gives for one moment among others: “41 % at 11:10, 27 % at 11:50”, “at its peak 41 %”.

What was true at another moment contradicts nothing that the record says of now. Where the record has the same moment,
it is held against that.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import time
from typing import Final

from comms.rules.checking.numbers.amounts import Amount
from comms.rules.checking.times import check_times

# “41 % at 11:10”, “19 of 92 nodes done at 03:10”: little else between the number and its time.
_AT: Final = re.compile(
    r"(?:\s+(?:out\s+)?of\s+\d[\d,]*(?:\s+[a-z]{3,}){0,3}?)?\s+(?:at|around|by|as of)\s+", re.IGNORECASE
)
_PEAK: Final = re.compile(
    r"\b(?:peak(?:s|ed|ing)?|at (?:its|the) (?:height|worst)|"
    r"(?:worst|highest|maximum|busiest)(?: moment| point| hour)?)\b[^.;\n\d]{0,24}$",
    re.IGNORECASE,
)
_AT_PEAK: Final = re.compile(
    r"[^.;\n\d]{0,40}?\bat (?:its|the|their) (?:peak|height|worst|highest)\b|\s+at worst\b", re.IGNORECASE
)


def told(text: str, written: Iterable[Amount]) -> dict[int, list[time | None]]:
    """By where they stand, the numbers of one moment: its time of day, and None for the peak."""
    found: dict[int, list[time | None]] = {}
    for amount in written:
        lead = _AT.match(text, amount.end)
        clock = check_times.CLOCK.match(text, lead.end()) if lead is not None else None
        if clock is not None:
            found.setdefault(amount.start, []).append(check_times.clock_of(clock))
        if _PEAK.search(text[max(amount.start - 60, 0) : amount.start]) or _AT_PEAK.match(text, amount.end):
            found.setdefault(amount.start, []).append(None)
    return found


def recorded(by_text: Iterable[tuple[str, Sequence[Amount]]]) -> dict[time | None, list[Amount]]:
    """What the record says of each moment."""
    said: dict[time | None, list[Amount]] = {}
    for text, several in by_text:
        moments = told(text, several)
        for amount in several:
            for moment in moments.get(amount.start, ()):
                said.setdefault(moment, []).append(amount)
    return said
