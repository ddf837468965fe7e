"""Opens the review of every incident that is resolved."""

from collections.abc import Sequence

from incidents.choices import EntryKind, EntrySource, IncidentState
from incidents.models import TimelineEntry
from mim_portal.lib import dbtime
from reviews.services import reviews


def consume(entries: Sequence[TimelineEntry]) -> None:
    """Follow resolutions. Safe to call again with the same entries."""
    for entry in entries:
        resolved = entry.kind == EntryKind.STATE_CHANGED and entry.data.get("to") == IncidentState.RESOLVED
        if resolved and entry.source != EntrySource.IMPORT:
            reviews.open_review(incident_id=entry.incident_id, resolved_at=entry.at, now=dbtime.now())
