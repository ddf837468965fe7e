"""C11, how many there are where: “Leeds 21,500”, “31 in New York”, as the record says it of the same place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.numbers import amounts
from comms.rules.checking.places import check_places
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
    said = " ; ".join(record.texts)
    for hit in _beside(said, _patterns(draft.known.sites, within=said)):
        stated.setdefault(hit["place"], set()).add(_value(hit))
    if not stated:
        return
    patterns = _patterns(stated, within=text)
    for sentence in sentences.statements(text):
        if check_places.tells_of_before(draft, sentence):
            continue
        for hit in _beside(sentence.text, patterns):
            if _value(hit) in stated[hit["place"]]:
                continue
            right = f"{min(stated[hit['place']]):,}"
            yield findings.at(
                hit,
                code="C11",
                severity=ERROR,
                message=f"The record says {right} for {hit['place']}; the text says {hit['number']}.",
                suggestions=(right,),
                rule="breakdown",
                offset=sentence.start,
                group="number",
            )


def _patterns(places: Iterable[str], *, within: str) -> Sequence[re.Pattern[str]]:
    """A number right behind one of these places, and one before “in” and the place, where no list follows."""
    names = findings.any_of(places, within=within, flags=re.NOFLAG).pattern
    return (
        re.compile(rf"(?P<place>{names})\s*[(:|]?\s*(?:about\s+)?{_NUMBER}"),
        re.compile(
            rf"{_NUMBER}\s+(?:[a-z]+\s+)?(?:in|at)\s+(?:the\s+)?(?P<place>{names})(?!\s*(?:,|and\b|&)\s*(?:and\s+)?[A-Z])"
        ),
    )


def _beside(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from pattern.finditer(text)


def _value(hit: re.Match[str]) -> Decimal:
    return amounts.read(hit["number"]) or Decimal(0)
