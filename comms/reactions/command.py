"""Whoever is concerned by a change of command hears of it by mail at once, in the transaction that changes it."""

from collections.abc import Sequence

from comms.services.telling import command
from incidents.choices import EntryKind
from incidents.models import TimelineEntry


def react(entries: Sequence[TimelineEntry]) -> None:
    """Offers tell the receiver, once for a whole shift; takeovers tell the former manager and whom one appointed."""
    offered = [entry for entry in entries if entry.kind == EntryKind.HANDOVER_OFFERED]
    if offered:
        command.tell_offered(offered)
    for entry in entries:
        if entry.kind == EntryKind.TAKEOVER:
            command.tell_takeover(entry)
