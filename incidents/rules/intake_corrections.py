"""A score that was disputed: what it becomes when items are read differently. The old one stays beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from incidents.rules import intake
from incidents.rules.intake_grades import FULL, HALF, NONE

GRADES = (FULL, HALF, NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The score as it stands after the correction, by the rubric of today."""

    score: int
    band: str
    rubric_version: str = intake.RUBRIC_VERSION


def unknown_items(items: Iterable[Mapping[str, Any]], corrections: Mapping[str, str]) -> list[str]:
    """Corrections that name no item of the record, or no grade."""
    known = {str(item["code"]) for item in items}
    return sorted(code for code, grade in corrections.items() if code not in known or grade not in GRADES)


def corrected(
    items: Iterable[Mapping[str, Any]], *, corrections: Mapping[str, str], safety_is_answered: bool
) -> Corrected:
    """The stored items with some of them graded anew, capped as ever."""
    graded = {str(one["code"]): (int(one["weight"]), corrections.get(one["code"], one["grade"])) for one in items}
    score, _cap = intake.points(graded, safety_is_answered=safety_is_answered)
    return Corrected(score=score, band=intake.band_of(score))
