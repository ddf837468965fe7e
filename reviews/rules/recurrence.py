"""How often a contributing factor came back: what people linked, over twelve months, and what to look at first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LEAST: Final = 2  # reviews of the last twelve months; one alone recurs nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A factor that was linked: when its incident was declared, and how it was judged where it was."""

    factor_id: int
    group_id: int
    at: datetime
    effect: int | None = None
    changeability: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """One condition with its factors, the newest first."""

    group_id: int
    factor_ids: tuple[int, ...]
    recurrence: int
    priority: int | None


def since(now: datetime) -> datetime:
    """Twelve months before; of 29 February the 28th."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - 1, day=day)


def priority(*, recurrence: int, effect: int | None, changeability: int | None) -> int | None:
    """recurrence × effect × changeability (domain.md 6.3), None until both were judged."""
    if effect is None or changeability is None:
        return None
    return recurrence * effect * changeability


def recurring(known: Iterable[Known], *, now: datetime) -> list[Recurring]:
    """What came back within twelve months: the highest priority first, then the most frequent, then the newest.

    Of its judgements the newest counts.
    """
    groups: dict[int, list[Known]] = defaultdict(list)
    for one in sorted(known, key=lambda one: (one.at, one.factor_id), reverse=True):
        if one.at >= since(now):
            groups[one.group_id].append(one)
    found = [(_recurring(group_id, rows), rows[0].at) for group_id, rows in groups.items() if len(rows) >= LEAST]
    found.sort(key=lambda pair: (pair[0].priority or 0, pair[0].recurrence, pair[1]), reverse=True)
    return [one for one, _newest in found]


def _recurring(group_id: int, rows: Sequence[Known]) -> Recurring:
    judged = next((one for one in rows if one.effect is not None and one.changeability is not None), rows[0])
    return Recurring(
        group_id=group_id,
        factor_ids=tuple(one.factor_id for one in rows),
        recurrence=len(rows),
        priority=priority(recurrence=len(rows), effect=judged.effect, changeability=judged.changeability),
    )
