"""Who is on now, and who is next, from a rota's turns, what overrides them and who is away.

A turn may come from a recurring line, be planned by hand, or be an override. An override puts its person on for its
time, whatever the plan says, and takes off the one it stands in for (or everybody, where it names nobody). A later
override wins, so a stand-in can be replaced in turn. Whoever is away is on no turn. With nobody on, everyone who
holds the role is told.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A person's time on the rota; the end belongs to the next turn. Of two overrides the higher `key` is the later."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    key: int = 0
    is_override: bool = False
    instead_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person is away."""

    person_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """The people to call, in order. `from_rota` is false where the rota was empty and every holder is told."""

    person_ids: tuple[int, ...]
    from_rota: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which the answer does not change; `person_ids` is empty where nobody is on."""

    starts_at: datetime
    ends_at: datetime
    person_ids: tuple[int, ...]


def on(*, turns: Iterable[Turn], absences: Iterable[Absence] = (), at: datetime) -> tuple[int, ...]:
    """Everybody who is on at this moment, each once, in the order in which their turns began."""
    active = [turn for turn in turns if turn.starts_at <= at < turn.ends_at]
    away = {absence.person_id for absence in absences if absence.starts_at <= at < absence.ends_at}
    overrides = [turn for turn in active if turn.is_override]
    counting = [
        turn for turn in active if turn.person_id not in away and not any(_replaces(one, turn) for one in overrides)
    ]
    return tuple(
        dict.fromkeys(turn.person_id for turn in sorted(counting, key=lambda turn: (turn.starts_at, turn.key)))
    )


def who(
    *, turns: Iterable[Turn], absences: Iterable[Absence] = (), holders: Iterable[int] = (), now: datetime
) -> OnCall:
    """The people to call at this moment; every holder of the role where nobody is on."""
    people = on(turns=turns, absences=absences, at=now)
    if people:
        return OnCall(person_ids=people, from_rota=True)
    return OnCall(person_ids=tuple(dict.fromkeys(holders)), from_rota=False)


def stretches(
    *, turns: Sequence[Turn], absences: Sequence[Absence] = (), since: datetime, until: datetime
) -> tuple[Stretch, ...]:
    """The whole time from `since` to `until`, cut where the answer changes; nobody's time is a stretch as well."""
    planned: list[Turn | Absence] = [*turns, *absences]
    edges = {moment for each in planned for moment in (each.starts_at, each.ends_at) if since < moment < until}
    cuts = sorted({since, until} | edges)
    found: list[Stretch] = []
    for starts_at, ends_at in itertools.pairwise(cuts):
        people = on(turns=turns, absences=absences, at=starts_at)
        if found and found[-1].person_ids == people:
            found[-1] = Stretch(starts_at=found[-1].starts_at, ends_at=ends_at, person_ids=people)
        else:
            found.append(Stretch(starts_at=starts_at, ends_at=ends_at, person_ids=people))
    return tuple(found)


def gaps(cover: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """When nobody is on: every holder of the role would be told then."""
    return tuple(stretch for stretch in cover if not stretch.person_ids)


def overlaps(cover: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """When more than one is on: all of them are told, which is no error."""
    return tuple(stretch for stretch in cover if len(stretch.person_ids) > 1)


def next_on(cover: Iterable[Stretch], *, besides: Iterable[int] = ()) -> tuple[int, Stretch] | None:
    """Who comes on next: the first in the cover who is on neither at its start nor `besides`, and since when."""
    known, is_first = set(besides), True
    for stretch in cover:
        if is_first:
            known |= set(stretch.person_ids)
            is_first = False
        for person in stretch.person_ids:
            if person not in known:
                return person, stretch
    return None


def off_at(cover: Iterable[Stretch], *, person_id: int) -> datetime | None:
    """When somebody who is on at the start of the cover goes off; None for somebody who is not on."""
    ends_at = None
    for stretch in cover:
        if person_id not in stretch.person_ids:
            break
        ends_at = stretch.ends_at
    return ends_at


def _replaces(override: Turn, turn: Turn) -> bool:
    """Whether the override takes this turn's person off."""
    if override is turn or (turn.is_override and override.key <= turn.key):
        return False
    return override.instead_of is None or override.instead_of == turn.person_id
