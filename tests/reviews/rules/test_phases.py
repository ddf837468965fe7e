"""The phases of an incident from its times."""

from datetime import timedelta

from reviews.rules import phases
from tests.factories import NOON

MINUTE = timedelta(minutes=1)


def test_from_each_known_time_to_the_next() -> None:
    found = phases.phases(
        [("began", NOON), ("seen", None), ("declared", NOON + 10 * MINUTE), ("over", NOON + 40 * MINUTE)]
    )
    assert [(one.began, one.ended, one.length) for one in found] == [
        ("began", "declared", 10 * MINUTE),
        ("declared", "over", 30 * MINUTE),
    ]
    assert [(one.start_share, one.length_share) for one in found] == [(0, 0.25), (0.25, 0.75)]


def test_a_time_before_the_one_ahead_of_it_is_none() -> None:
    found = phases.phases([("began", NOON), ("seen", NOON - MINUTE), ("over", NOON + MINUTE)])
    assert [(one.began, one.ended) for one in found] == [("began", "over")]


def test_nothing_to_show() -> None:
    assert phases.phases([]) == []
    assert phases.phases([("began", NOON), ("over", None)]) == []
    assert phases.phases([("began", NOON), ("over", NOON)]) == []
