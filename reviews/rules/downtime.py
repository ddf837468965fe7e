"""Downtime in minutes of users, as far as the record says how many they were and how that is known.

Numbers of users are words (“about 1,200”), so a figure is a range from the words. An incident counts only where every
stretch of its outage has one number with a stated basis; the rest is not known, and never counted as nothing.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from comms.rules.checking.numbers import amounts

_MINUTE: Final = 60
_TWENTIETH: Final = 20
_DIGITS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one version of the impact says of how many; `is_correction` where it says that the one before was wrong."""

    as_of: datetime
    count: str
    basis: str
    is_correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From the least to the most that the words allow."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Over many incidents: the sum of those that have a figure, and how many of all these are."""

    n: int
    of: int
    sum: Range

    @property
    def shown(self) -> tuple[int, int]:
        """The range in three digits that count, widened by what is rounded: more would be no knowledge."""
        return _rounded(self.sum.low, math.floor), _rounded(self.sum.high, math.ceil)


def users(count: str) -> Range | None:
    """How many users the words say; None for a share, a bound on one side, several numbers or none.

    A rounded number reaches half of its last digit that is not zero to either side, or a twentieth of itself.
    """
    found = list(amounts.amounts(count))
    if len(found) != 1 or found[0].is_percent or found[0].over or found[0].under:
        return None
    (one,) = found
    slack = max(one.grain / 2, one.high / _TWENTIETH) if one.about else Decimal(0)
    slack = min(slack, one.low)
    return Range(low=float(one.low - slack), high=float(one.high + slack))


def of_incident(versions: Sequence[Stated], *, started_at: datetime, restored_at: datetime) -> Range | None:
    """The sum over the versions of users times minutes; the first counts from the first harm on.

    A version that corrects the one before says what was so all along; news counts from its own time. Versions after
    the service was back add nothing.
    """
    if not versions or restored_at < started_at:
        return None
    rows = _corrected(versions)
    ends = [*(one.as_of for one in rows[1:]), restored_at]
    low = high = 0.0
    at = started_at
    for row, until in zip(rows, ends, strict=True):
        end = min(max(until, at), restored_at)
        minutes = (end - at).total_seconds() / _MINUTE
        at = end
        if not minutes:
            continue
        found = users(row.count) if row.basis.strip() else None
        if found is None:
            return None
        low, high = low + found.low * minutes, high + found.high * minutes
    return Range(low=low, high=high)


def total(found: Sequence[Range | None]) -> Total:
    """The sum of what is known, and of how many incidents."""
    known = [one for one in found if one is not None]
    both = Range(low=sum(one.low for one in known), high=sum(one.high for one in known))
    return Total(n=len(known), of=len(found), sum=both)


def _rounded(value: float, to: Callable[[float], int]) -> int:
    step = int(10 ** max(len(str(int(value))) - _DIGITS, 0))
    return to(value / step) * step


def _corrected(versions: Sequence[Stated]) -> list[Stated]:
    rows: list[Stated] = []
    for one in versions:
        if one.is_correction and rows:
            rows[-1] = Stated(as_of=rows[-1].as_of, count=one.count, basis=one.basis)
        else:
            rows.append(one)
    return rows
