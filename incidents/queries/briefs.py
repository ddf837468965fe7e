"""The handover brief, generated from the record and from what other apps add to it."""

from datetime import datetime
from typing import Any

from incidents.choices import OPEN_ENGAGEMENTS
from incidents.models import Engagement, Incident
from incidents.queries import impact, work
from mim_portal.lib import addresses, hooks, times


def brief(incident: Incident, *, now: datetime) -> dict[str, Any]:
    """Plain data by the fields of domain.md 1.7: what the record knows, so that the giver types only the rest."""
    statement = impact.current(incident)
    gathered: dict[str, Any] = {
        "state_and_trend": f"{incident.get_state_display()}, {incident.priority}",
        "running_for": times.duration(now - incident.declared_at),
        "impact": impact.sentence(statement),
        "impact_version": statement.version,
        "timeline": addresses.incident(incident.reference),
        "teams_engaged": _teams(incident, now=now),
        **work.brief(incident, now=now),
    }
    for source in hooks.registered("BRIEF_SOURCES"):
        gathered |= source(incident)
    return gathered


def _teams(incident: Incident, *, now: datetime) -> list[dict[str, str]]:
    """Each team at work with how long, so that relief can be planned."""
    engaged = (
        Engagement.objects.filter(incident=incident, state__in=OPEN_ENGAGEMENTS)
        .select_related("team")
        .order_by("asked_at")
    )
    return [
        {
            "team": row.team.name,
            "state": str(row.get_state_display()),
            "for": times.duration(now - (row.joined_at or row.asked_at)),
        }
        for row in engaged
    ]
