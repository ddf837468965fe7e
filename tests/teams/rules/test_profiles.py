"""What a profile says, what of it is missing or overdue, and what a proposal stands for."""

from datetime import date

import pytest

from teams.choices import ProfileField
from teams.rules import profiles

FULL = dict.fromkeys(profiles.FIELDS, "said")
TODAY = date(2026, 11, 28)


def test_five_are_confirmed_and_every_field_is_asked_once() -> None:
    assert profiles.TO_CONFIRM == ("reach", "voice", "facts_wanted", "working", "avoid")
    assert profiles.GROWING == ("opening", "know", "care", "ask_again_minutes")
    assert sorted(profiles.FIELDS) == sorted(ProfileField.values)
    assert set(profiles.FIELDS) - set(profiles.TEXTS) == {"facts_wanted", "ask_again_minutes"}


@pytest.mark.parametrize(
    ("review", "stale"),
    [(None, False), (date(2026, 11, 29), False), (TODAY, False), (date(2026, 11, 27), True)],
)
def test_a_review_is_overdue_from_the_day_after(review: date | None, stale: bool) -> None:
    assert profiles.is_stale(review_date=review, today=TODAY) is stale


@pytest.mark.parametrize(
    ("profile", "missing"),
    [
        (None, ("reach", "voice", "facts_wanted", "working", "avoid")),
        (FULL, ()),
        (FULL | {"facts_wanted": [], "avoid": "", "care": ""}, ("facts_wanted", "avoid")),
    ],
)
def test_which_of_the_five_is_not_said(profile: dict[str, object] | None, missing: tuple[str, ...]) -> None:
    assert profiles.missing(profile) == missing


@pytest.mark.parametrize(
    ("votes", "right", "wrong"), [([], 0, 0), ([True], 1, 0), ([True, False, True], 2, 1), ([False], 0, 1)]
)
def test_votes_are_counted(votes: list[bool], right: int, wrong: int) -> None:
    assert profiles.accuracy(votes) == profiles.Accuracy(right=right, wrong=wrong)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("avoid", " @all ", "@all"),
        ("facts_wanted", "since\n\n scope ", ["since", "scope"]),
        ("facts_wanted", "", []),
        ("ask_again_minutes", "15", 15),
    ],
)
def test_a_proposed_text_stands_for_a_value(field: str, text: str, value: object) -> None:
    assert profiles.from_text(field, text) == value


def test_minutes_are_a_number() -> None:
    with pytest.raises(ValueError, match="soon"):
        profiles.from_text("ask_again_minutes", "soon")


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), ("Chat", "Chat"), (["since", "scope"], "since\nscope"), ((), ""), (15, "15")]
)
def test_a_value_as_people_read_it(value: object, text: str) -> None:
    assert profiles.as_text(value) == text


def test_what_differs_in_the_order_of_asking() -> None:
    assert profiles.differing(FULL, FULL) == ()
    assert profiles.differing({}, {"care": "", "avoid": "@all"}) == ("avoid",)
    assert profiles.differing(FULL, FULL | {"opening": "x", "voice": "y"}) == ("voice", "opening")
