"""When a team is at work, by the clock on its wall, and which of its ways to be reached are used then.

A holiday of the team is out of its hours from the beginning of its working day to the end of it, also where that day
ends after midnight. It moves nobody on the rota: whoever is planned stays on, and is reached another way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

from mim_portal.lib import times
from teams.choices import CallHours
from teams.rules import patterns

LOOK_AHEAD: Final = timedelta(days=31)
WEEKDAYS: Final = frozenset(range(5))
OPENS, CLOSES = time(8), time(18)
_MOMENT: Final = timedelta(microseconds=1)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A team's working days. An end that is not after the start is on the next day; Monday is 0."""

    zone: str = "UTC"
    weekdays: frozenset[int] = WEEKDAYS
    starts: time = OPENS
    ends: time = CLOSES
    holidays: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Whether the team is at work, its holiday of that day, and until when that is so; None: for a month at least."""

    is_in: bool
    holiday: str
    until: datetime | None


def is_in(hours: Hours, *, at: datetime) -> bool:
    """Whether the team is at work at this moment."""
    return bool(_open(hours, since=at, until=at + _MOMENT))


def state(hours: Hours, *, at: datetime) -> State:
    """What holds now, and when it changes."""
    spans = _open(hours, since=at, until=at + LOOK_AHEAD)
    holiday = hours.holidays.get(at.astimezone(times.zone(hours.zone)).date(), "")
    if not spans or spans[0].starts_at > at:
        return State(is_in=False, holiday=holiday, until=spans[0].starts_at if spans else None)
    end = spans[0].ends_at
    for span in spans[1:]:
        if span.starts_at > end:
            break
        end = span.ends_at
    return State(is_in=True, holiday=holiday, until=end if end < at + LOOK_AHEAD else None)


def is_used(when: str, *, is_in: bool) -> bool:
    """Whether a way to reach the team is used at such an hour."""
    return when == CallHours.ALWAYS or (when == CallHours.IN_HOURS) is is_in


def used(ways: Iterable[tuple[T, str]], *, is_in: bool) -> list[T]:
    """The ways that are used at such an hour, in their order."""
    return [way for way, when in ways if is_used(when, is_in=is_in)]


def _open(hours: Hours, *, since: datetime, until: datetime) -> list[patterns.Span]:
    """The times of work that touch this time, without those of holidays."""
    zone = times.zone(hours.zone)
    line = patterns.Line(
        person_id=0,
        weekdays=hours.weekdays,
        starts=hours.starts,
        ends=hours.ends,
        time_zone=hours.zone,
        first_date=date.min,
    )
    spans = patterns.spans(line, since=since, until=until)
    return [span for span in spans if span.starts_at.astimezone(zone).date() not in hours.holidays]
