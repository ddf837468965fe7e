import pytest

from incidents.choices import Priority
from incidents.rules import priority


@pytest.mark.parametrize(
    ("impact", "urgency", "expected"),
    [
        (1, 1, "P1"),
        (1, 2, "P2"),
        (2, 1, "P2"),
        (1, 3, "P3"),
        (2, 2, "P3"),
        (3, 1, "P3"),
        (2, 3, "P4"),
        (3, 2, "P4"),
        (3, 3, "P5"),
    ],
)
def test_priority_is_impact_times_urgency(impact: int, urgency: int, expected: str) -> None:
    assert priority.compute(impact=impact, urgency=urgency) == expected


@pytest.mark.parametrize(("impact", "urgency"), [(0, 1), (1, 4), (4, 4), (-1, 2)])
def test_levels_outside_the_model_are_an_error(impact: int, urgency: int) -> None:
    with pytest.raises(ValueError, match="are 1, 2 or 3"):
        priority.compute(impact=impact, urgency=urgency)


@pytest.mark.parametrize(("value", "major"), [("P1", True), ("P2", True), ("P3", False), ("P4", False), ("P5", False)])
def test_p1_and_p2_are_major(value: str, major: bool) -> None:
    assert priority.is_major(value) is major


def test_another_priority_than_the_computed_one_needs_a_reason() -> None:
    assert priority.needs_reason(computed="P1", chosen="P2")
    assert not priority.needs_reason(computed="P1", chosen=Priority.P1)


def test_a_lower_priority_is_a_downgrade() -> None:
    assert priority.is_downgrade(before="P1", after="P2")
    assert not priority.is_downgrade(before="P2", after="P2")
    assert not priority.is_downgrade(before="P2", after="P1")


YES = priority.Answered(answer="yes")
NO = priority.Answered(answer="no")
ALL_YES = dict.fromkeys(priority.DOWNGRADE_QUESTIONS, YES)


@pytest.mark.parametrize(
    ("given", "reason", "field"),
    [
        (ALL_YES, "", None),
        ({}, "agreed on the bridge", None),
        ({}, "", "workaround"),
        (ALL_YES | {"liaison_agrees": NO}, "", "liaison_agrees"),
        (ALL_YES | {"liaison_agrees": NO}, " ", "liaison_agrees"),
        (ALL_YES | {"liaison_agrees": NO}, "she is on a plane", None),
        (ALL_YES | {"liaison_agrees": priority.Answered(answer="no", reason="on a plane")}, "", None),
        (ALL_YES | {"no_trigger": priority.Answered(answer="maybe")}, "x", "no_trigger"),
        (ALL_YES | {"lunch": YES}, "x", "lunch"),
    ],
)
def test_going_down_is_answered_or_has_its_reason(
    given: dict[str, priority.Answered], reason: str, field: str | None
) -> None:
    problem = priority.check_downgrade(given, reason=reason)
    assert (problem.field if problem else None) == field


def test_all_four_are_kept_with_the_reason_that_stands_for_them() -> None:
    kept = priority.downgrade_answers({"workaround": YES, "no_trigger": NO}, reason=" holds ")
    assert list(kept) == list(priority.DOWNGRADE_QUESTIONS)
    assert kept["workaround"] == YES
    assert kept["no_trigger"] == priority.Answered(answer="no", reason="holds")
    assert kept["liaison_agrees"] == priority.Answered(answer="unknown", reason="holds")
