"""Whoever has to decide is told in the transaction that asks, and the manager in the one that answers."""

from collections.abc import Sequence

from comms.services.telling import decisions
from incidents.choices import AskedOf, EntryKind
from incidents.models import TimelineEntry


def react(entries: Sequence[TimelineEntry]) -> None:
    """Questions to those outside the room, and their answers; what the manager decides needs no message."""
    asked, answered = (
        [
            entry.data["decision"]
            for entry in entries
            if entry.kind == kind and entry.data.get("asked_of", AskedOf.MANAGER) != AskedOf.MANAGER
        ]
        for kind in (EntryKind.DECISION_NEEDED, EntryKind.DECISION)
    )
    if asked:
        decisions.tell_deciders(asked)
    if answered:
        decisions.tell_manager(answered)
