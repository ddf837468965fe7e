"""Counts what callers told the desk: how many called, from which places. A basis for a number, never the number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from incidents.rules import intake_grades as grades

MOST_CALLERS: Final = 100_000  # in one report; more is a typing error
# What separates places in one answer; a comma stands inside them (“Dublin, floor 2”), and the word in some names.
_AND: Final = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_BETWEEN: Final = re.compile(rf"[;\n\r]+|{_AND.pattern}", re.IGNORECASE)
_ONE_PLACE: Final = (
    "Antigua and Barbuda",
    "Bosnia and Herzegovina",
    "Brighton and Hove",
    "Castile and León",
    "Dumfries and Galloway",
    "Heard and McDonald",
    "Jammu and Kashmir",
    "Newfoundland and Labrador",
    "Perth and Kinross",
    "Saint Kitts and Nevis",
    "Saint Pierre and Miquelon",
    "Saint Vincent and the Grenadines",
    "São Tomé and Príncipe",
    "Svalbard and Jan Mayen",
    "Trinidad and Tobago",
    "Turks and Caicos",
    "Tyne and Wear",
    "Wallis and Futuna",
)
_NOT_A_PLACE: Final = re.compile(
    r"\b(?:not affected|unaffected|not in|except|elsewhere|others?|rest|fine|works?|ok)\b", re.IGNORECASE
)
_JOINT: Final = "\ue000"  # stands for the spaces around the word inside a name, while an answer is taken apart
_EDGES: Final = " .,:()[]\"'“”‘’\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report as it counts: callers, and the place in the words of the desk."""

    callers: int
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Everything that was reported to the desk so far."""

    reports: int = 0
    callers: int = 0
    sites: tuple[str, ...] = ()


def totals(reports: Iterable[Report], *, names: Iterable[str] = ()) -> Totals:
    """Callers added up; each place once, in the words of whoever named it first. `names` are the sites' own."""
    rows = list(reports)
    return Totals(
        reports=len(rows),
        callers=sum(row.callers for row in rows),
        sites=sites((row.where for row in rows), names=names),
    )


def sites(answers: Iterable[str], *, names: Iterable[str] = ()) -> tuple[str, ...]:
    """The places in some answers to “where?”, without repeats; what is not affected or not known is no place.

    “Dublin and Cork” are two places; a name that holds the word, a site's own or a well-known one, is one.
    """
    whole = _whole(names)
    found: dict[str, str] = {}
    for answer in answers:
        for place in _places(answer, whole):
            found.setdefault(place.casefold(), place)
    return tuple(found.values())


def _whole(names: Iterable[str]) -> re.Pattern[str]:
    """Finds the names that hold “and” or “&”, the longest first."""
    holding = sorted({*_ONE_PLACE, *(name for name in names if _AND.search(name))}, key=len, reverse=True)
    either = (_AND.pattern.join(_words(part) for part in _AND.split(name)) for name in holding)
    return re.compile(rf"(?<!\w)(?:{'|'.join(either)})(?!\w)", re.IGNORECASE)


def _words(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split()))


def _places(answer: str, whole: re.Pattern[str]) -> list[str]:
    if grades.unknown(answer) or grades.asked(answer):
        return []
    kept = whole.sub(lambda name: _AND.sub(lambda word: re.sub(r"\s", _JOINT, word[0]), name[0]), answer)
    places = []
    for part in _BETWEEN.split(kept):
        if _NOT_A_PLACE.search(part):
            break  # from here on it says who is not affected
        place = " ".join(part.replace(_JOINT, " ").split()).strip(_EDGES)
        if place:
            places.append(place)
    return places
