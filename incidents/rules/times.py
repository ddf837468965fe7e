"""The order in which the times of an incident can have happened (domain.md 1.9). It warns and never blocks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Final

from mim_portal.lib import times as written

# In the order of an incident's life, with the words for a person.
ORDER: Final = (
    ("impact_started_at", "impact started"),
    ("detected_at", "detected"),
    ("declared_at", "declared"),
    ("engaged_at", "first team engaged"),
    ("service_restored_at", "service restored"),
    ("restored_confirmed_at", "restoration confirmed"),
    ("resolved_at", "resolved"),
    ("closed_at", "closed"),
)
NAMES: Final = frozenset(name for name, _words in ORDER)
# The portal gives these itself, at the instant; nobody moves them.
FIXED: Final = frozenset({"declared_at", "mim_assigned_at", "closed_at"})
# What the record needs before it is closed, each with its time or with the reason why nobody knows it. A time that the
# portal records itself, or that only incidents from a candidate have, is not asked for.
NEEDED: Final = (
    "impact_started_at",
    "detected_at",
    "reported_at",
    "logged_at",
    "diagnosed_at",
    "workaround_at",
    "fix_started_at",
    "service_restored_at",
    "restored_confirmed_at",
    "resolved_at",
)


# What can only be told once users can work again, and once the watch period is over: while it runs, nobody is asked.
_AFTER_RESTORATION: Final = frozenset(
    {"diagnosed_at", "workaround_at", "fix_started_at", "service_restored_at", "restored_confirmed_at"}
)
_AFTER_RESOLUTION: Final = frozenset({"resolved_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWarning:
    """Two times that stand the wrong way round, with a sentence that says so."""

    earlier: str
    later: str
    message: str


def out_of_order(times: Mapping[str, datetime | None]) -> tuple[OrderWarning, ...]:
    """Every neighbouring pair of known times that is the wrong way round; unknown times are passed over."""
    known = [(name, words, at) for name, words in ORDER if (at := times.get(name)) is not None]
    warnings = []
    for (first, first_words, first_at), (second, second_words, second_at) in pairwise(known):
        if second_at < first_at:
            message = (
                f"“{second_words.capitalize()}” ({written.full_date_time(second_at)}) is before "
                f"“{first_words}” ({written.full_date_time(first_at)}). Please check both."
            )
            warnings.append(OrderWarning(earlier=first, later=second, message=message))
    return tuple(warnings)


def missing(times: Mapping[str, datetime | None], *, unknown: Collection[str] = ()) -> tuple[str, ...]:
    """The needed times that have neither a value nor a reason why it is unknown, in the order of an incident's life."""
    return tuple(name for name in NEEDED if times.get(name) is None and name not in unknown)


def to_come(*, is_restored: bool, is_resolved: bool) -> frozenset[str]:
    """The needed times that may still happen, so that nobody is asked for them yet."""
    return (frozenset() if is_restored else _AFTER_RESTORATION) | (frozenset() if is_resolved else _AFTER_RESOLUTION)


def consistent(times: Mapping[str, datetime | None]) -> bool:
    """Whether every pair of known times, neighbours or not, stands in order: what metrics may be computed from."""
    known = [at for name, _words in ORDER if (at := times.get(name)) is not None]
    return all(first <= second for first, second in combinations(known, 2))


def elapsed(start: datetime | None, end: datetime | None) -> timedelta | None:
    """The time between two known moments in order; None where one is unknown or they are the wrong way round."""
    if start is None or end is None or end < start:
        return None
    return end - start
