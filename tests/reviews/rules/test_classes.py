"""Lengths counted in classes say the same as the lengths themselves, to within 1 %."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules import classes, metrics, statistics
from reviews.rules.classes import Classes


def counted(values: list[float]) -> Classes:
    counts: dict[int, int] = {}
    for value in values:
        number = classes.class_of(value)
        counts[number] = counts.get(number, 0) + 1
    return Classes(n=len(values), counts=counts)


@given(st.floats(min_value=1, max_value=1e8))
def test_the_middle_of_a_class_is_within_one_per_cent(seconds: float) -> None:
    assert abs(classes.middle_of(classes.class_of(seconds)) - seconds) <= 0.01 * seconds * (1 + 1e-9)


@pytest.mark.parametrize(("seconds", "shown"), [(0, 0), (0.99, 0), (1, 1.0099)])
def test_under_a_second_is_nothing(seconds: float, shown: float) -> None:
    assert classes.middle_of(classes.class_of(seconds)) == pytest.approx(shown, abs=1e-4)


@pytest.mark.parametrize("n", [8, 19, 20, 101, 5000])
def test_figures_of_classes_are_those_of_the_values(n: int) -> None:
    source = random.Random(n)
    values = [source.lognormvariate(8, 1.2) for _ in range(n)]
    exact, close = statistics.figure(values), classes.figure(counted(values))
    assert (close.n, close.label) == (exact.n, exact.label)
    assert close.median == pytest.approx(exact.median, rel=0.01)
    assert close.p90 == pytest.approx(exact.p90, rel=0.01)
    assert close.interval == pytest.approx(exact.interval, rel=0.01)


@given(st.lists(st.lists(st.floats(min_value=0, max_value=1e6), max_size=20), max_size=4))
def test_parts_merge_into_the_whole(parts: list[list[float]]) -> None:
    assert classes.merged(counted(part) for part in parts) == counted([value for part in parts for value in part])


def test_kept_and_contradicting_facts_are_added() -> None:
    merged = classes.merged([Classes(n=3, hits=2, invalid=1), Classes(n=2, hits=1)])
    assert (merged.n, merged.hits, merged.invalid, merged.counts) == (5, 3, 1, {})


def test_too_few_have_no_figure() -> None:
    assert classes.figure(counted([60.0] * 7)).median is None
    assert classes.figure(Classes()).n == 0


def test_scores_are_their_own_classes() -> None:
    scores = Classes(n=9, counts={70: 4, 85: 1, 90: 4})
    measure = metrics.of_classes(metrics.BY_CODE["intake_score_median"], scores)
    assert (measure.median, measure.p90, measure.interval) == (85.0, 90.0, (70.0, 90.0))


def test_measures_of_classes() -> None:
    share = metrics.of_classes(metrics.BY_CODE["promise_kept_rate"], Classes(n=10, hits=9))
    assert (share.n, share.rate) == (10, 0.9)
    length = metrics.of_classes(metrics.BY_CODE["ttd"], Classes(n=9, invalid=1, counts={classes.class_of(60): 8}))
    assert (length.n, length.invalid, length.dots) == (8, 1, ())
    assert length.median == pytest.approx(60, rel=0.01)
    few = metrics.of_classes(metrics.BY_CODE["ttd"], counted([600.0, 60.0, 60.0]))
    assert few.median is None
    assert few.dots == pytest.approx((60, 60, 600), rel=0.01)
