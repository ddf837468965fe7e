"""Tells other systems what happened, a second later and once: written to the outbox with the mark that it was read."""

from collections.abc import Sequence

from comms.services.sending import webhooks
from incidents.models import TimelineEntry


def consume(entries: Sequence[TimelineEntry]) -> None:
    """settings.TIMELINE_CONSUMERS."""
    webhooks.tell(entries)
