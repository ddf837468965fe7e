"""Whom to call now, from a rota and what overrides it. With nobody on the rota, everyone who holds the role is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A person's turn. `level` 1 is called first; the end belongs to the next shift."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Somebody stands in for a while, for one person or (`instead_of` None) for everyone on this level.

    `person_id` None means that the replaced person is away and nobody stands in. Later overrides win.
    """

    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    instead_of: int | None = None
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """The people to call, in order. `from_rota` is false where the rota was empty and every holder is told."""

    person_ids: tuple[int, ...]
    from_rota: bool


def who(
    *,
    shifts: Iterable[Shift],
    overrides: Sequence[Override] = (),
    holders: Iterable[int] = (),
    now: datetime,
) -> OnCall:
    """The people to call at this moment, each once, the first level first."""
    on_shift = sorted(
        (shift for shift in shifts if shift.starts_at <= now < shift.ends_at),
        key=lambda shift: (shift.level, shift.starts_at, shift.person_id),
    )
    active = [override for override in overrides if override.starts_at <= now < override.ends_at]
    called = [(shift.level, person) for shift in on_shift if (person := _stand_in(shift, active)) is not None]
    covered = {level for level, _person in called}
    called += [
        (override.level, override.person_id)
        for override in active
        if override.instead_of is None and override.person_id is not None and override.level not in covered
    ]
    people = tuple(dict.fromkeys(person for _level, person in sorted(called, key=lambda pair: pair[0])))
    if people:
        return OnCall(person_ids=people, from_rota=True)
    return OnCall(person_ids=tuple(dict.fromkeys(holders)), from_rota=False)


def next_change_at(*, shifts: Iterable[Shift], overrides: Iterable[Override] = (), now: datetime) -> datetime | None:
    """When the answer may change next, or None where nothing is planned."""
    turns = [(turn.starts_at, turn.ends_at) for turn in shifts] + [(turn.starts_at, turn.ends_at) for turn in overrides]
    return min((moment for turn in turns for moment in turn if moment > now), default=None)


def _stand_in(shift: Shift, active: Sequence[Override]) -> int | None:
    """Who takes a shift after every override that concerns it; a stand-in can be replaced in turn."""
    person: int | None = shift.person_id
    for override in active:
        if override.level == shift.level and override.instead_of in {None, person}:
            person = override.person_id
    return person
