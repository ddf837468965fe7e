"""Versions of a draft, differences of two texts, lengths of a text."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.rules import differences, versions
from comms.rules.checking.wording import lengths
from tests.comms.rules.kit import NOW


@pytest.mark.parametrize(
    ("author", "seconds", "length", "expected"),
    [
        (1, 0, 100, True),
        (1, 59, 80, True),
        (1, 60, 100, False),
        (1, 5, 79, False),
        (2, 5, 100, False),
    ],
)
def test_what_one_hand_writes_within_a_minute_is_one_version(
    author: int, seconds: int, length: int, expected: bool
) -> None:
    assert (
        versions.continues(
            author_id=author,
            last_author_id=1,
            began_at=NOW - timedelta(seconds=seconds),
            length=length,
            last_length=100,
            now=NOW,
        )
        is expected
    )


def test_a_difference_is_told_in_words() -> None:
    pieces = differences.between("Back at 10:30 in Dublin.", "Back at 10:45 in Dublin, Cork.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Back at "),
        ("out", "10:30"),
        ("in", "10:45"),
        ("same", " in Dublin"),
        ("in", ", Cork"),
        ("same", "."),
    ]


@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    pieces = differences.between(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after
    assert "".join(piece.text for piece in pieces if piece.kind != "in") == before


def test_long_texts_are_compared_in_time() -> None:
    before, after = "a b " * 2500, "b a " * 2500
    pieces = differences.between(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after


@pytest.mark.parametrize(
    ("audiences", "expected"),
    [((), None), (("technical",), None), (("technical", "executives"), 120), (("public", "service_desk"), 80)],
)
def test_the_reader_with_least_time_sets_the_length(audiences: tuple[str, ...], expected: int | None) -> None:
    assert lengths.most_words(audiences) == expected


@pytest.mark.parametrize(("text", "count"), [("", 0), ("Staff can’t pay – at 10:30 (UTC+0).", 6), ("🔴 down", 1)])
def test_words_are_counted_as_readers_do(text: str, count: int) -> None:
    assert lengths.words(text) == count
