"""Suggests lapses from the event log: a promise that passed, an update that left with a mistake, and the moment from
which they may be shown.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from incidents.choices import UNRESTORED_STATES, EntryKind, EntrySource
from incidents.models import TimelineEntry
from mim_portal.lib import dbtime
from reviews.services import suggestions


def consume(entries: Sequence[TimelineEntry]) -> None:
    """Follow missed and late promises, mistakes found in sent updates, and restorations. Safe to repeat."""
    alive = [entry for entry in entries if entry.source != EntrySource.IMPORT]
    now = dbtime.now()
    suggestions.suggest_late_updates(deadline_ids=_passed(alive), now=now)
    suggestions.suggest_language_defects(update_ids=_defective(alive), now=now)
    suggestions.show_after_restoration(incident_ids=_restored(alive), now=now)


def _passed(entries: Iterable[TimelineEntry]) -> list[int]:
    """Deadlines that an entry calls missed, and those that a publication kept: the service asks whether in time."""
    found: list[Any] = []
    for entry in entries:
        if entry.kind == EntryKind.DEADLINE_MISSED:
            found += entry.data.get("deadlines", [])
        elif entry.kind == EntryKind.UPDATE_PUBLISHED:
            found += entry.data.get("kept", [])
    return [int(number) for number in found]


def _defective(entries: Iterable[TimelineEntry]) -> list[int]:
    """Updates in which a mistake was found after they left: the service reads what it was."""
    return [int(entry.data["update"]) for entry in entries if entry.kind == EntryKind.UPDATE_DEFECT_FOUND]


def _restored(entries: Iterable[TimelineEntry]) -> list[int]:
    return [
        entry.incident_id
        for entry in entries
        if entry.kind == EntryKind.CANCELLED
        or (entry.kind == EntryKind.STATE_CHANGED and entry.data.get("to") not in UNRESTORED_STATES)
    ]
