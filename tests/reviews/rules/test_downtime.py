"""Minutes of users: a range from the words, or not known; never nothing where nobody wrote a number."""

from datetime import timedelta

import pytest

from reviews.rules import downtime
from reviews.rules.downtime import Range, Stated, Total
from tests.factories import NOON

HOUR = timedelta(hours=1)
BASIS = "till errors"


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("1200", 1200, 1200),
        ("1,200 store staff", 1200, 1200),
        ("200-300", 200, 300),
        ("about 1,200", 1140, 1260),
        ("about 100", 50, 150),
        ("etwa 40", 35, 45),
        ("two hundred", 200, 200),
        ("about 1.2k", 1140, 1260),
    ],
)
def test_a_number_in_words_is_a_range(words: str, low: float, high: float) -> None:
    assert downtime.users(words) == Range(low=low, high=high)


@pytest.mark.parametrize(
    "words", ["", "everybody", "30 %", "more than 1,000", "up to 500", "200+", "1,200 of 5,000", "all of Ireland"]
)
def test_what_is_no_number_of_users(words: str) -> None:
    assert downtime.users(words) is None


def stated(hours: float, count: str, *, basis: str = BASIS, is_correction: bool = False) -> Stated:
    return Stated(as_of=NOON + hours * HOUR, count=count, basis=basis, is_correction=is_correction)


@pytest.mark.parametrize(
    ("versions", "low", "high"),
    [
        # Two hours from noon; the first version counts from the first harm, whenever it was written.
        ([stated(0.5, "100")], 12_000, 12_000),
        ([stated(0.5, "100-200")], 12_000, 24_000),
        ([stated(0.5, "100"), stated(1, "300")], 24_000, 24_000),
        # What was recorded wrongly was so all along.
        ([stated(0.5, "100"), stated(1, "300", is_correction=True)], 36_000, 36_000),
        ([stated(0.5, "100", is_correction=True)], 12_000, 12_000),
        # Nothing is added after the service was back, nor by versions of one moment.
        ([stated(0.5, "100"), stated(3, "900")], 12_000, 12_000),
        ([stated(0.5, "?"), stated(-1, "100"), stated(3, "?")], 12_000, 12_000),
    ],
)
def test_users_times_minutes(versions: list[Stated], low: float, high: float) -> None:
    found = downtime.of_incident(versions, started_at=NOON, restored_at=NOON + 2 * HOUR)
    assert found == Range(low=low, high=high)


@pytest.mark.parametrize(
    "versions",
    [
        [],
        [stated(0, "100", basis=" ")],
        [stated(0, "100"), stated(1, "most of Ireland")],
    ],
)
def test_not_known(versions: list[Stated]) -> None:
    assert downtime.of_incident(versions, started_at=NOON, restored_at=NOON + 2 * HOUR) is None


def test_times_that_contradict_each_other() -> None:
    assert downtime.of_incident([stated(0, "100")], started_at=NOON, restored_at=NOON - HOUR) is None


def test_the_sum_says_of_how_many() -> None:
    found = downtime.total([Range(low=1, high=2), None, Range(low=10, high=20)])
    assert found == Total(n=2, of=3, sum=Range(low=11, high=22))
    assert downtime.total([]) == Total(n=0, of=0, sum=Range(low=0, high=0))


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (84_000, 84_000, (84_000, 84_000)),
        (1_285_062, 1_447_115, (1_280_000, 1_450_000)),
        (0.5, 12.2, (0, 13)),
        (999.5, 1000.5, (999, 1010)),
    ],
)
def test_it_is_shown_in_three_digits(low: float, high: float, shown: tuple[int, int]) -> None:
    assert Total(n=1, of=1, sum=Range(low=low, high=high)).shown == shown
