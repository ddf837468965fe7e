from dataclasses import replace
from datetime import date, timedelta

import pytest

from reviews.choices import ActionNotice
from reviews.rules import actions
from reviews.rules.actions import Action

GOOD = Action(
    what="Block a release of Payroll without a passed till test",
    owner_id=7,
    due_date=date(2026, 12, 1),
    done_means="the pipeline refuses the release of a branch that fails the till test",
    measure="0 releases without the test in 90 days",
    strength="strong",
)


def test_a_good_action_has_ten_points_and_no_gap() -> None:
    assert actions.gaps(GOOD) == ()
    assert actions.is_agreed(GOOD)
    assert actions.score(GOOD) == actions.MAXIMUM


@pytest.mark.parametrize(
    ("change", "field", "required", "points"),
    [
        ({"what": " "}, "what", True, 10),
        ({"owner_id": None}, "owner", True, 8),
        ({"due_date": None}, "due_date", True, 9),
        ({"done_means": ""}, "done_means", True, 8),
        ({"measure": ""}, "measure", False, 8),
        ({"strength": ""}, "strength", False, 7),
        ({"strength": "heroic"}, "strength", False, 7),
    ],
)
def test_what_is_missing(change: dict[str, object], field: str, required: bool, points: int) -> None:
    action = replace(GOOD, **change)  # type: ignore[arg-type]
    [gap] = actions.gaps(action)
    assert (gap.field, gap.required) == (field, required)
    assert gap.message
    assert actions.is_agreed(action) is not required
    assert actions.score(action) == points


@pytest.mark.parametrize(("strength", "points"), [("strong", 10), ("intermediate", 9), ("weak", 8)])
def test_strength_counts(strength: str, points: int) -> None:
    assert actions.score(replace(GOOD, strength=strength)) == points


def test_required_gaps_come_first() -> None:
    assert [gap.required for gap in actions.gaps(Action(what=""))] == [True, True, True, True, False, False]
    assert actions.score(Action(what="x")) == 0


@pytest.mark.parametrize(
    ("strengths", "weak"),
    [([], True), (["weak", "weak"], True), ([""], True), (["weak", "intermediate"], False), (["strong"], False)],
)
def test_a_plan_of_weak_actions_only(strengths: list[str], weak: bool) -> None:
    assert actions.plan_is_weak([replace(GOOD, strength=strength) for strength in strengths]) is weak


def test_words_that_rest_on_memory() -> None:
    assert [finding.text for finding in actions.weak_words(Action(what="Remind and retrain the desk"))] == [
        "Remind",
        "retrain",
    ]
    assert actions.weak_words(GOOD) == ()


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days", "told", "said"),
    [
        (4, "", None),
        (3, "", "soon"),
        (0, "", "soon"),
        (0, "soon", None),
        (-1, "soon", "overdue"),
        (-7, "overdue", None),
        (-8, "overdue", "escalated"),
        (-8, "", "escalated"),
        (-99, "escalated", None),
        (2, "overdue", None),
    ],
)
def test_what_is_said_of_a_day(days: int, told: str, said: str | None) -> None:
    assert actions.notice(due_date=TODAY + timedelta(days=days), told=told, today=TODAY) == said


STRONG = Action(what="Watch certificates", measure="None expires unseen.", strength="strong")


@pytest.mark.parametrize(
    ("is_p1", "layers", "given", "words"),
    [
        (True, ["technology", "procedure", "staffing"], [STRONG], []),
        (True, ["procedure"], [], ["A P1 has three"]),
        (False, ["procedure"], [], []),
        (True, ["technology"] * 3, [], ["All factors lie in technology"]),
        (False, ["technology"], [], []),
        (False, ["procedure"], [replace(STRONG, strength="weak")], ["Every action rests on people"]),
        (
            False,
            ["procedure"],
            [replace(STRONG, measure=""), replace(STRONG, measure=" ")],
            ["2 actions do not say how"],
        ),
        (False, [], [replace(STRONG, measure="")], ["One action does not say how"]),
    ],
)
def test_advice_about_what_a_review_usually_has(
    is_p1: bool, layers: list[str], given: list[actions.Action], words: list[str]
) -> None:
    found = actions.advice(is_p1=is_p1, layers=layers, actions=given)
    assert len(found) == len(words)
    assert all(said.startswith(wanted) for said, wanted in zip(found, words, strict=True))


@pytest.mark.parametrize("told", list(ActionNotice))
def test_the_sweep_reads_what_there_is_something_to_say_of(told: ActionNotice) -> None:
    today = date(2026, 11, 28)
    until = actions.speaks_until(told=told, today=today)
    for days in range(-30, 10):
        due_date = today + timedelta(days=days)
        is_read = until is not None and due_date <= until
        assert is_read is (actions.notice(due_date=due_date, told=told, today=today) is not None)
