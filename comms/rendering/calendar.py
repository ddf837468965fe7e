"""Deadlines as a calendar reads them (RFC 5545): by reference and audience, without names, titles or texts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from comms.models import UpdateDeadline
from mim_portal.lib import addresses

_LENGTH = timedelta(minutes=5)
_FETCH_AGAIN = timedelta(minutes=5)


def deadlines(rows: Iterable[UpdateDeadline], *, now: datetime) -> bytes:
    """One event a promise; it moves with its deadline and disappears when it is kept."""
    calendar = Calendar()
    calendar.add("prodid", "-//MIM Portal//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Promised updates"))
    calendar.add("refresh-interval", _FETCH_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT5M")
    for row in rows:
        calendar.add_component(_event(row, now=now))
    return bytes(calendar.to_ical())


def _event(row: UpdateDeadline, *, now: datetime) -> Event:
    words = {"reference": row.incident.reference, "audience": row.audience.name}
    late = row.due_at < now
    event = Event()
    event.add("uid", f"deadline-{row.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", row.due_at.astimezone(UTC).replace(microsecond=0))
    event.add("duration", _LENGTH)
    said = _("LATE: %(reference)s, update to %(audience)s") if late else _("%(reference)s, update to %(audience)s")
    event.add("summary", said % words)
    event.add("url", addresses.absolute(addresses.incident(row.incident.reference)))
    event.add("transp", "TRANSPARENT")
    return event
