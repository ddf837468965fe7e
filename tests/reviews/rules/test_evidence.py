"""What a comparison of times before and after a confirmed profile may claim."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from reviews.rules import evidence, statistics
from reviews.rules.evidence import Call, Time, Verdict
from reviews.rules.statistics import Standing


def times(n: int, *, median: float, seed: int) -> list[float]:
    """Log-normal minutes; the 90th percentile is about 3.2 times the median, as of real incidents (domain.md 5.5)."""
    source = random.Random(seed)
    return [source.lognormvariate(math.log(median), 0.91) for _number in range(n)]


@pytest.mark.parametrize(
    ("before", "after", "standing"),
    [
        (0, 0, Standing.TOO_FEW),
        (7, 90, Standing.TOO_FEW),
        (90, 7, Standing.TOO_FEW),
        (8, 8, Standing.EXPLORATORY),
        (19, 200, Standing.EXPLORATORY),
        (20, 20, Standing.SOUND),
    ],
)
def test_the_smaller_side_decides_how_much_may_be_claimed(before: int, after: int, standing: Standing) -> None:
    assert evidence.standing(before=before, after=after) is standing


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.4, 0.99), Verdict.FASTER),
        ((0.4, 1.0), Verdict.CANNOT_TELL),
        ((0.7, 1.4), Verdict.CANNOT_TELL),
        ((1.0, 1.9), Verdict.CANNOT_TELL),
        ((1.01, 1.9), Verdict.SLOWER),
    ],
)
def test_only_an_interval_without_one_says_anything(interval: tuple[float, float], verdict: Verdict) -> None:
    assert evidence.verdict(interval) is verdict


def test_too_few_are_dots_and_nothing_else() -> None:
    found = evidence.compare([3, 1, 2], [4, 5])
    assert (found.before, found.after, found.standing) == ((1, 2, 3), (4, 5), Standing.TOO_FEW)
    assert (found.medians, found.ratio, found.interval, found.chance, found.verdict) == (None, None, None, None, None)


def test_few_are_exploratory_and_never_a_verdict() -> None:
    found = evidence.compare([20.0] * 8, [5.0] * 8)
    assert found.standing is Standing.EXPLORATORY
    assert (found.medians, found.ratio, found.interval) == ((20, 5), 0.25, (0.25, 0.25))
    assert found.verdict is None


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (times(50, median=20, seed=1), times(50, median=6, seed=2), Verdict.FASTER),
        (times(50, median=6, seed=1), times(50, median=20, seed=2), Verdict.SLOWER),
        (times(50, median=12, seed=1), times(50, median=12, seed=1), Verdict.CANNOT_TELL),
        ([10.0] * 20, [10.0] * 20, Verdict.CANNOT_TELL),
    ],
)
def test_enough_give_a_verdict_that_the_second_opinion_shares(
    before: list[float], after: list[float], verdict: Verdict
) -> None:
    found = evidence.compare(before, after)
    assert (found.standing, found.verdict) == (Standing.SOUND, verdict)
    assert found.chance is not None
    assert (found.chance < 0.05) is (verdict is not Verdict.CANNOT_TELL)
    assert evidence.compare(before[::-1], after[::-1]) == found


@pytest.mark.parametrize(("first", "second"), [(8, 9), (20, 20), (21, 34)])
@pytest.mark.parametrize("whole", [False, True])
def test_kept_draws_say_what_drawing_and_shuffling_the_values_says(first: int, second: int, whole: bool) -> None:
    before, after = times(first, median=12, seed=3), times(second, median=8, seed=4)
    if whole:
        before, after = ([max(1.0, round(value)) for value in side] for side in (before, after))
    before, after = sorted(before), sorted(after)
    source = random.Random(statistics.SEED)
    ratios = [
        statistics.median(source.choices(after, k=second)) / statistics.median(source.choices(before, k=first))
        for _number in range(statistics.RESAMPLES)
    ]
    assert evidence.ratio_interval(before, after) == statistics.middle(ratios)
    source = random.Random(statistics.SEED)
    logs = [math.log(value) for value in (*before, *after)]

    def distance() -> float:
        return abs(math.fsum(logs[:first]) / first - math.fsum(logs[first:]) / second)

    seen, hits = distance(), 0
    for _number in range(statistics.RESAMPLES):
        source.shuffle(logs)
        hits += distance() >= seen - 1e-9
    assert evidence.permutation(before, after) == (hits + 1) / (statistics.RESAMPLES + 1)


def test_a_chance_is_never_nothing_and_never_more_than_all() -> None:
    assert 0 < evidence.permutation([100.0] * 20, [1.0] * 20) < 0.01
    assert evidence.permutation([5.0] * 8, [5.0] * 8) == 1.0


def test_hours_are_compared_apart() -> None:
    rows = [Time(minutes=4, in_hours=True, is_after=False), Time(minutes=30, in_hours=False, is_after=True)]
    found = evidence.strata([*rows, Time(minutes=3, in_hours=True, is_after=True)])
    assert (found[True].before, found[True].after) == ((4,), (3,))
    assert (found[False].before, found[False].after) == ((), (30,))


@pytest.mark.parametrize("wrong", [0, -3])
def test_nobody_comes_before_being_asked(wrong: float) -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        evidence.compare([1.0], [wrong])


def test_what_else_may_explain_it_is_said() -> None:
    assert len(evidence.CONFOUNDERS) == 5
    assert any("after bad incidents" in str(each) for each in evidence.CONFOUNDERS)


MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def test_calls_become_times_or_are_counted_as_what_they_are() -> None:
    at = MONDAY + timedelta(hours=10)
    night = MONDAY + timedelta(hours=22)
    calls = [
        Call(asked_at=at, joined_at=at + timedelta(minutes=6), in_hours=True),
        Call(asked_at=night, joined_at=night + timedelta(seconds=30), in_hours=False),
        Call(asked_at=at, joined_at=None, in_hours=True),
        Call(asked_at=at, joined_at=at, in_hours=True),
        Call(asked_at=at, joined_at=at - timedelta(minutes=1), in_hours=True),
    ]
    found, missing, invalid = evidence.times(calls, confirmed_at=night)
    assert (missing, invalid) == (1, 2)
    assert found == [
        Time(minutes=6, in_hours=True, is_after=False),
        Time(minutes=0.5, in_hours=False, is_after=True),
    ]
    assert not any(one.is_after for one in evidence.times(calls, confirmed_at=None)[0])


def test_of_each_side_no_more_than_are_kept() -> None:
    rows = [Time(minutes=1 + number, in_hours=True, is_after=False) for number in range(evidence.KEPT + 5)]
    assert evidence.strata(rows)[True].before == tuple(range(1, evidence.KEPT + 1))
