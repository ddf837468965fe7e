"""Did teams come faster after they confirmed their profile? What so few numbers can honestly say (domain.md 5.5).

One measure, fixed beforehand: the time from asking a team to its being there. Compared within one team, before and
after, and within and out of its hours apart: nights are slower whatever a profile says. Teams are never compared.
"""

import functools
import itertools
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from reviews.rules import statistics
from reviews.rules.statistics import Standing

# Of each side of a comparison the nearest to the confirmation on record, so that neither drift of years nor a page that
# takes seconds comes of it: a hundred give a verdict on a quarter faster every other time (domain.md 5.5).
KEPT: Final = 100

# What may explain a difference as well as the profile does; a page prints it beside every comparison.
CONFOUNDERS: Final = (
    "how the incident was noticed: monitoring knows more at the first call than a caller does",
    "the hour and the day",
    "which service, and how bad it was",
    "how many were on shift, and who",
    "profiles are written after bad incidents: what follows one is usually better, with or without a profile",
)


class Verdict(StrEnum):
    """What may be said of a sound comparison; the last unless the interval rules “no difference” out."""

    FASTER = "faster"
    SLOWER = "slower"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """One engagement: how long the team took, whether it was in its hours, whether its profile was confirmed then."""

    minutes: float
    in_hours: bool
    is_after: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Before and after within one stratum. `ratio` is after through before: under 1 is faster.

    `chance` is the second opinion: how often shuffled labels differ at least as much as these do.
    """

    before: tuple[float, ...]
    after: tuple[float, ...]
    standing: Standing
    medians: tuple[float, float] | None = None
    ratio: float | None = None
    interval: tuple[float, float] | None = None
    chance: float | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call for help, and whether the team was at work then; without `joined_at` nobody wrote down that it came."""

    asked_at: datetime
    joined_at: datetime | None
    in_hours: bool


def times(calls: Iterable[Call], *, confirmed_at: datetime | None) -> tuple[list[Time], int, int]:
    """The times to come; how many calls have none, and how many contradict themselves. Without a confirmed profile
    everything is before.
    """
    found, missing, invalid = [], 0, 0
    for call in calls:
        if call.joined_at is None:
            missing += 1
        elif call.joined_at <= call.asked_at:
            invalid += 1
        else:
            minutes = (call.joined_at - call.asked_at).total_seconds() / 60
            is_after = confirmed_at is not None and call.asked_at >= confirmed_at
            found.append(Time(minutes=minutes, in_hours=call.in_hours, is_after=is_after))
    return found, missing, invalid


def standing(*, before: int, after: int) -> Standing:
    """By the smaller of the two sides."""
    return statistics.standing(min(before, after))


def compare(before: Sequence[float], after: Sequence[float]) -> Comparison:
    """As much as the numbers allow. The same numbers give the same answer on every machine."""
    kept = tuple(sorted(before)), tuple(sorted(after))
    if any(value <= 0 for side in kept for value in side):
        raise ValueError("A time to come is longer than nothing.")
    found = standing(before=len(before), after=len(after))
    if found is Standing.TOO_FEW:
        return Comparison(before=kept[0], after=kept[1], standing=found)
    medians = statistics.median(kept[0]), statistics.median(kept[1])
    interval = ratio_interval(*kept)
    return Comparison(
        before=kept[0],
        after=kept[1],
        standing=found,
        medians=medians,
        ratio=medians[1] / medians[0],
        interval=interval,
        chance=permutation(*kept),
        verdict=verdict(interval) if found is Standing.SOUND else None,
    )


def strata(times: Iterable[Time]) -> Mapping[bool, Comparison]:
    """In the team's hours (true) and out of them (false), each by itself; of each side the first KEPT."""
    rows = list(times)
    return {
        wanted: compare(
            [row.minutes for row in rows if row.in_hours is wanted and not row.is_after][:KEPT],
            [row.minutes for row in rows if row.in_hours is wanted and row.is_after][:KEPT],
        )
        for wanted in (True, False)
    }


def verdict(interval: tuple[float, float]) -> Verdict:
    """Only an interval that leaves 1 out says anything."""
    low, high = interval
    if high < 1:
        return Verdict.FASTER
    return Verdict.SLOWER if low > 1 else Verdict.CANNOT_TELL


def ratio_interval(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the ratio of medians, both sides drawn anew each time."""
    first, second = sorted(before), sorted(after)
    return statistics.middle(
        [
            _between(second, of_after) / _between(first, of_before)
            for of_after, of_before in _draws(len(first), len(second))
        ]
    )


def permutation(before: Sequence[float], after: Sequence[float]) -> float:
    """The share of shuffles that lie at least as far apart, in either direction; never quite nothing.

    Apart by their geometric means, so that it is an opinion of its own and not the medians once more: medians of
    shuffled times with few different values jump from end to end.
    """
    everything = [math.log(value) for value in (*before, *after)]
    first, others = len(before), len(after)
    seen = abs(math.fsum(everything[:first]) / first - math.fsum(everything[first:]) / others) - 1e-9
    hits = 0
    for of_before, of_after in _shuffles(first, others):
        one = math.fsum(itertools.compress(everything, of_before))
        other = math.fsum(itertools.compress(everything, of_after))
        hits += abs(one / first - other / others) >= seen
    return (hits + 1) / (statistics.RESAMPLES + 1)


# Which places are drawn is the same for every two sides of the same lengths, since the seed is: the draws are kept, and
# what is left for the next comparison is to look up its own values there. Sixteen pairs of a hundred each take 13 MB.
@functools.lru_cache(maxsize=16)
def _draws(before: int, after: int) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """Of each resample the places of the middle two, after and before, in the ordered values."""
    source = random.Random(statistics.SEED)  # noqa: S311 - reproducible resampling, not security
    return tuple((_middle_two(source, after), _middle_two(source, before)) for _number in range(statistics.RESAMPLES))


@functools.lru_cache(maxsize=16)
def _shuffles(before: int, after: int) -> tuple[tuple[bytes, bytes], ...]:
    """Of each shuffle which values lie before, and which after."""
    source = random.Random(statistics.SEED)  # noqa: S311 - reproducible resampling, not security
    places = list(range(before + after))
    found = []
    for _number in range(statistics.RESAMPLES):
        source.shuffle(places)
        lies_before = bytearray(len(places))
        for place in places[:before]:
            lies_before[place] = 1
        found.append((bytes(lies_before), bytes(1 - one for one in lies_before)))
    return tuple(found)


def _middle_two(source: random.Random, n: int) -> tuple[int, int]:
    drawn = sorted(source.choices(range(n), k=n))
    low = math.floor(0.5 * (n - 1))
    return drawn[low], drawn[min(low + 1, n - 1)] if n % 2 == 0 else drawn[low]


def _between(ordered: Sequence[float], places: tuple[int, int]) -> float:
    """The middle of two values: the median of what was drawn."""
    low, high = ordered[places[0]], ordered[places[1]]
    return low + (high - low) * 0.5
