"""Counts what callers told the desk: how many called, from which places. A basis for a number, never the number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from incidents.rules import intake_grades as grades

MOST_CALLERS: Final = 100_000  # in one report; more is a typing error
# What separates places in one answer; a comma stands inside them (“Dublin, floor 2”).
_BETWEEN: Final = re.compile(r"[;\n\r]+|\s+and\s+|\s+&\s+", re.IGNORECASE)
_NOT_A_PLACE: Final = re.compile(
    r"\b(?:not affected|unaffected|not in|except|elsewhere|others?|rest|fine|works?|ok)\b", re.IGNORECASE
)
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


def totals(reports: Iterable[Report]) -> Totals:
    """Callers added up; each place once, in the words of whoever named it first."""
    rows = list(reports)
    return Totals(
        reports=len(rows),
        callers=sum(row.callers for row in rows),
        sites=sites(row.where for row in rows),
    )


def sites(answers: Iterable[str]) -> tuple[str, ...]:
    """The places in some answers to “where?”, without repeats; what is not affected or not known is no place."""
    found: dict[str, str] = {}
    for answer in answers:
        for place in _places(answer):
            found.setdefault(place.casefold(), place)
    return tuple(found.values())


def _places(answer: str) -> list[str]:
    if grades.unknown(answer) or grades.asked(answer):
        return []
    places = []
    for part in _BETWEEN.split(answer):
        if _NOT_A_PLACE.search(part):
            break  # from here on it says who is not affected
        place = " ".join(part.split()).strip(_EDGES)
        if place:
            places.append(place)
    return places
