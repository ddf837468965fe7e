"""Shares in texts and records: what per cent of what, and parts of a whole."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from comms.rules.checking import counted_nouns, recorded
from comms.rules.checking.amounts import Amount

_RATE: Final = re.compile(r"\brates?\b[^.;\n\d]{0,40}$", re.IGNORECASE)
_OF_WHOLE: Final = re.compile(r"\s+of\s+(?:(?:all|the|our|its|their|these|those)\s+){0,2}", re.IGNORECASE)
# What a share is of, whatever is tried: “sixty per cent of attempts fail”.
_ATTEMPTS: Final = frozenset(recorded.stem(each) for each in ("attempt", "request", "try", "tries", "call", "time"))
NEXT_PART: Final = re.compile(
    r"[.,;:!?\n(]|\s(?:at|in|on|across|from|cannot|can|could|are|is|was|were|have|has|had|and|or|who|that|with|"
    r"to|of the)\b",
    re.IGNORECASE,
)
_OUT_OF: Final = re.compile(r"\s+(?:out\s+)?of\s+(?:(?:the|our|all|its)\s+){0,2}", re.IGNORECASE)


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
    """The parts that the text gives of a whole: “two of five lines”, “12 out of 40”."""
    return [(part, whole) for part, whole in pairwise(written) if _OUT_OF.fullmatch(text, part.end, whole.start)]


def of_record(
    by_text: Sequence[tuple[str, Sequence[Amount]]], told: Sequence[tuple[Amount, Amount]]
) -> dict[int, tuple[list[Amount], list[Amount]]]:
    """The parts that the text gives of a whole which the record parts too, by where they stand, with what is right:
    the parts on record, and what they leave of the whole, which is right for what is done (“19 of 60 are back”).
    """
    said = [each for text, several in by_text for each in parted(text, several)]
    stated: dict[Decimal, tuple[list[Amount], list[Amount]]] = {}
    for part, whole in said:
        of_whole, left = stated.setdefault(whole.low, ([], []))
        of_whole.append(part)
        left.append(replace(part, low=whole.low - part.high, high=whole.low - part.low))
    found = {part.start: stated[whole.low] for part, whole in told if whole.low in stated}
    # “85 of 310” where the record has 85 of 130: the whole is the wrong one.
    wholes = {part.low: whole for part, whole in said}
    others = [(part, whole) for part, whole in told if whole.low not in stated and part.low in wholes]
    return found | {whole.start: ([wholes[part.low]], []) for part, whole in others}
