"""What comms adds to what others show of an incident: its promises, as plain data (settings.BRIEF_SOURCES and
INCIDENT_FACETS).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from comms.choices import EDITABLE_UPDATES, UpdateState
from comms.models import Update, UpdateDeadline
from comms.models.deadline import OPEN
from comms.queries.promises import deadlines, owing
from comms.queries.recipients import audiences
from incidents.models import Incident
from incidents.rules.handover import Due
from mim_portal.lib import dbtime, times
from teams.models import Person


def brief(incident: Incident) -> dict[str, Any]:
    """For a handover: which audience was promised an update by when, soonest first, and what is late."""
    now = dbtime.now()
    agreed = {
        row.audience_id: _("agreed times until %s") % times.due_time(row.agreed_times[-1], UTC, now=now)
        for row in owing.agreed(incident, now=now)
    }
    return {
        "promises": [
            {
                "audience": row.audience.name,
                "due": times.due_time(row.due_at, UTC, now=now),
                "state": "; ".join(part for part in (_state(row, now=now), agreed.get(row.audience_id, "")) if part),
            }
            for row in audiences.promised(incident)
        ],
        "approvals": [_outstanding(row, now=now) for row in _waiting([incident.pk])],
    }


def _outstanding(row: Update, *, now: datetime) -> str:
    """A text that waits for a reader, or for its time, or was held when its time came."""
    if row.held_at is not None:
        return _("Scheduled update held since %s: read it again") % times.due_time(row.held_at, UTC, now=now)
    if row.publish_at is not None:
        words = {"when": times.due_time(row.publish_at, UTC, now=now), "person": _name(row.scheduled_by)}
        return _("Update leaves by itself at %(when)s, as %(person)s decided") % words
    assert row.submitted_at is not None
    words = {"when": times.due_time(row.submitted_at, UTC, now=now), "author": row.author.name}
    return _("Update for a second reader since %(when)s, by %(author)s") % words


def _name(person: Person | None) -> str:
    return person.name if person is not None else ""


def _state(row: UpdateDeadline, *, now: datetime) -> str:
    if row.due_at < now:
        return _("late by %(length)s") % {"length": times.duration(now - row.due_at)}
    return _("on time so far")


def due(incident_ids: Sequence[int]) -> dict[int, list[Due]]:
    """settings.DUE_SOURCES: promised updates and texts that wait for a second reader, in two reads."""
    found: dict[int, list[Due]] = {}
    promised = UpdateDeadline.objects.filter(OPEN, incident__in=list(incident_ids)).select_related("audience")
    for row in promised.order_by("audience__position"):
        item = Due(at=row.due_at, what=_("Update to %s") % row.audience.name)
        found.setdefault(row.incident_id, []).append(item)
    for text in _waiting(incident_ids):
        found.setdefault(text.incident_id, []).append(_due(text))
    return found


def _due(text: Update) -> Due:
    if text.held_at is not None:
        return Due(at=text.held_at, what=_("Scheduled update was held: send it, change it, or give it another time"))
    if text.publish_at is not None:
        return Due(at=text.publish_at, what=_("An approved update leaves by itself"))
    assert text.submitted_at is not None
    return Due(at=text.submitted_at + settings.SECOND_READER_TIMER, what=_("Second reader, or send it yourself"))


def _waiting(incident_ids: Sequence[int]) -> QuerySet[Update]:
    """Texts that wait for a reader, or for the time that somebody gave them."""
    unread = Q(state__in=EDITABLE_UPDATES - {UpdateState.APPROVED}, submitted_at__isnull=False)
    waiting = Update.objects.filter(
        unread | Q(publish_at__isnull=False), incident__in=list(incident_ids), published_at=None
    )
    return waiting.select_related("author", "scheduled_by").order_by("submitted_at", "id")


def facet(incident_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """For the API's incidents: one promise an audience, the open one or else the last, in one query for a page."""
    now = dbtime.now()
    found: dict[int, dict[str, Any]] = {pk: {"deadlines": []} for pk in incident_ids}
    for row in deadlines.current(incident_ids):
        found[row.incident_id]["deadlines"].append(deadlines.plain(row, now=now))
    return found


def first_comms(incident_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """When each audience first heard of the incident (domain.md 1.9), in one query for a page. A message that was
    withdrawn was still the first that they got.
    """
    found: dict[int, dict[str, Any]] = {pk: {"first_comms_at": {}} for pk in incident_ids}
    told = (
        Update.objects.filter(incident__in=list(incident_ids), published_at__isnull=False)
        .values("incident_id", "audiences__code")
        .annotate(first=Min("published_at"), place=F("audiences__position"))
        .order_by("place", "audiences__code")
    )
    for row in told:
        if row["audiences__code"]:
            found[row["incident_id"]]["first_comms_at"][row["audiences__code"]] = times.iso(row["first"])
    return found
