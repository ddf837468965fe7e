"""Asks teams how it went, once their incident is resolved."""

from collections.abc import Sequence

from comms.services.telling import feedback
from incidents.models import TimelineEntry
from incidents.queries import timeline
from mim_portal.lib import dbtime


def consume(entries: Sequence[TimelineEntry]) -> None:
    """settings.TIMELINE_CONSUMERS. Safe to call again with the same entries."""
    resolved = {entry.incident_id for entry in timeline.resolutions(entries)}
    if resolved:
        feedback.ask(resolved, now=dbtime.now())
