"""Makes what was written findable, a second later."""

from collections.abc import Sequence

from incidents.models import TimelineEntry
from incidents.services.finding import search_documents


def consume(entries: Sequence[TimelineEntry]) -> None:
    """Safe to call again with the same entries: a document knows how far it has read."""
    search_documents.follow({entry.incident_id for entry in entries})
