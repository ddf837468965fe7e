"""Promises follow the timeline in the same transaction: a declared incident and its first deadlines commit together."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from comms.choices import AudienceCode, EndReason
from comms.queries.promises import downgrades
from comms.rules.promises import cadence
from comms.services.promises import deadlines, events
from incidents.choices import WRONG_REVISIONS, EntryKind, IncidentState
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime

# A change of manager concerns those who deal with the manager.
_HANDOVER_AUDIENCES = frozenset({AudienceCode.TECHNICAL, AudienceCode.SERVICE_OWNERS, AudienceCode.EXECUTIVES})
_ENDS = {
    IncidentState.RESOLVED: EndReason.RESOLVED,
    IncidentState.CLOSED: EndReason.CLOSED,
    IncidentState.CANCELLED: EndReason.CANCELLED,
}


def react(entries: Sequence[TimelineEntry]) -> None:
    """settings.TIMELINE_REACTIONS: open, move and end the deadlines of the entries' incidents."""
    declared = [entry for entry in entries if entry.kind == EntryKind.DECLARED]
    if declared:
        deadlines.open_first(declared=[(entry.incident, entry.data.get("audiences")) for entry in declared])
    followed = [entry for entry in entries if entry.kind in _FOLLOWED]
    if not followed:
        return
    now = dbtime.now()
    for reason in sorted(set(_ENDS.values())):
        ended = _incidents(entry for entry in followed if _end_reason(entry) == reason)
        if ended:
            deadlines.end(incidents=ended, reason=reason, now=now)
    reopened = _of_kind(followed, EntryKind.REOPENED)
    if reopened:
        events.owe_again(incidents=reopened, now=now)
    lowered = _incidents(entry for entry in followed if _is_downgrade(entry))
    if lowered:
        events.lower_priority(incidents=lowered, now=now)
    raised = _of_kind([entry for entry in followed if not _is_downgrade(entry)], EntryKind.PRIORITY_CHANGED)
    if raised:
        events.raise_priority(incidents=raised, now=now)
    for within in (cadence.EVENT_WITHIN, cadence.CORRECTION_WITHIN):
        told = _incidents(entry for entry in followed if _tell_within(entry) == within)
        if told:
            events.tell(incidents=told, now=now, within=within)
    handed_over = _of_kind(followed, EntryKind.HANDOVER_ACCEPTED, EntryKind.TAKEOVER)
    if handed_over:
        events.tell(incidents=handed_over, now=now, audiences=_HANDOVER_AUDIENCES)


_FOLLOWED = frozenset(
    {
        EntryKind.STATE_CHANGED,
        EntryKind.CANCELLED,
        EntryKind.REOPENED,
        EntryKind.PRIORITY_CHANGED,
        EntryKind.IMPACT_REVISED,
        EntryKind.HANDOVER_ACCEPTED,
        EntryKind.TAKEOVER,
    }
)


def _incidents(entries: Iterable[TimelineEntry]) -> list[Incident]:
    return list({entry.incident_id: entry.incident for entry in entries}.values())


def _of_kind(entries: Sequence[TimelineEntry], *kinds: EntryKind) -> list[Incident]:
    return _incidents([entry for entry in entries if entry.kind in kinds])


def _end_reason(entry: TimelineEntry) -> EndReason | None:
    if entry.kind == EntryKind.CANCELLED:
        return EndReason.CANCELLED
    if entry.kind == EntryKind.STATE_CHANGED:
        return _ENDS.get(entry.data.get("to"))
    return None


def _is_downgrade(entry: TimelineEntry) -> bool:
    return entry.kind == EntryKind.PRIORITY_CHANGED and downgrades.is_one(entry.data)


def _tell_within(entry: TimelineEntry) -> timedelta | None:
    """How soon audiences hear: restored and a changed impact in ten minutes, what was wrong is corrected in fifteen."""
    if entry.kind == EntryKind.STATE_CHANGED and entry.data.get("to") == IncidentState.MONITORING:
        return cadence.EVENT_WITHIN
    if entry.kind == EntryKind.IMPACT_REVISED:
        is_wrong = entry.data.get("revision_reason") in WRONG_REVISIONS
        return cadence.CORRECTION_WITHIN if is_wrong else cadence.EVENT_WITHIN
    return None
