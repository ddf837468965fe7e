"""Figures that say how sure they are (domain.md 1.10, 5.5 and 7.3).

Durations of incidents are strongly skewed, so no bare mean: the median, the 90th percentile, n, and an interval. Below
eight values there is no figure at all. The same values give the same interval on every machine.
"""

import functools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

TOO_FEW: Final = 8
EXPLORATORY: Final = 20
CONFIDENCE: Final = 0.95
RESAMPLES: Final = 2000
SEED: Final = 20261123
EXACT_UP_TO: Final = 400
_TAIL: Final = (1 - CONFIDENCE) / 2


class Standing(StrEnum):
    """How much so many values may claim."""

    TOO_FEW = "too_few"  # dots only
    EXPLORATORY = "exploratory"  # figures and an interval, no verdict
    SOUND = "sound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What may be shown of a sample; of too few there are no figures."""

    n: int
    label: str
    median: float | None = None
    p90: float | None = None
    interval: tuple[float, float] | None = None


def standing(n: int) -> Standing:
    """Under eight: too few to say; under twenty: exploratory."""
    if n < TOO_FEW:
        return Standing.TOO_FEW
    return Standing.EXPLORATORY if n < EXPLORATORY else Standing.SOUND


def figure(values: Sequence[float]) -> Figure:
    """Median, 90th percentile and the interval of the median, as far as the number of values allows."""
    n = len(values)
    label = standing(n)
    if label is Standing.TOO_FEW:
        return Figure(n=n, label=label)
    return Figure(
        n=n,
        label=label,
        median=median(values),
        p90=percentile(values, share=0.9),
        interval=median_interval(values),
    )


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two middle ones."""
    return percentile(values, share=0.5)


def percentile(values: Sequence[float], *, share: float) -> float:
    """The value below which `share` of the values lie, linear between neighbours; ValueError without values."""
    if not values:
        raise ValueError("A percentile needs at least one value.")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def bootstrap(
    values: Sequence[float],
    *,
    statistic: Callable[[Sequence[float]], float] = median,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[float, float]:
    """The percentile bootstrap interval of a statistic at 95 %, from a fixed seed."""
    source = random.Random(seed)  # noqa: S311 - reproducible resampling, not security
    ordered = sorted(values)
    return middle([statistic(source.choices(ordered, k=len(ordered))) for _ in range(resamples)])


def middle(drawn: Sequence[float]) -> tuple[float, float]:
    """Between which two values the middle 95 % of what was drawn lie."""
    return percentile(drawn, share=_TAIL), percentile(drawn, share=1 - _TAIL)


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the median, worked out exactly instead of drawn: fast for any number of values.

    A resample's median is at most the k-th value when at least half of n draws are among the lowest k, which is a
    binomial probability.
    """
    ordered = sorted(values)
    low, high = median_ranks(len(ordered))
    return ordered[low - 1], ordered[high - 1]


@functools.lru_cache(maxsize=EXACT_UP_TO + 100)
def median_ranks(n: int) -> tuple[int, int]:
    """Which of n ordered values, counted from 1, are the ends of that interval; remembered, as exact ones take 3 ms."""
    return (
        _first_rank(n, draws=(n + 1) // 2, probability=_TAIL),
        _first_rank(n, draws=n // 2 + 1, probability=1 - _TAIL),
    )


def rate_interval(*, hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: honest at the edges, where nothing or everything was kept."""
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"{hits} of {n} is no share.")
    z = NormalDist().inv_cdf(1 - _TAIL)
    share = hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def upper_bound(*, repeats: int, chances: int, confidence: float = CONFIDENCE) -> float:
    """The highest true rate that still fits `repeats` in `chances`, one-sided and exact binomial.

    0 in 10 allows 26 %, 0 in 20 14 %, 0 in 60 5 %. Without any chance everything is possible.
    """
    if not 0 <= repeats <= chances:
        raise ValueError(f"{repeats} repeats in {chances} chances cannot be.")
    if repeats == chances:
        return 1.0
    if repeats == 0:
        return 1 - math.pow(1 - confidence, 1 / chances)
    low, high = repeats / chances, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(repeats, chances, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def repeat_sentence(*, repeats: int, chances: int) -> str:
    """“No repeat in 12 chances; true rate may still be up to 22 %.”"""
    if chances == 0:
        return "No chance to repeat it yet."
    counted = {0: "No repeat", 1: "1 repeat"}.get(repeats, f"{repeats} repeats")
    bound = round(100 * upper_bound(repeats=repeats, chances=chances))
    plural = "chance" if chances == 1 else "chances"
    return f"{counted} in {chances} {plural}; true rate may still be up to {bound} %."


def _at_most(repeats: int, chances: int, rate: float) -> float:
    """The probability of so many repeats or fewer at this rate."""
    return sum(math.comb(chances, k) * rate**k * (1 - rate) ** (chances - k) for k in range(repeats + 1))


def _first_rank(n: int, *, draws: int, probability: float) -> int:
    """The lowest k for which at least `draws` of n draws fall among the lowest k of n with that probability."""
    low, high = 1, n
    while low < high:
        middle = (low + high) // 2
        if _at_least(n, draws, middle / n) >= probability:
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(n: int, draws: int, rate: float) -> float:
    """The probability of `draws` or more hits in n; beyond 400 by the normal curve, then closer than a rank."""
    if n > EXACT_UP_TO:
        return 1 - NormalDist(n * rate, math.sqrt(n * rate * (1 - rate))).cdf(draws - 0.5)
    return 1 - _at_most(draws - 1, n, rate)
