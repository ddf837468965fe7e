"""A disputed score, graded anew item by item."""

from dataclasses import asdict
from typing import Any

import pytest

from incidents.rules import intake, intake_corrections
from incidents.rules.intake import Facts


def items(**facts: Any) -> list[dict[str, Any]]:
    return [asdict(item) for item in intake.score(Facts(**facts)).items]


FACTS = {
    "service": "Payroll", "service_in_catalogue": True, "cannot_do": "staff cannot submit timesheets",
    "affected_count": "about 1,200", "basis": "headcount", "where": "Ireland", "safety_or_security": "no",
    "contact": "Niamh Walsh, +353 1 555 0199",
}  # fmt: skip


@pytest.mark.parametrize(
    ("corrections", "gained"),
    [({}, 0), ({"where": "full"}, 5), ({"where": "none"}, -5), ({"where": "full", "workaround": "full"}, 10)],
)
def test_items_are_weighed_as_ever(corrections: dict[str, str], gained: int) -> None:
    before = intake.score(Facts(**FACTS)).score  # type: ignore[arg-type]
    found = intake_corrections.corrected(items(**FACTS), corrections=corrections, safety_is_answered=True)
    assert abs(found.score - before - gained) <= 1
    assert found.band == intake.band_of(found.score)
    assert found.rubric_version == intake.RUBRIC_VERSION


@pytest.mark.parametrize(
    ("corrections", "safety", "highest"),
    [({"affected_count": "none"}, True, 49), ({"cannot_do": "none"}, False, 49), ({}, False, 69)],
)
def test_caps_hold(corrections: dict[str, str], safety: bool, highest: int) -> None:
    full = {item["code"]: "full" for item in items(**FACTS)}
    found = intake_corrections.corrected(items(**FACTS), corrections=full | corrections, safety_is_answered=safety)
    assert found.score == highest


def test_a_correction_can_lift_a_cap() -> None:
    facts = FACTS | {
        "affected_count": "many", "where": "Ireland; not affected: England", "since_when": "09:10 (UTC+0), first call",
        "evidence": "“Session expired”; INC0012345, INC0012349", "workaround": "paper form works",
    }  # fmt: skip
    assert intake.score(Facts(**facts)).score == 49  # type: ignore[arg-type]
    found = intake_corrections.corrected(
        items(**facts), corrections={"affected_count": "half"}, safety_is_answered=True
    )
    assert found.score > 49


@pytest.mark.parametrize(
    ("corrections", "unknown"),
    [({"where": "full"}, []), ({"colour": "full", "where": "great"}, ["colour", "where"])],
)
def test_only_items_and_grades_that_exist(corrections: dict[str, str], unknown: list[str]) -> None:
    assert intake_corrections.unknown_items(items(**FACTS), corrections) == unknown
