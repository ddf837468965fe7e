"""A team that is asked for help is called and paged in the transaction that asks it; pagers hear what became of it."""

from collections.abc import Sequence
from typing import Final

from comms.services.paging import leaving
from comms.services.telling import calls
from incidents.choices import EntryKind, IncidentState
from incidents.models import TimelineEntry

_ANSWERED: Final = frozenset(
    {EntryKind.ENGAGEMENT_ACKNOWLEDGED, EntryKind.ENGAGEMENT_JOINED, EntryKind.ENGAGEMENT_USEFUL_ACTION}
)
_ENDED: Final = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED})


def react(entries: Sequence[TimelineEntry]) -> None:
    """New calls, calls that are repeated, answered or over."""
    for kind in (EntryKind.ENGAGEMENT_ASKED, EntryKind.ENGAGEMENT_ASKED_AGAIN):
        asked = [entry for entry in entries if entry.kind == kind]
        if asked:
            ids, again = [entry.data["engagement"] for entry in asked], kind == EntryKind.ENGAGEMENT_ASKED_AGAIN
            now = max(entry.at for entry in asked)
            calls.enqueue(engagement_ids=ids, again=again, now=now)
            leaving.call(engagement_ids=ids, again=again, now=now)
    for entry in entries:
        if entry.kind in _ANSWERED:
            leaving.answered(engagement_ids=[entry.data["engagement"]], by=entry.actor_id)
        elif entry.kind == EntryKind.ENGAGEMENT_RELEASED:
            leaving.over(engagement_ids=[entry.data["engagement"]], by=entry.actor_id)
    ended = [entry for entry in entries if _ends(entry)]
    if ended and (calls_left := leaving.open_calls({entry.incident_id for entry in ended})):
        leaving.over(engagement_ids=calls_left, by=ended[-1].actor_id)


def _ends(entry: TimelineEntry) -> bool:
    return entry.kind == EntryKind.CANCELLED or (
        entry.kind == EntryKind.STATE_CHANGED and entry.data.get("to") in _ENDED
    )
