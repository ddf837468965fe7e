"""What comms adds to what others show of an incident: its promises, as plain data (settings.BRIEF_SOURCES and
INCIDENT_FACETS).
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django.db.models import F, Min
from django.utils.translation import gettext as _

from comms.models import Update
from comms.queries import audiences, deadlines
from incidents.models import Incident
from mim_portal.lib import dbtime, times


def brief(incident: Incident) -> dict[str, Any]:
    """For a handover: which audience was promised an update by when, soonest first, and what is late."""
    now = dbtime.now()
    return {
        "promises": [
            {
                "audience": row.audience.name,
                "due": times.due_time(row.due_at, UTC, now=now),
                "state": _("late by %(length)s") % {"length": times.duration(now - row.due_at)}
                if row.due_at < now
                else _("on time so far"),
            }
            for row in audiences.promised(incident)
        ]
    }


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
