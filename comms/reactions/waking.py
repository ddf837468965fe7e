"""Executives choose what wakes them: a P1 declared, widened or restored (a decision they are asked is told apart)."""

from collections.abc import Sequence

from comms.choices import WakeReason
from comms.services.telling import waking
from incidents.choices import EntryKind, IncidentState, Priority
from incidents.models import TimelineEntry
from incidents.queries import impact


def react(entries: Sequence[TimelineEntry]) -> None:
    """settings.TIMELINE_REACTIONS."""
    found = [(entry.incident, reason) for entry in entries if (reason := _reason(entry)) is not None]
    if found:
        waking.wake(found)


def _reason(entry: TimelineEntry) -> WakeReason | None:
    """Only what happens to a P1 wakes anybody."""
    if entry.incident.priority != Priority.P1:
        return None
    if entry.kind in (EntryKind.DECLARED, EntryKind.PRIORITY_CHANGED):
        return WakeReason.DECLARED
    if entry.kind == EntryKind.STATE_CHANGED and entry.data.get("to") == IncidentState.MONITORING:
        return WakeReason.RESTORED
    if entry.kind == EntryKind.IMPACT_REVISED and impact.has_widened(entry.incident):
        return WakeReason.WIDENED
    return None
