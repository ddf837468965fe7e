"""C11, how many there are where: “Leeds 21,500”, “31 in New York”, as the record says it of the same place."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from comms.rules.checking import amounts, check_places, sentences
from comms.rules.checking.draft import Draft
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, Finding

_NUMBER: Final = (
    r"(?<![\w.,:/-])(?P<number>\d{1,3}(?:,\d{3})+|\d{2,6})"
    r"(?![\d:%]|[.,]\d|\s*(?:of|per|minutes?|hours?|[ap]\.?m)\b|\s*%)"
)


def breakdown(draft: Draft, text: str) -> Iterator[Finding]:
    """Another number beside a place than the record has beside it. One digit alone may be a gate or a floor."""
    record = draft.recorded
    if record is None or not draft.known.sites:
        return
    stated: dict[str, set[Decimal]] = {}
    for said in record.texts:
        for place, hit in _beside(said, draft.known.sites):
            stated.setdefault(place, set()).add(_value(hit))
    if not stated:
        return
    for sentence in sentences.statements(text):
        if check_places.tells_of_before(draft, sentence):
            continue
        for place, hit in _beside(sentence.text, stated):
            if _value(hit) in stated[place]:
                continue
            right = f"{min(stated[place]):,}"
            message = f"The record says {right} for {place}; the text says {hit['number']}."
            start = sentence.start + hit.start("number")
            yield Finding(
                code="C11",
                severity=ERROR,
                message=message,
                start=start,
                end=start + len(hit["number"]),
                text=hit["number"],
                suggestions=(right,),
                rule="breakdown",
            )


def _beside(text: str, places: Iterable[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Each number that stands right behind a place, or before “in” and the place."""
    names = findings.any_of(places, within=text, flags=re.NOFLAG).pattern
    for pattern in (
        rf"(?P<place>{names})\s*[(:|]?\s*(?:about\s+)?{_NUMBER}",
        rf"{_NUMBER}\s+(?:in|at)\s+(?:the\s+)?(?P<place>{names})",
    ):
        for hit in re.finditer(pattern, text):
            yield hit["place"], hit


def _value(hit: re.Match[str]) -> Decimal:
    return amounts.read(hit["number"]) or Decimal(0)
