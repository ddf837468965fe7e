"""Intervals of a median and of a share."""

import random

import pytest

from reviews.rules import statistics


@pytest.mark.parametrize("n", [8, 9, 20, 101, 399])
def test_the_exact_interval_agrees_with_the_drawn_one(n: int) -> None:
    source = random.Random(n)
    values = [source.lognormvariate(3, 1) for _ in range(n)]
    ordered = sorted(values)
    exact, drawn = statistics.median_interval(values), statistics.bootstrap(values)
    for bound, other in zip(exact, drawn, strict=True):
        nearest = min(range(n), key=lambda rank: abs(ordered[rank] - other))
        assert abs(ordered.index(bound) - nearest) <= max(1, n // 100)


def test_the_curve_for_many_values_continues_the_exact_one() -> None:
    few = [float(value) for value in range(statistics.EXACT_UP_TO)]
    many = [float(value) for value in range(statistics.EXACT_UP_TO + 1)]
    for one, other in zip(statistics.median_interval(few), statistics.median_interval(many), strict=True):
        assert abs(one - other) <= 2


def test_equal_values_leave_no_doubt() -> None:
    assert statistics.median_interval([5.0] * 10) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(8, 8, 0.68, 1.0), (0, 20, 0.0, 0.16), (5, 10, 0.24, 0.76), (95, 100, 0.89, 0.98)],
)
def test_wilsons_interval(hits: int, n: int, low: float, high: float) -> None:
    assert tuple(round(bound, 2) for bound in statistics.rate_interval(hits=hits, n=n)) == (low, high)


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (0, 0), (3, 2), (-1, 2)])
def test_no_share(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        statistics.rate_interval(hits=hits, n=n)
