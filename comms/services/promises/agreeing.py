"""Times agreed with audiences of a long incident: a timetable, or a longer interval. Never a silence without a time."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import OwedAudience, UpdateDeadline
from comms.rules.promises import cadence
from comms.services.promises import owing, promises
from incidents.choices import EntryKind
from incidents.models import Incident
from incidents.services import timeline
from mim_portal.lib import dbtime, times
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person


class TooEarly(Refusal):
    """A timetable is for long incidents."""

    code = "too_early"


@transaction.atomic
def timetable(
    *,
    reference: str,
    audiences: Collection[str],
    local_times: Sequence[time],
    zone: ZoneInfo,
    days: int,
    reason: str,
    person: Person,
    now: datetime,
    from_day: date | None = None,
) -> list[datetime]:
    """Replace the cadence of these audiences by agreed times of the day, from an hour after declaration on.

    What was promised before stays promised: an open deadline moves only earlier, to the first agreed time. When the
    timetable has run out, the cadence holds again.
    """
    incident = owing.live(reference, person=person)
    rows, why, at = _owed(incident, audiences), owing.reason_in(reason), dbtime.now()
    begins = incident.declared_at + cadence.TIMETABLE_AFTER
    if at < begins:
        message = _(
            "Times can be agreed from %s on, an hour after the declaration. Until then the usual interval holds."
        )
        raise TooEarly(message % times.clock_time(begins, zone))
    agreed = _moments(local_times, zone=zone, days=days, from_day=from_day or at.astimezone(zone).date(), at=at)
    for row in rows:
        row.agreed_times = agreed
    OwedAudience.objects.bulk_update(rows, ["agreed_times"])
    _hurry(incident, rows, due_at=agreed[0], at=at)
    said = {"times": sorted({f"{one:%H:%M}" for one in local_times}), "zone": str(zone), "days": days}
    _note(incident, rows, person, EntryKind.CADENCE_CHANGED, text=why, at=at, until=agreed[-1].isoformat(), **said)
    return agreed


@transaction.atomic
def interval(
    *, reference: str, audiences: Collection[str], minutes: int, reason: str, person: Person, now: datetime
) -> list[OwedAudience]:
    """Agree another interval with these audiences, from their next update on; the deadline that is open stays."""
    incident = owing.live(reference, person=person)
    rows, why, at = _owed(incident, audiences), owing.reason_in(reason), dbtime.now()
    if not cadence.SHORTEST <= minutes <= cadence.LONGEST:
        raise Invalid(_("Give between 1 and 1440 minutes (a day)."), code="out_of_range", field="minutes")
    for row in rows:
        row.every_minutes = row.later_minutes = minutes
        row.agreed_times = []
    OwedAudience.objects.bulk_update(rows, ["every_minutes", "later_minutes", "agreed_times"])
    _note(incident, rows, person, EntryKind.CADENCE_CHANGED, text=why, at=at, minutes=minutes)
    return rows


@transaction.atomic
def end_timetable(
    *, reference: str, audiences: Collection[str], reason: str, person: Person, now: datetime
) -> list[OwedAudience]:
    """The usual interval holds again: an open deadline beyond it moves to an interval from now, and never later."""
    incident = owing.live(reference, person=person)
    why, at = owing.reason_in(reason), dbtime.now()
    rows = [row for row in _owed(incident, audiences) if row.agreed_times]
    if not rows:
        raise Refusal(_("No times are agreed with them."), code="no_timetable", field="audiences")
    for row in rows:
        row.agreed_times = []
    OwedAudience.objects.bulk_update(rows, ["agreed_times"])
    for row in rows:
        after = promises.cadence_of(row).interval(declared_at=incident.declared_at, sent_at=at)
        if after is not None:
            _hurry(incident, [row], due_at=at + after, at=at)
    _note(incident, rows, person, EntryKind.CADENCE_ENDED, text=why, at=at)
    return rows


def _owed(incident: Incident, codes: Collection[str]) -> list[OwedAudience]:
    chosen = owing.known(codes)
    rows = OwedAudience.objects.filter(incident=incident, audience__in=chosen, owed_until=None)
    found = list(rows.select_related("audience").order_by("audience__position", "audience_id"))
    missing = {one.pk for one in chosen} - {row.audience_id for row in found}
    if missing:
        names = ", ".join(one.name for one in chosen if one.pk in missing)
        message = _("Not owed any updates, so that nothing can be agreed with them: %s.") % names
        raise Invalid(message, code="not_owed", field="audiences")
    return found


def _moments(local_times: Sequence[time], *, zone: ZoneInfo, days: int, from_day: date, at: datetime) -> list[datetime]:
    if not local_times:
        raise Invalid(_("Give at least one time of the day, such as 07:00."), code="required", field="times")
    if not 1 <= days <= cadence.MOST_DAYS:
        message = _("A timetable holds for 1 to %d days; agree the next one then.") % cadence.MOST_DAYS
        raise Invalid(message, code="out_of_range", field="days")
    moments = cadence.expand_timetable(local_times, tz=zone, from_day=from_day, days=days)
    ahead = [moment for moment in moments if moment > at]
    if not ahead:
        raise Invalid(_("All of these times have passed. Choose a later day."), code="in_the_past", field="times")
    if ahead[0] - at > timedelta(minutes=cadence.LONGEST):
        raise Invalid(_("Nobody waits longer than a day for word: begin earlier."), code="too_late", field="times")
    return ahead


def _hurry(incident: Incident, rows: Sequence[OwedAudience], *, due_at: datetime, at: datetime) -> None:
    """Open deadlines move earlier, never later; an audience that hears of changes only gets one."""
    audiences = {row.audience_id: row.audience for row in rows}
    held = [row for row in promises.lock_open(incidents=[incident]) if row.audience_id in audiences]
    for deadline in held:
        if due_at < deadline.due_at:
            deadline.due_at = due_at
            promises.schedule(deadline, now=at)
    UpdateDeadline.objects.bulk_update(held, ["due_at", "next_action_at"])
    for deadline in held:
        audiences.pop(deadline.audience_id)
    planned = [promises.Planned(audience=one, due_at=due_at) for one in audiences.values()]
    UpdateDeadline.objects.bulk_create(promises.new_deadlines(incident=incident, planned=planned, opened_at=at))


def _note(
    incident: Incident,
    rows: Sequence[OwedAudience],
    person: Person,
    kind: EntryKind,
    *,
    text: str,
    at: datetime,
    **said: object,
) -> None:
    data = {"audiences": [row.audience.code for row in rows], **said}
    timeline.append(
        incident=incident, entries=[timeline.Entry(kind=kind, at=at, actor_id=person.pk, text=text, data=data)]
    )
