"""Recurring turns by the wall clock of a place, and the instants they are.

A line says 08:00 to 16:00 in London on certain weekdays. That is eight hours by the clock on the wall whatever the
offset; in the night in which clocks change a turn across it is an hour shorter or longer. A time that the clocks
skip is taken at the offset before the change (01:30 that does not exist is what was 01:30 before: 02:30); a time that
comes twice is its first. Two lines of one zone that meet on the wall therefore always meet. Two lines of different
zones may overlap or leave a gap in the weeks between their changes: that is shown, not hidden.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from mim_portal.lib import times

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A person's recurring turn. An end that is not after the start is on the next day; Monday is 0."""

    person_id: int
    weekdays: frozenset[int]
    starts: time
    ends: time
    time_zone: str
    first_date: date
    last_date: date | None = None
    every_weeks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one instant to another, in UTC."""

    starts_at: datetime
    ends_at: datetime


def spans(line: Line, *, since: datetime, until: datetime) -> tuple[Span, ...]:
    """Every turn of the line that touches the time from `since` to `until`, in order."""
    zone = times.zone(line.time_zone)
    day = max(line.first_date, since.astimezone(zone).date() - DAY)  # a night turn that is still going on
    last = until.astimezone(zone).date()
    if line.last_date is not None:
        last = min(last, line.last_date)
    found = []
    while day <= last:
        if _is_on(line, day):
            span = _span(line, day, zone)
            if span.starts_at < span.ends_at and span.ends_at > since and span.starts_at < until:
                found.append(span)
        day += DAY
    return tuple(found)


def wall_hours(line: Line) -> timedelta:
    """How long a turn is by the clock on the wall."""
    start = datetime.combine(line.first_date, line.starts)
    end = datetime.combine(line.first_date, line.ends)
    return end - start if end > start else end + DAY - start


def _is_on(line: Line, day: date) -> bool:
    if day.weekday() not in line.weekdays:
        return False
    weeks = (monday(day) - monday(line.first_date)) // WEEK
    return weeks % line.every_weeks == 0


def monday(day: date) -> date:
    """The first day of the week."""
    return day - day.weekday() * DAY


def _span(line: Line, day: date, zone: tzinfo) -> Span:
    last = day if line.ends > line.starts else day + DAY
    return Span(starts_at=_instant(day, line.starts, zone), ends_at=_instant(last, line.ends, zone))


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
