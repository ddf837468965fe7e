"""How long a candidate may wait, as tables of minutes since it was raised."""

from datetime import datetime, timedelta

import pytest

from incidents.rules import waiting
from incidents.rules.waiting import Asked
from tests.factories import NOON


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("age", "stage", "changes"),
    [
        (0, "new", 5), (4.99, "new", 5), (5, "waiting", 10), (9.99, "waiting", 10), (10, "late", None),
        (90, "late", None),
    ],
)  # fmt: skip
def test_age_is_said_in_three_steps(age: float, stage: str, changes: float | None) -> None:
    assert waiting.stage(raised_at=NOON, now=at(age)) == stage
    assert waiting.next_stage_at(raised_at=NOON, now=at(age)) == (None if changes is None else at(changes))


@pytest.mark.parametrize(
    ("asked", "first", "last_answered", "expected"),
    [
        (0, None, None, 5),  # nobody answered
        (1, 2, None, None),  # the desk owes the answer
        (1, 2, 3, None),  # one of two answered
        (0, 2, 4, 9),  # all answered: the manager's five minutes again
        (0, 2, -1, 5),  # an answer cannot come before the candidate
    ],
)
def test_when_the_desk_lead_may_declare(
    asked: int, first: float | None, last_answered: float | None, expected: float | None
) -> None:
    questions = Asked(
        first_asked_at=None if first is None else at(first),
        open=asked,
        last_answered_at=None if last_answered is None else at(last_answered),
    )
    found = waiting.lead_declares_from(raised_at=NOON, asked=questions)
    assert found == (None if expected is None else at(expected))


@pytest.mark.parametrize(
    ("score", "capped_at", "expected"),
    [(69, None, True), (70, None, False), (100, None, False), (49, 49, True), (69, 69, True), (None, None, False)],
)
def test_which_records_need_a_question_at_once(score: int | None, capped_at: int | None, expected: bool) -> None:
    assert waiting.needs_asking(score=score, capped_at=capped_at) is expected


@pytest.mark.parametrize(("first", "expected"), [(None, False), (0, True), (5, True), (5.01, False)])
def test_asked_within_five_minutes(first: float | None, expected: bool) -> None:
    first_asked_at = None if first is None else at(first)
    assert waiting.asked_in_time(raised_at=NOON, first_asked_at=first_asked_at) is expected


@pytest.mark.parametrize(("asked", "chased", "expected"), [(0, None, 5), (0, 7, 12), (3, 1, 8)])
def test_a_question_may_be_chased_after_five_minutes(asked: float, chased: float | None, expected: float) -> None:
    chased_at = None if chased is None else at(chased)
    assert waiting.may_chase_from(asked_at=at(asked), chased_at=chased_at) == at(expected)
