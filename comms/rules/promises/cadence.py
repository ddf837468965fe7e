"""When the next update is owed (domain.md 1.6, DESIGN 1a and 9).

The promise beats the policy: due is the earlier of what was promised and what the cadence asks. Events and the shared
beat move an open deadline earlier, never later. All times are aware and in UTC; minutes elapse, so that a clock change
at night neither gives nor takes an hour. Only an agreed timetable is meant in wall-clock time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from comms.choices import DELIVERY_ORDER, AudienceCode
from incidents.choices import Priority

LATER_AFTER: Final = timedelta(minutes=120)
# An event that audiences must hear of within this time: impact, priority, workaround, restored.
EVENT_WITHIN: Final = timedelta(minutes=10)
CORRECTION_WITHIN: Final = timedelta(minutes=15)
# Audiences due within this time of each other are served by one writing moment.
BEAT_WINDOW: Final = timedelta(minutes=5)
# The long-incident timetable can be agreed only after this time.
TIMETABLE_AFTER: Final = timedelta(minutes=60)
# A message that leaves so shortly before an agreed time is the one that was agreed: the next is owed at the time after.
SERVES_AGREED_WITHIN: Final = timedelta(minutes=30)
# An interval that a person may set, and the longest timetable, in days.
SHORTEST, LONGEST = 1, 1440
MOST_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """What one audience is owed: the first update, the following ones, and the slower pace after two hours.

    `first` counts from declaration, `every` and `later` from the last update. None: owed on change only.
    """

    first: timedelta | None
    every: timedelta | None
    later: timedelta | None
    later_after: timedelta = LATER_AFTER

    def interval(self, *, declared_at: datetime, sent_at: datetime) -> timedelta | None:
        """How long after an update sent at this moment the next one is owed."""
        return self.later if sent_at - declared_at > self.later_after else self.every


def _cadence(first: int, every: int, later: int | None = None) -> Cadence:
    return Cadence(
        first=timedelta(minutes=first),
        every=timedelta(minutes=every),
        later=timedelta(minutes=every if later is None else later),
    )


ON_CHANGE: Final = Cadence(first=None, every=None, later=None)
# A major incident of third priority or lower is not in a hurry, and is still kept informed.
_LOWER: Final[Mapping[str, Cadence]] = {
    AudienceCode.TECHNICAL: _cadence(30, 60),
    AudienceCode.SERVICE_DESK: _cadence(45, 120),
    AudienceCode.SERVICE_OWNERS: _cadence(60, 120),
    AudienceCode.END_USERS: _cadence(60, 240),
    AudienceCode.EXECUTIVES: ON_CHANGE,
    AudienceCode.PUBLIC: _cadence(60, 240),
}
# The policy that an organisation starts with and can change.
DEFAULT_POLICY: Final[Mapping[str, Mapping[str, Cadence]]] = {
    Priority.P1: {
        AudienceCode.TECHNICAL: _cadence(5, 15, 30),
        AudienceCode.SERVICE_DESK: _cadence(10, 30, 30),
        AudienceCode.SERVICE_OWNERS: _cadence(15, 30, 60),
        AudienceCode.END_USERS: _cadence(15, 30, 60),
        AudienceCode.EXECUTIVES: _cadence(15, 30, 60),
        AudienceCode.PUBLIC: _cadence(15, 30, 60),
    },
    Priority.P2: {
        AudienceCode.TECHNICAL: _cadence(10, 30),
        AudienceCode.SERVICE_DESK: _cadence(20, 60),
        AudienceCode.SERVICE_OWNERS: _cadence(30, 60),
        AudienceCode.END_USERS: _cadence(30, 60),
        AudienceCode.EXECUTIVES: _cadence(30, 120),
        AudienceCode.PUBLIC: _cadence(30, 60),
    },
    Priority.P3: _LOWER,
    Priority.P4: _LOWER,
    Priority.P5: _LOWER,
}


def default(*, priority: str, audience: str) -> Cadence:
    """The default policy's cadence; an audience of the organisation's own is served like service owners."""
    row = DEFAULT_POLICY[priority]
    return row.get(audience, row[AudienceCode.SERVICE_OWNERS])


def faster(one: Cadence, other: Cadence) -> Cadence:
    """The shorter of each interval. A cadence slows only once its audience has been told, so what is frozen and what a
    new priority asks meet in this.
    """
    pairs = ((one.first, other.first), (one.every, other.every), (one.later, other.later))
    first, every, later = (min((each for each in pair if each is not None), default=None) for pair in pairs)
    return Cadence(first=first, every=every, later=later, later_after=one.later_after)


def first_due(*, declared_at: datetime, cadence: Cadence) -> datetime | None:
    """When the first update is owed, or None for an audience that hears of changes only."""
    return None if cadence.first is None else declared_at + cadence.first


def next_due(
    *,
    sent_at: datetime,
    declared_at: datetime,
    cadence: Cadence,
    promised_next_at: datetime | None = None,
    timetable: Sequence[datetime] = (),
) -> datetime | None:
    """When the update after the one sent at `sent_at` is owed: the earlier of promise and policy.

    An agreed timetable replaces the cadence for as long as it holds a later time. A promise that does not lie after
    the update promises nothing and is passed over. None where neither asks for another update.
    """
    asked = policy_due(sent_at=sent_at, declared_at=declared_at, cadence=cadence, timetable=timetable)
    promised = promised_next_at if promised_next_at is not None and promised_next_at > sent_at else None
    known = [at for at in (promised, asked) if at is not None]
    return min(known, default=None)


def policy_due(
    *,
    sent_at: datetime,
    declared_at: datetime,
    cadence: Cadence,
    timetable: Sequence[datetime] = (),
) -> datetime | None:
    """The latest time that may be promised for the next update: by timetable where one is agreed, else by cadence."""
    agreed = agreed_after(timetable, sent_at=sent_at)
    if agreed is not None:
        return agreed
    interval = cadence.interval(declared_at=declared_at, sent_at=sent_at)
    return None if interval is None else sent_at + interval


def agreed_after(timetable: Sequence[datetime], *, sent_at: datetime) -> datetime | None:
    """The first agreed time that a message sent now does not serve itself; None where the timetable has run out.

    The last agreed time has nothing after it, so that it is never passed over.
    """
    ahead = sorted(at for at in timetable if at > sent_at)
    beyond = [at for at in ahead if at - sent_at > SERVES_AGREED_WITHIN]
    return next(iter(beyond or ahead), None)


def event_due(*, open_due_at: datetime | None, event_at: datetime, within: timedelta = EVENT_WITHIN) -> datetime:
    """When audiences must hear of an event: it moves the open deadline earlier, or opens one on change; never later."""
    asked = event_at + within
    return asked if open_due_at is None else min(open_due_at, asked)


def align(dues: Mapping[str, datetime], *, window: timedelta = BEAT_WINDOW) -> dict[str, datetime]:
    """Moves the due times of one incident's audiences earlier onto a shared beat.

    The earliest due time makes a beat, and everyone due within `window` after it joins it; the next one beyond makes
    the next beat. Nobody is later than before. The answer is in the order of sending: the desk copy leaves first.
    """
    aligned: dict[str, datetime] = {}
    beat: datetime | None = None
    for audience, due_at in sorted(dues.items(), key=lambda item: item[1]):
        if beat is None or due_at - beat > window:
            beat = due_at
        aligned[audience] = beat
    return {audience: aligned[audience] for audience in in_sending_order(aligned)}


def beat_ends(*, first_due: datetime, now: datetime) -> datetime:
    """Who is due by then is served by the message written now: the beat of the first, and everybody late already."""
    return max(first_due, now) + BEAT_WINDOW


def in_sending_order(audiences: Iterable[str]) -> list[str]:
    """The desk first, then the room, then everyone else; audiences of the organisation's own come last, by name."""
    order: dict[str, int] = {code: place for place, code in enumerate(DELIVERY_ORDER)}
    return sorted(audiences, key=lambda code: (order.get(code, len(order)), code))


def expand_timetable(
    times: Iterable[time],
    *,
    tz: tzinfo,
    from_day: date,
    days: int,
) -> tuple[datetime, ...]:
    """The moments of an agreed timetable ("07:00 and 19:00") in UTC, for so many days.

    On nights when the clock changes, an hour that comes twice means its first coming, and one that does not come
    means the moment an hour before: promised to people, so never later than they expect.
    """
    local_times = list(times)
    moments = {
        moment
        for day in range(days)
        for local_time in local_times
        for moment in [_earliest(datetime.combine(from_day + timedelta(days=day), local_time, tzinfo=tz))]
    }
    return tuple(sorted(moments))


def _earliest(local: datetime) -> datetime:
    return min(local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC))
