"""How a service did on each of the last days, from what was published and from nothing else.

Minutes count while the standing updates said that the service does not work, works only in part, or is slow; where two
incidents overlap the worse one counts, and each minute once. Planned maintenance is no downtime.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from comms.choices import ComponentState
from comms.rules import public_state

DAYS: Final = 90
# What readers are told of a day: shorter troubles are counted, and not shown as the day's.
SHOWN_FROM: Final = timedelta(minutes=1)
# While something lasts, a page counts it anew this often: what stands there is never older.
COUNTED_EVERY: Final = timedelta(minutes=5)
# What takes from the share of time that worked; slow is shown and works.
DOWN: Final = frozenset({ComponentState.MAJOR_OUTAGE, ComponentState.PARTIAL_OUTAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A state from `begin` until `end`; without one it goes on."""

    begin: datetime
    end: datetime | None
    state: ComponentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a service: how long each state lasted. `is_known` is false for days before the page had it."""

    on: date
    lasted: dict[ComponentState, timedelta]
    is_known: bool = True

    @property
    def state(self) -> ComponentState:
        """The worst that lasted long enough to be shown."""
        return public_state.worst(state for state, length in self.lasted.items() if length >= SHOWN_FROM)

    @property
    def down(self) -> timedelta:
        return sum((length for state, length in self.lasted.items() if state in DOWN), timedelta(0))


def spells(said: Iterable[tuple[datetime, ComponentState]], *, ended_at: datetime | None) -> list[Spell]:
    """The troubles of one incident: each from the update that said so to the next one that says otherwise.

    An incident that is over without a word to its readers ends with it: nothing hangs on a page for ever.
    """
    found: list[Spell] = []
    before: tuple[datetime, ComponentState] | None = None
    for at, state in [*sorted(said, key=lambda each: each[0]), *([(ended_at, None)] if ended_at else [])]:
        if before is not None and before[1] != state:
            if before[1] != ComponentState.OPERATIONAL and at > before[0]:
                found.append(Spell(begin=before[0], end=at, state=before[1]))
            before = None
        if state is None:
            break
        before = before or (at, state)
    if before is not None and before[1] != ComponentState.OPERATIONAL:
        found.append(Spell(begin=before[0], end=None, state=before[1]))
    return found


def counted_again_after(troubles: Iterable[Spell], *, now: datetime) -> timedelta | None:
    """How long until what lasts has to be counted anew, the first time as soon as its day shows it. None without."""
    lasting = [each.begin for each in troubles if each.end is None]
    if not lasting:
        return None
    shown = SHOWN_FROM - (now - max(lasting))
    return shown if shown > timedelta(0) else COUNTED_EVERY


def days(
    troubles: Sequence[Spell],
    *,
    maintenance: Sequence[tuple[datetime, datetime]],
    since: datetime,
    now: datetime,
    zone: tzinfo,
    count: int = DAYS,
) -> list[Day]:
    """The last `count` days by the calendar of the zone, the oldest first; the last one is today until now."""
    today = now.astimezone(zone).date()
    found = []
    for back in range(count - 1, -1, -1):
        on = today - timedelta(days=back)
        begin, end = _midnight(on, zone), min(_midnight(on + timedelta(days=1), zone), now)
        if end <= since:
            found.append(Day(on=on, lasted={}, is_known=False))
        else:
            found.append(Day(on=on, lasted=_lasted(troubles, maintenance, begin=max(begin, since), end=end)))
    return found


def share(of: Sequence[Day], *, since: datetime, now: datetime, zone: tzinfo) -> float | None:
    """Which share of the time was not down, from 0 to 1; None where less is known than is ever shown of a day."""
    known = [day for day in of if day.is_known]
    if not known:
        return None
    whole = now - max(since, _midnight(known[0].on, zone))
    down = sum((day.down for day in known), timedelta(0))
    return 1 - down / whole if whole >= SHOWN_FROM else None


def _lasted(
    troubles: Sequence[Spell], maintenance: Sequence[tuple[datetime, datetime]], *, begin: datetime, end: datetime
) -> dict[ComponentState, timedelta]:
    """How long each state was the worst within the time, without what lies in a window."""
    within = [each for each in troubles if each.begin < end and (each.end is None or each.end > begin)]
    if not within:
        return {}
    edges = {begin, end}
    edges |= {each.begin for each in within} | {each.end for each in within if each.end is not None}
    edges |= {edge for window in maintenance for edge in window}
    ordered = sorted(edge for edge in edges if begin <= edge <= end)
    lasted: dict[ComponentState, timedelta] = {}
    for left, right in itertools.pairwise(ordered):
        if any(start <= left and right <= stop for start, stop in maintenance):
            continue
        states = [each.state for each in within if each.begin <= left and (each.end is None or right <= each.end)]
        worst = public_state.worst(states)
        if worst != ComponentState.OPERATIONAL:
            lasted[worst] = lasted.get(worst, timedelta(0)) + (right - left)
    return lasted


def _midnight(on: date, zone: tzinfo) -> datetime:
    """In UTC: two times of one zone would be subtracted by the clock on the wall, also where the clocks change."""
    return datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)
