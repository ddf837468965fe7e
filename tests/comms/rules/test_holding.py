from datetime import UTC, datetime

import pytest

from comms.rules.promises import holding


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], 0),
        (["initial"], 0),
        (["initial", "holding"], 1),
        (["initial", "holding", "holding"], 2),
        (["holding", "update", "holding"], 1),
    ],
)
def test_holding_updates_in_a_row(kinds: list[str], expected: int) -> None:
    assert holding.in_a_row(kinds) == expected


@pytest.mark.parametrize(
    ("kinds", "asks"),
    [
        (["initial"], False),
        (["initial", "holding"], False),
        (["initial", "holding", "holding"], True),
        (["holding", "holding", "holding"], True),
        (["holding", "holding", "update"], False),
    ],
)
def test_the_third_in_a_row_asks(kinds: list[str], asks: bool) -> None:
    assert bool(holding.asks(kinds=kinds)) is asks


def test_it_says_which_one_and_that_it_can_leave() -> None:
    words = holding.asks(kinds=["holding", "holding"])
    assert words.startswith("A holding update now is number 3 in a row.")
    assert words.endswith("You can send it as it is.")


def test_a_fact_or_a_longer_interval_answers_it() -> None:
    kinds = ["holding", "holding"]
    assert holding.asks(kinds=kinds, waiting_until=datetime(2026, 11, 23, 11, 0, tzinfo=UTC)) == ""
    assert holding.asks(kinds=kinds, longer_agreed=True) == ""
