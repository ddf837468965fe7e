"""The phases of an incident: how long it took from each of its moments to the next that is known."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """From one moment to the next, with its place in the whole as shares of it."""

    began: str
    ended: str
    length: timedelta
    start_share: float
    length_share: float


def phases(moments: Sequence[tuple[str, datetime | None]]) -> list[Phase]:
    """Between the moments in their order; one that nobody knows, or that would lie before the one ahead of it, is none.

    Nothing where fewer than two are known or all fell into one instant.
    """
    known: list[tuple[str, datetime]] = []
    for name, at in moments:
        if at is not None and (not known or at >= known[-1][1]):
            known.append((name, at))
    if len(known) < 2 or known[-1][1] == known[0][1]:
        return []
    first, whole = known[0][1], known[-1][1] - known[0][1]
    return [
        Phase(
            began=began,
            ended=ended,
            length=until - since,
            start_share=(since - first) / whole,
            length_share=(until - since) / whole,
        )
        for (began, since), (ended, until) in itertools.pairwise(known)
    ]
