"""A team that is asked for help is called in the transaction that asks it."""

from collections.abc import Sequence

from comms.services.telling import calls
from incidents.choices import EntryKind
from incidents.models import TimelineEntry


def react(entries: Sequence[TimelineEntry]) -> None:
    """New calls, and calls that are repeated."""
    for kind in (EntryKind.ENGAGEMENT_ASKED, EntryKind.ENGAGEMENT_ASKED_AGAIN):
        asked = [entry for entry in entries if entry.kind == kind]
        if asked:
            calls.enqueue(
                engagement_ids=[entry.data["engagement"] for entry in asked],
                again=kind == EntryKind.ENGAGEMENT_ASKED_AGAIN,
                now=max(entry.at for entry in asked),
            )
