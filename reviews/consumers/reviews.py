"""Opens the review of every incident that is resolved."""

from collections.abc import Sequence

from incidents.models import TimelineEntry
from incidents.queries import timeline
from mim_portal.lib import dbtime
from reviews.services import reviews


def consume(entries: Sequence[TimelineEntry]) -> None:
    """Follow resolutions. Safe to call again with the same entries."""
    for entry in timeline.resolutions(entries):
        reviews.open_review(incident_id=entry.incident_id, resolved_at=entry.at, now=dbtime.now())
