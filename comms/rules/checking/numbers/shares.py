"""Shares in texts and records: what per cent of what, and parts of a whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from comms.rules.checking import recorded
from comms.rules.checking.numbers import counted_nouns
from comms.rules.checking.numbers.amounts import Amount

_RATE: Final = re.compile(r"\brates?\b[^.;\n\d]{0,40}$", re.IGNORECASE)
_OF_WHOLE: Final = re.compile(r"\s+of\s+(?!th[eo]se\s)(?:(?:all|the|our|its|their)\s+){0,2}", re.IGNORECASE)
# What a share is of, whatever is tried: “sixty per cent of attempts fail”.
_ATTEMPTS: Final = frozenset(
    recorded.stem(each) for each in ("attempt", "request", "try", "tries", "call", "time", "total")
)
NEXT_PART: Final = re.compile(
    r"[.,;:!?\n()]|\s(?:at|in|on|across|from|cannot|can|could|are|is|was|were|have|has|had|and|or|who|that|with|"
    r"to|of the)\b",
    re.IGNORECASE,
)
_OUT_OF: Final = re.compile(r"\s+(?:out\s+)?of\s+(?:(?:the|our|all|its)\s+){0,2}", re.IGNORECASE)

_OF: Final = re.compile(r"(?:^|[.!?;:,(\n]\s*)(?:out\s+)?of\s+(?:(?:the|our|all|its)\s+){0,2}$", re.IGNORECASE)
_ARE: Final = re.compile(r"\s+[\w -]{1,40},\s+(?:only\s+|about\s+|around\s+)?")


def said(count: str, texts: Sequence[tuple[str, Amount]]) -> list[tuple[str, Amount]]:
    """The percentages of the record, with the texts that say them: the count's, else those of the whole statement."""
    shares = [(text, amount) for text, amount in texts if amount.is_percent]
    return [(text, amount) for text, amount in shares if text == count] or shares


def is_other(text: str, amount: Amount, shares: Sequence[tuple[str, Amount]]) -> bool:
    """Whether a share is of something else than the record's: “60 % of the traffic” where it has “20 % of payments”;
    or a rate that has fallen below it.
    """
    is_rate = _RATE.search(text[max(amount.start - 50, 0) : amount.start])
    if is_rate and amount.high < min(each.low for _text, each in shares):
        return True
    of = _share_of(text, amount)
    recorded_of = [_share_of(said, each) for said, each in shares]
    return bool(of - _ATTEMPTS) and all(recorded_of) and all(of.isdisjoint(each) for each in recorded_of)


def _share_of(text: str, amount: Amount) -> frozenset[str]:
    """Of what a share is: the stems of the words up to the verb, people and places as such."""
    of = _OF_WHOLE.match(text, amount.end)
    if of is None:
        return frozenset()
    stems = recorded.content_words(NEXT_PART.split(text[of.end() : of.end() + 50])[0])
    return frozenset(counted_nouns.BY_STEM.get(each, each) for each in stems)


def parted(text: str, written: Sequence[Amount]) -> list[tuple[Amount, Amount]]:
    """The parts that the text gives of a whole: “two of five lines”, “12 out of 40”, “of our 640 machines, 121”."""
    found = []
    for one, other in pairwise(written):
        if _OUT_OF.fullmatch(text, one.end, other.start):
            found.append((one, other))
        elif _OF.search(text[max(one.start - 12, 0) : one.start]) and _ARE.fullmatch(text, one.end, other.start):
            found.append((other, one))
    return found


@dataclass(frozen=True, slots=True)
class Parted:
    """A whole as the record parts it: which parts, what they leave of it, and the texts that say so."""

    parts: list[Amount] = field(default_factory=list)
    left: list[Amount] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_whole: bool = False  # the part is right, and what it is said to be a part of is compared


def of_record(
    by_text: Sequence[tuple[str, Sequence[Amount]]], told: Sequence[tuple[Amount, Amount]]
) -> dict[int, Parted]:
    """The parts that the text gives of a whole which the record parts too, by where they stand, with what is right."""
    said = [(text, *each) for text, several in by_text for each in parted(text, several)]
    stated: dict[Decimal, Parted] = {}
    for text, part, whole in said:
        found = stated.setdefault(whole.low, Parted())
        found.parts.append(part)
        found.left.append(replace(part, low=whole.low - part.high, high=whole.low - part.low))
        found.texts.append(text)
    of_parts = {part.start: stated[whole.low] for part, whole in told if whole.low in stated}
    # “85 of 310” where the record has 85 of 130: the whole is the wrong one.
    wholes = {part.low: (text, whole) for text, part, whole in said}
    others = [(part, whole) for part, whole in told if whole.low not in stated and part.low in wholes]
    return of_parts | {
        whole.start: Parted(parts=[wholes[part.low][1]], texts=[wholes[part.low][0]], is_whole=True)
        for part, whole in others
    }
