"""The timeline is the event log: every verb appends what it did, and whoever reacts reads it from there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DEFERRED

from incidents.choices import EntryKind, EntrySource
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import bulk, hooks, nudge

# Which panels of the room show a kind of entry; the timeline itself shows all of them.
PANELS: dict[str, tuple[str, ...]] = {
    EntryKind.DECLARED: ("header", "impact", "updates"),
    EntryKind.STATE_CHANGED: ("header", "next", "updates"),
    EntryKind.REOPENED: ("header", "next", "updates"),
    EntryKind.CANCELLED: ("header", "next", "updates"),
    EntryKind.DETAILS_CHANGED: ("header",),
    EntryKind.PRIORITY_CHANGED: ("header", "next", "updates", "roles"),
    EntryKind.IMPACT_STATED: ("impact",),
    EntryKind.IMPACT_REVISED: ("impact", "next"),
    EntryKind.TIME_RECORDED: ("header",),
    EntryKind.DESK_REPORT_ADDED: ("impact",),
    EntryKind.COMMAND_STARTED: ("header",),
    EntryKind.HANDOVER_OFFERED: ("header",),
    EntryKind.HANDOVER_ACCEPTED: ("header", "next", "roles"),
    EntryKind.HANDOVER_DECLINED: ("header",),
    EntryKind.HANDOVER_WITHDRAWN: ("header",),
    EntryKind.TAKEOVER: ("header", "next", "roles"),
    EntryKind.ROLE_ASSIGNED: ("roles",),
    EntryKind.ROLE_ENDED: ("roles",),
    EntryKind.COMMITMENT_MADE: ("roles", "teams"),
    EntryKind.COMMITMENT_KEPT: ("roles", "teams"),
    **dict.fromkeys((kind for kind in EntryKind if kind.startswith(("task", "decision", "workstream"))), ("work",)),
    **dict.fromkeys((kind for kind in EntryKind if kind.startswith("hypothesis")), ("work",)),
    EntryKind.HYPOTHESIS_CONFIRMED: ("work", "header"),
    EntryKind.FILE_ATTACHED: ("files",),
    EntryKind.FILE_REMOVED: ("files",),
    EntryKind.DESK_ANSWERED: ("questions",),
    EntryKind.UPDATE_PUBLISHED: ("next", "updates"),
    EntryKind.UPDATE_CORRECTED: ("next", "updates"),
    EntryKind.UPDATE_WITHDRAWN: ("next", "updates"),
    EntryKind.UPDATE_SCHEDULED: ("updates",),
    EntryKind.UPDATE_UNSCHEDULED: ("updates",),
    EntryKind.UPDATE_HELD: ("updates",),
    EntryKind.UPDATE_DEFECT_FOUND: ("updates",),
    EntryKind.DEADLINE_OPENED: ("next",),
    EntryKind.DEADLINE_WARNED: ("next",),
    EntryKind.DEADLINE_MISSED: ("next", "updates"),
    EntryKind.DEADLINE_KEPT: ("next",),
    EntryKind.DEADLINE_ENDED: ("next",),
    EntryKind.DEADLINE_REPAIRED: ("next",),
    **dict.fromkeys((kind for kind in EntryKind if kind.startswith(("cadence", "waiting"))), ("next",)),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a verb appends: kind, when it happened, who did it (None: the portal), words, and plain data.

    `data` holds references and numbers only; people by id, never by name.
    """

    kind: EntryKind
    at: datetime
    actor_id: int | None = None
    source: EntrySource = EntrySource.PERSON
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


# Primary key, number, incident and what was said.
Written = tuple[int, int, Incident, Entry]


def append(*, incident: Incident, entries: Sequence[Entry]) -> list[TimelineEntry]:
    """Write the entries of one locked incident and let the reactions follow in the same transaction."""
    return append_many([(incident, entry) for entry in entries])


def append_many(pairs: Sequence[tuple[Incident, Entry]]) -> list[TimelineEntry]:
    """Write entries of several locked incidents, a fixed number of statements whatever their number.

    Reactions (settings.TIMELINE_REACTIONS) are called once with all new entries; imported entries cause none, get no
    dispatch row and wake nobody.
    """
    written = _written(pairs)
    rows = [_entry_row(*each) for each in written]
    alive = [row for row in rows if row.source != EntrySource.IMPORT]
    for react in hooks.registered("TIMELINE_REACTIONS") if alive else ():
        react(alive)
    _announce(written)
    return rows


class Note(NamedTuple):
    """What the clock notes about one locked incident; `last_seq` is the number its timeline has reached."""

    incident_id: int
    reference: str
    last_seq: int
    kind: EntryKind
    at: datetime
    data: dict[str, Any]


_RECORD = f"""
WITH given AS (
    SELECT incident_id, seq, kind, at, data FROM {{rows}}
), counted AS (
    UPDATE incidents_incident SET last_seq = reached.seq
    FROM (SELECT incident_id, max(seq) AS seq FROM given GROUP BY incident_id) AS reached
    WHERE incidents_incident.id = reached.incident_id
), written AS (
    INSERT INTO incidents_timelineentry (incident_id, seq, kind, source, at, text, data)
    SELECT incident_id, seq, kind, '{EntrySource.SYSTEM.value}', at, '', data FROM given
    RETURNING id
)
INSERT INTO incidents_timelinedispatch (entry_id, done, attempts, due_at, last_error)
SELECT id, '{{{{}}}}', 0, statement_timestamp(), '' FROM written
"""  # noqa: S608 -- a constant


def record_many(notes: Sequence[Note]) -> None:
    """Write what the clock notes about many incidents at once, in one statement: nothing reacts in its transaction,
    and those who read the log a second later get it as always.
    """
    if not notes:
        return
    reached: dict[int, int] = {}
    numbers = []
    for note in notes:
        seq = reached[note.incident_id] = reached.get(note.incident_id, note.last_seq) + 1
        numbers.append(seq)
    source, parameters = bulk.unnest(
        {
            "incident_id": ("bigint", [note.incident_id for note in notes]),
            "seq": ("integer", numbers),
            "kind": ("text", [note.kind.value for note in notes]),
            "at": ("timestamptz", [note.at for note in notes]),
            "data": ("jsonb", [note.data for note in notes]),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(_RECORD.format(rows=source), parameters)
    _tell_rooms((note.incident_id, note.reference, note.kind, seq) for note, seq in zip(notes, numbers, strict=True))


def _written(pairs: Sequence[tuple[Incident, Entry]]) -> list[Written]:
    """Give every entry its number, write them all, and say under which key and number each was written."""
    numbers = []
    for incident, _ in pairs:
        incident.last_seq += 1
        numbers.append(incident.last_seq)
    if not pairs:
        return []
    _give_numbers({incident.pk: incident for incident, _ in pairs}.values())
    keys = _write(pairs, numbers)
    return [
        (keys[incident.pk, seq], seq, incident, entry) for (incident, entry), seq in zip(pairs, numbers, strict=True)
    ]


def _give_numbers(incidents: Iterable[Incident]) -> None:
    numbers = {incident.pk: incident.last_seq for incident in incidents}
    source, parameters = bulk.unnest({"pk": ("bigint", list(numbers)), "seq": ("integer", list(numbers.values()))})
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE incidents_incident SET last_seq = given.seq FROM {source} WHERE id = given.pk",  # noqa: S608
            parameters,
        )


_WRITE = """
WITH written AS (
    INSERT INTO incidents_timelineentry (incident_id, seq, kind, source, at, actor_id, text, data)
    SELECT incident_id, seq, kind, source, at, actor_id, text, data FROM {rows}
    RETURNING id, incident_id, seq, source
), dispatched AS (
    INSERT INTO incidents_timelinedispatch (entry_id, done, attempts, due_at, last_error)
    SELECT id, '{{}}', 0, statement_timestamp(), '' FROM written WHERE source <> 'import'
)
SELECT incident_id, seq, id FROM written
"""


def _write(pairs: Sequence[tuple[Incident, Entry]], numbers: Sequence[int]) -> dict[tuple[int, int], int]:
    """The rows and a dispatch row for each that somebody has to read, in one statement; keys by incident and number."""
    source, parameters = bulk.unnest(
        {
            "incident_id": ("bigint", [incident.pk for incident, _ in pairs]),
            "seq": ("integer", numbers),
            "kind": ("text", [entry.kind.value for _, entry in pairs]),
            "source": ("text", [entry.source.value for _, entry in pairs]),
            "at": ("timestamptz", [entry.at for _, entry in pairs]),
            "actor_id": ("bigint", [entry.actor_id for _, entry in pairs]),
            "text": ("text", [entry.text for _, entry in pairs]),
            "data": ("jsonb", [entry.data for _, entry in pairs]),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(rows=source), parameters)
        return {(incident_id, seq): pk for incident_id, seq, pk in cursor.fetchall()}


def _entry_row(pk: int, seq: int, incident: Incident, entry: Entry) -> TimelineEntry:
    """The written row without reading it back; `recorded_at` is the database's and is loaded when asked for."""
    known = {
        "id": pk,
        "incident_id": incident.pk,
        "seq": seq,
        "kind": entry.kind,
        "source": entry.source,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "text": entry.text,
        "data": entry.data,
    }
    row = TimelineEntry.from_db(connection.alias, _COLUMNS, [known.get(column, DEFERRED) for column in _COLUMNS])
    row._state.fields_cache["incident"] = incident
    return row


_COLUMNS = [each.attname for each in TimelineEntry._meta.concrete_fields]


def _announce(written: Sequence[Written]) -> None:
    _tell_rooms(
        (incident.pk, incident.reference, entry.kind, seq)
        for _pk, seq, incident, entry in written
        if entry.source != EntrySource.IMPORT
    )


def _tell_rooms(changes: Iterable[tuple[int, str, EntryKind, int]]) -> None:
    """One event a room: its latest kind and number, and every panel that shows what happened."""
    latest: dict[int, tuple[str, EntryKind, int, frozenset[str]]] = {}
    for incident_id, reference, kind, seq in changes:
        panels = _panels(kind)
        before = latest.get(incident_id)
        latest[incident_id] = (reference, kind, seq, before[3] | panels if before else panels)
    nudge.live_many(latest.values())


@cache
def _panels(kind: EntryKind) -> frozenset[str]:
    shown = {*PANELS.get(kind, ()), "timeline"}
    return frozenset(shown | {"teams", "work"} if kind.startswith("engagement") else shown)
