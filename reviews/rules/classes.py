"""Many lengths as counts in classes, so that those of a million incidents are added up instead of sorted.

A class is 2 % wide: its middle is at most 1 % from every value in it, less than anybody reads from “3 h 12 min”. The
classes are those of a log-linear sketch (Masson, Rim and Lee, DDSketch, 2019), whose quantiles keep that bound however
many classes are merged.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from reviews.rules import statistics
from reviews.rules.statistics import Figure, Standing

GROWTH: Final = 1.02
UNDER_A_SECOND: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """How many values lie in each class, how many facts there are, how many were kept, how many contradict themselves.

    `n` counts facts: for a share all of them, for a length those with a usable value and the invalid ones.
    """

    n: int = 0
    hits: int = 0
    invalid: int = 0
    counts: Mapping[int, int] = field(default_factory=dict)


def class_of(seconds: float) -> int:
    """The number of the class; everything under a second is one."""
    return UNDER_A_SECOND if seconds < 1 else math.floor(math.log(seconds) / math.log(GROWTH))


def middle_of(number: int) -> float:
    """The value that is shown for a class: at most 1 % from every value in it."""
    return 0.0 if number == UNDER_A_SECOND else 2 * GROWTH ** (number + 1) / (1 + GROWTH)


def merged(parts: Iterable[Classes]) -> Classes:
    """All of them together."""
    counts: dict[int, int] = {}
    n = hits = invalid = 0
    for part in parts:
        n, hits, invalid = n + part.n, hits + part.hits, invalid + part.invalid
        for number, count in part.counts.items():
            counts[number] = counts.get(number, 0) + count
    return Classes(n=n, hits=hits, invalid=invalid, counts=counts)


def values(found: Classes, *, is_score: bool = False) -> tuple[float, ...]:
    """Every value as the middle of its class, in order; for the few that are shown one by one."""
    return tuple(
        float(number) if is_score else middle_of(number)
        for number in sorted(found.counts)
        for _ in range(found.counts[number])
    )


def figure(found: Classes, *, is_score: bool = False) -> Figure:
    """Median, 90th percentile and the interval of the median, each to within the width of a class."""
    numbers = sorted(found.counts)
    ends = list(accumulate(found.counts[number] for number in numbers))
    n = ends[-1] if ends else 0
    label = statistics.standing(n)
    if label is Standing.TOO_FEW:
        return Figure(n=n, label=label)

    def at(rank: float) -> float:
        """The value at a place among n, from 0 on; between two places as people draw a line."""
        low, high = math.floor(rank), math.ceil(rank)
        first, second = (numbers[bisect_right(ends, place)] for place in (low, high))
        values = [float(number) if is_score else middle_of(number) for number in (first, second)]
        return values[0] + (values[1] - values[0]) * (rank - low)

    low, high = statistics.median_ranks(n)
    return Figure(n=n, label=label, median=at((n - 1) / 2), p90=at(0.9 * (n - 1)), interval=(at(low - 1), at(high - 1)))
