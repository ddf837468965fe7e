"""Asks teams how it went, once their incident is resolved."""

from collections.abc import Sequence

from comms.services.telling import feedback
from incidents.choices import EntryKind, EntrySource, IncidentState
from incidents.models import TimelineEntry
from mim_portal.lib import dbtime


def consume(entries: Sequence[TimelineEntry]) -> None:
    """settings.TIMELINE_CONSUMERS. Safe to call again with the same entries."""
    resolved = {
        entry.incident_id
        for entry in entries
        if entry.kind == EntryKind.STATE_CHANGED
        and entry.data.get("to") == IncidentState.RESOLVED
        and entry.source != EntrySource.IMPORT
    }
    if resolved:
        feedback.ask(resolved, now=dbtime.now())
