"""Suggests lapses from the event log: a promise that passed, an update that left with a mistake, an impact that was
wrong, a service that failed again, words that pass blame, a correction that came late; and the moment from which they
may be shown.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from incidents.choices import FINAL_STATES, UNRESTORED_STATES, EntryKind, EntrySource, IncidentState
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from reviews.queries import pursuit
from reviews.services.suggesting import late_updates, messages, showing, wrong


def consume(entries: Sequence[TimelineEntry]) -> None:
    """Follow what the ledger learns from. Safe to repeat."""
    alive = [entry for entry in entries if entry.source != EntrySource.IMPORT]
    now = dbtime.now()
    late_updates.suggest(deadline_ids=_passed(alive), now=now)
    wrong.suggest_language(update_ids=_defective(alive), now=now)
    wrong.suggest_impact(revisions=_revised(alive), now=now)
    wrong.suggest_reopened(entry_ids=[one.pk for one in alive if one.kind == EntryKind.REOPENED], now=now)
    wrong.suggest_not_asked(update_ids=_second(alive), now=now)
    messages.suggest_words(update_ids=_worded(alive), now=now)
    messages.suggest_corrections(incident_ids=_ended(alive), now=now)
    showing.show_after_restoration(incident_ids=_restored(alive), now=now)


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
    """Updates in which a mistake was found after they left, and those that may have left with one: the service reads
    what it was.
    """
    found = [int(entry.data["update"]) for entry in entries if entry.kind == EntryKind.UPDATE_DEFECT_FOUND]
    return found + _worded(entries)


def _revised(entries: Iterable[TimelineEntry]) -> list[tuple[int, int]]:
    """Versions of the impact, each by incident and number: the service asks whether the one before was wrong."""
    return [(one.incident_id, int(one.data["version"])) for one in entries if one.kind == EntryKind.IMPACT_REVISED]


def _second(entries: Iterable[TimelineEntry]) -> list[int]:
    """Second updates: by then a fact that was missing at hand-over should have been asked for."""
    published = (one for one in entries if one.kind == EntryKind.UPDATE_PUBLISHED)
    return [int(one.data["update"]) for one in published if one.data.get("sequence") == pursuit.SECOND]


def _worded(entries: Iterable[TimelineEntry]) -> list[int]:
    """Updates that left, and those that were corrected or taken back: a reason for their words holds no longer."""
    kinds = {EntryKind.UPDATE_PUBLISHED, EntryKind.UPDATE_CORRECTED, EntryKind.UPDATE_WITHDRAWN}
    return [int(entry.data["update"]) for entry in entries if entry.kind in kinds and "update" in entry.data]


def _ended(entries: Iterable[TimelineEntry]) -> list[int]:
    """Incidents that were resolved, closed or cancelled, and those that something was corrected in after that."""
    moved = {EntryKind.STATE_CHANGED, EntryKind.CANCELLED, EntryKind.UPDATE_CORRECTED, EntryKind.UPDATE_WITHDRAWN}
    touched = {entry.incident_id for entry in entries if entry.kind in moved}
    ended = Incident.objects.filter(pk__in=touched, state__in=FINAL_STATES | {IncidentState.RESOLVED})
    return sorted(ended.values_list("pk", flat=True)) if touched else []


def _restored(entries: Iterable[TimelineEntry]) -> list[int]:
    return [
        entry.incident_id
        for entry in entries
        if entry.kind == EntryKind.CANCELLED
        or (entry.kind == EntryKind.STATE_CHANGED and entry.data.get("to") not in UNRESTORED_STATES)
    ]
