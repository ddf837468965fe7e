"""What calendars read (RFC 5545): a person's deadlines by reference and audience, without names, titles or texts; and
the planned maintenance of a status page."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from comms.choices import MaintenanceState
from comms.models import UpdateDeadline
from comms.queries.status_facts import PageFacts, WindowFacts
from mim_portal.lib import addresses
from mim_portal.lib.printable import in_calendar

CONTENT_TYPE = "text/calendar; charset=utf-8"
_LENGTH = timedelta(minutes=5)
_SHORTEST = timedelta(minutes=1)
_FETCH_AGAIN = timedelta(minutes=5)


def deadlines(rows: Iterable[UpdateDeadline], *, now: datetime) -> bytes:
    """One event a promise; it moves with its deadline and disappears when it is kept."""
    calendar = _calendar("deadlines", _("Promised updates"))
    calendar.add("refresh-interval", _FETCH_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT5M")
    for row in rows:
        calendar.add_component(_event(row, now=now))
    return bytes(calendar.to_ical())


def windows(facts: PageFacts) -> bytes:
    """One event a window, from when it began until when it ended; the same facts always make the same bytes. One that
    was cancelled says so and frees the time."""
    calendar = _calendar("maintenance", _("%s: planned maintenance") % facts.name)
    for window in facts.windows:
        calendar.add_component(_window(facts, window))
    return bytes(calendar.to_ical())


def _calendar(of: str, name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//MIM Portal//{of}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", in_calendar(name))
    return calendar


def _window(facts: PageFacts, window: WindowFacts) -> Event:
    cancelled = window.state == MaintenanceState.CANCELLED
    event = Event()
    event.add("uid", f"maintenance-{window.id}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", window.latest.published_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", len(window.updates) - 1)
    begin, end = window.hours
    event.add("dtstart", begin.astimezone(UTC).replace(microsecond=0))
    # One that begins after its planned end, or ends at once, still has a length.
    event.add("dtend", max(end, begin + _SHORTEST).astimezone(UTC).replace(microsecond=0))
    event.add("summary", in_calendar(window.title))
    event.add("description", in_calendar(f"{', '.join(window.service_names)}\n\n{window.latest.body}"))
    event.add("url", addresses.absolute(f"{addresses.status_page(facts.slug)}#maintenance-{window.id}"))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _event(row: UpdateDeadline, *, now: datetime) -> Event:
    words = {"reference": row.incident.reference, "audience": row.audience.name}
    late = row.due_at < now
    event = Event()
    event.add("uid", f"deadline-{row.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", row.due_at.astimezone(UTC).replace(microsecond=0))
    event.add("duration", _LENGTH)
    said = _("LATE: %(reference)s, update to %(audience)s") if late else _("%(reference)s, update to %(audience)s")
    event.add("summary", in_calendar(said % words))
    event.add("url", addresses.absolute(addresses.incident(row.incident.reference)))
    event.add("transp", "TRANSPARENT")
    return event
