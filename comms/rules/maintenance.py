"""Planned maintenance: which step may follow which, when the clock acts, and on which days a series falls.

A window is announced by a person, with the words that are shown when it begins and ends, so that the clock publishes
nothing that nobody wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from comms.choices import RUNNING_MAINTENANCE, MaintenanceState, Repeat
from mim_portal.lib import local_times
from teams.rules.fields import Unusable

LONGEST: Final = timedelta(days=14)
# Occurrences of a series that readers can see ahead, and how far.
AHEAD: Final = 4
HORIZON: Final = timedelta(days=70)
# So many minutes before a window begins, subscribers are reminded where its planner does not choose otherwise: to plan
# the day, and to stop in time.
REMINDED: Final = (24 * 60, 60)
MOST_REMINDERS: Final = 6
# The clock acts within a second: what has not begun or ended by then is late, and readers are told so.
LATE_AFTER: Final = timedelta(minutes=1)

_NEXT: Final = {
    MaintenanceState.SCHEDULED: (MaintenanceState.IN_PROGRESS, MaintenanceState.CANCELLED),
    MaintenanceState.IN_PROGRESS: (MaintenanceState.VERIFYING, MaintenanceState.COMPLETED),
    MaintenanceState.VERIFYING: (MaintenanceState.IN_PROGRESS, MaintenanceState.COMPLETED),
    MaintenanceState.COMPLETED: (),
    MaintenanceState.CANCELLED: (),
}


def following_states(state: str) -> tuple[MaintenanceState, ...]:
    """What may come next; work that has begun is finished, not cancelled."""
    return _NEXT[MaintenanceState(state)]


def next_action_at(
    *, state: str, is_automatic: bool, scheduled_for: datetime, scheduled_until: datetime
) -> datetime | None:
    """When the clock begins or ends the window; None where a person does. What is being verified ends by hand."""
    if not is_automatic:
        return None
    if state == MaintenanceState.SCHEDULED:
        return scheduled_for
    return scheduled_until if state == MaintenanceState.IN_PROGRESS else None


def hours(
    *,
    state: str,
    scheduled_for: datetime,
    scheduled_until: datetime,
    started_at: datetime | None,
    ended_at: datetime | None,
) -> tuple[datetime, datetime]:
    """From when until when, as far as it is known: as it ran, and where it has not begun or ended as it is planned."""
    is_done = state == MaintenanceState.COMPLETED
    return started_at or scheduled_for, (ended_at if is_done else None) or scheduled_until


def next_step_at(*, state: str, scheduled_for: datetime, scheduled_until: datetime) -> datetime | None:
    """When it is to begin, or to end, whoever does it; None of one that is over."""
    if state == MaintenanceState.SCHEDULED:
        return scheduled_for
    return scheduled_until if state in RUNNING_MAINTENANCE else None


def remind_before(minutes: Iterable[int]) -> list[int]:
    """Each once, the longest first; so often that nobody reads them any more is refused."""
    chosen = sorted(set(minutes), reverse=True)
    if len(chosen) > MOST_REMINDERS:
        raise Unusable(f"Remind at most {MOST_REMINDERS} times.")
    if any(not 1 <= each <= LONGEST // timedelta(minutes=1) for each in chosen):
        raise Unusable(f"Remind between a minute and {LONGEST.days} days before it begins.")
    return chosen


def reminders(*, scheduled_for: datetime, minutes: Iterable[int], now: datetime) -> dict[int, datetime]:
    """When to remind of a window, by how many minutes before it; a time that has passed already is none."""
    due = {before: scheduled_for - timedelta(minutes=before) for before in minutes}
    return {before: at for before, at in due.items() if at > now}


def wrong_window(*, scheduled_for: datetime, scheduled_until: datetime, now: datetime) -> tuple[str, str] | None:
    """The field at fault and what to do about it; None where the window can be announced."""
    if scheduled_until <= scheduled_for:
        return "scheduled_until", "It ends after it begins: give a later time."
    if scheduled_until - scheduled_for > LONGEST:
        return "scheduled_until", f"A window lasts at most {LONGEST.days} days: announce several."
    if scheduled_until <= now:
        return "scheduled_until", "This window is over already: give a time that is still to come."
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """How windows repeat: by the clock on the wall of a zone, so that 02:00 stays 02:00 when the clocks change."""

    repeat: Repeat
    first_at: datetime
    zone: tzinfo
    until: date | None = None  # the last day on which one may begin


def occurrences(series: Series, *, after: datetime, before: datetime, most: int = AHEAD) -> list[datetime]:
    """When the windows after `after` and not after `before` begin, soonest first.

    A time that the clocks leave out on that day is the same length after midnight; one that they show twice is the
    first. A month without the day (the 31st, a fifth Sunday) has no window.
    """
    first = series.first_at.astimezone(series.zone).replace(tzinfo=None)
    last = before.astimezone(series.zone).replace(tzinfo=None)
    found: list[datetime] = []
    for local in _rule(series.repeat, first).xafter(first, inc=False):
        if local > last or (series.until is not None and local.date() > series.until) or len(found) == most:
            break
        at = _instant(local, series.zone)
        if after < at <= before:
            found.append(at)
    return found


def _rule(repeat: Repeat, first: datetime) -> rrule:
    if repeat == Repeat.MONTHLY_BY_DAY:
        return rrule(MONTHLY, dtstart=first, bymonthday=first.day)
    if repeat == Repeat.MONTHLY_BY_WEEKDAY:
        return rrule(MONTHLY, dtstart=first, byweekday=weekday(first.weekday(), (first.day - 1) // 7 + 1))
    weeks = {Repeat.WEEKLY: 1, Repeat.FORTNIGHTLY: 2, Repeat.FOUR_WEEKLY: 4}[repeat]
    return rrule(WEEKLY, dtstart=first, interval=weeks)


def _instant(local: datetime, zone: tzinfo) -> datetime:
    named = local_times.instants(local, zone)
    return named[0] if named else local.replace(tzinfo=zone).astimezone(UTC)
