from dataclasses import replace
from datetime import UTC, datetime

import pytest

from incidents.choices import ClosureAnswer
from incidents.rules import closure
from incidents.rules.closure import Given, Item

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MIA, PETRA = 1, 2
DONE = Given(answer="done", note="", by=MIA, at=AT)
ITEM = Item(code="problem_record", question="The problem record is linked", answers=closure.EVERY_ANSWER)
SECOND = Item(code=closure.SECOND_PERSON, question="Read by a second person", answers=(ClosureAnswer.DONE,))


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (ITEM, True),
        (replace(ITEM, met=True), False),
        (replace(ITEM, given=DONE), False),
        (replace(ITEM, answers=()), True),
        (replace(ITEM, answers=(), met=True), False),
    ],
)
def test_open_is_what_the_record_does_not_show_and_nobody_answered(item: Item, expected: bool) -> None:
    assert item.is_open is expected
    assert (item in closure.still_open([item])) is expected


def test_the_list_is_worked_through_in_its_order_and_the_second_person_comes_last() -> None:
    codes = [closure.SECOND_PERSON, "own_of_an_app", "lapses", "restoration_confirmed"]
    ordered = closure.in_order([replace(ITEM, code=code) for code in codes])
    assert [item.code for item in ordered] == [
        "restoration_confirmed", "lapses", "own_of_an_app", closure.SECOND_PERSON,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "given", "accountable", "holds"),
    [
        (ITEM, DONE, MIA, True),
        (replace(ITEM, version=2), replace(DONE, version=2), MIA, True),
        (replace(ITEM, version=3), replace(DONE, version=2), MIA, False),  # the impact was revised after the answer
        (SECOND, replace(DONE, by=PETRA), MIA, True),
        (SECOND, DONE, MIA, False),  # who has read the record has taken over since
        (SECOND, DONE, None, True),
    ],
)
def test_an_answer_holds_for_what_it_was_given_about(
    item: Item, given: Given, accountable: int | None, holds: bool
) -> None:
    [found] = closure.answered([item], {item.code: given}, accountable=accountable)
    assert (found.given is not None) is holds
    assert found.is_open is not holds


def test_without_answers_everything_stays_as_the_record_has_it() -> None:
    items = [ITEM, replace(ITEM, met=True)]
    assert closure.answered(items, {}, accountable=MIA) == items


@pytest.mark.parametrize(("priority", "expected"), [("P1", True), ("P2", False), ("P3", False)])
def test_a_p1_is_closed_by_two_people(priority: str, expected: bool) -> None:
    assert closure.needs_second_person(priority) is expected


@pytest.mark.parametrize(
    ("item", "answer", "note", "by", "code"),
    [
        (ITEM, "done", "", MIA, None),
        (ITEM, "unknown", "the tool is down", MIA, None),
        (ITEM, "unknown", " ", MIA, "note_missing"),
        (ITEM, "not_applicable", "", MIA, "note_missing"),
        (replace(ITEM, note_always=True), "done", "", MIA, "note_missing"),
        (replace(ITEM, note_always=True), "done", "PRB1", MIA, None),
        (ITEM, "perhaps", "note", MIA, "unknown_answer"),
        (SECOND, "unknown", "note", PETRA, "unknown_answer"),
        (replace(ITEM, answers=()), "done", "note", MIA, "from_the_record"),
        (SECOND, "done", "", MIA, "same_person"),
        (SECOND, "done", "", PETRA, None),
    ],
)
def test_who_may_answer_what(item: Item, answer: str, note: str, by: int, code: str | None) -> None:
    problem = closure.check(item, answer=answer, note=note, by=by, accountable=MIA)
    assert (problem.code if problem else None) == code
    assert problem is None or problem.message.endswith(".")
