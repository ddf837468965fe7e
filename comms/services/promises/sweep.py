"""The clock: what is due is claimed, judged again under the lock, recorded, told and marked, many at once.

1. Claim the incidents of due deadlines, skipping those that a verb holds: the incident is locked first, as everywhere.
2. Lock their open deadlines and read the database's clock.
3. Ask the rule about each as it is now: a promise kept in the meantime asks for nothing.
4. Mark every step that is taken and when the next one is due, in one statement.
5. Write timeline entries, notices, messages and deliveries in the same transaction: told once, or not at all.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db import DatabaseError, connection, transaction

from comms.choices import EscalationStep
from comms.models import Audience
from comms.rules.promises import deadlines
from comms.services import heartbeats
from comms.services.telling import notices
from incidents.choices import EntryKind
from incidents.services import timeline
from mim_portal.lib import alone, bulk, dbtime

log = logging.getLogger(__name__)

HEARTBEAT = "sweep_deadlines"
BATCH = 2500
# One for each lane. Overlapping ticks skip: one sweep at a time is enough, and SKIP LOCKED would be safe without it.
ADVISORY_LOCK = 0x6D696D01
# A batch asks the database something every few milliseconds, and within a second or two on a machine that is out of
# breath; one that is silent for longer is frozen. Shorter would end healthy batches when they are needed most.
FROZEN_AFTER = timedelta(seconds=5)

CLAIM = """
SELECT incident.id, incident.reference, incident.last_seq
FROM comms_updatedeadline deadline
JOIN incidents_incident incident ON incident.id = deadline.incident_id
WHERE deadline.kept_at IS NULL AND deadline.ended_at IS NULL AND deadline.next_action_at IS NOT NULL
  AND deadline.next_action_at < statement_timestamp()
ORDER BY deadline.next_action_at
LIMIT %s
FOR NO KEY UPDATE OF incident SKIP LOCKED
"""
_LOCK = """
SELECT id, incident_id, audience_id, opened_at, due_at, missed_at,
       (warned_at IS NOT NULL)::int + 2 * (missed_at IS NOT NULL)::int + 4 * (deputy_told_at IS NOT NULL)::int
       + 8 * (practice_lead_told_at IS NOT NULL)::int
FROM comms_updatedeadline
WHERE incident_id = ANY(%s::bigint[]) AND kept_at IS NULL AND ended_at IS NULL AND next_action_at IS NOT NULL
ORDER BY incident_id, due_at, id
FOR NO KEY UPDATE
"""
_MARK = """
UPDATE comms_updatedeadline deadline SET next_action_at = given.next_action_at,
       warned_at = CASE WHEN given.steps & 1 = 0 THEN warned_at ELSE %s END,
       missed_at = CASE WHEN given.steps & 2 = 0 THEN missed_at ELSE %s END,
       deputy_told_at = CASE WHEN given.steps & 4 = 0 THEN deputy_told_at ELSE %s END,
       practice_lead_told_at = CASE WHEN given.steps & 8 = 0 THEN practice_lead_told_at ELSE %s END
FROM {rows} WHERE deadline.id = given.id
"""


class Claimed(NamedTuple):
    """A locked incident, and the number that its timeline has reached."""

    id: int
    reference: str
    last_seq: int


class Row(NamedTuple):
    """A locked open deadline."""

    id: int
    incident_id: int
    audience_id: int
    opened_at: datetime
    due_at: datetime
    missed_at: datetime | None
    taken: int  # the steps that were taken, as bits

    def rule(self) -> deadlines.Deadline:
        return deadlines.Deadline(
            opened_at=self.opened_at, due_at=self.due_at, missed_at=self.missed_at, done=_DONE[self.taken]
        )


# In the order of the columns of _LOCK and _MARK.
_STEPS = (EscalationStep.WARN, EscalationStep.OVERDUE, EscalationStep.DEPUTY, EscalationStep.PRACTICE_LEAD)
_BITS = {step: 1 << place for place, step in enumerate(_STEPS)}
_DONE = [frozenset(step for step, bit in _BITS.items() if taken & bit) for taken in range(1 << len(_STEPS))]


@dataclass(kw_only=True)
class SweepResult:
    """What one run of the clock did."""

    ran: bool = True  # false where another sweep was running
    batches: int = 0
    took_ms: float = 0.0
    steps: dict[EscalationStep, int] = field(default_factory=lambda: dict.fromkeys(EscalationStep, 0))
    told: int = 0

    def add(self, other: "SweepResult") -> None:
        """What the second lane did."""
        self.batches += other.batches
        self.told += other.told
        for step, count in other.steps.items():
            self.steps[step] += count


class _Judged(NamedTuple):
    row: Row
    steps: tuple[EscalationStep, ...]
    next_action_at: datetime | None


def sweep_deadlines(*, by: str, limit: int = BATCH) -> SweepResult:
    """Take every step of the ladder that is due, in batches, and show that the clock runs.

    Safe to run twice and safe to skip: a step is recorded in the transaction that queues its notices. When a batch is
    full, a second lane with a connection of its own helps: claims skip what the other one holds.
    """
    started = time.monotonic()
    result = SweepResult()
    if _batch(result, lane=0, limit=limit) >= limit:
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="clock-lane") as pool:
            helping = pool.submit(_help, limit=limit)
            _lane(result, lane=0, limit=limit)
        result.add(helping.result())
    result.took_ms = (time.monotonic() - started) * 1000
    if result.ran:
        heartbeats.beat(name=HEARTBEAT, took_ms=result.took_ms, by=by)
    return result


def _help(*, limit: int) -> SweepResult:
    """The second lane; whatever happens to it, the first one goes on and finds what it left."""
    result = SweepResult()
    try:
        _lane(result, lane=1, limit=limit)
    except DatabaseError:
        log.exception("the clock's second lane")
    finally:
        connection.close()
    return result


def _lane(result: SweepResult, *, lane: int, limit: int) -> None:
    while _batch(result, lane=lane, limit=limit) >= limit:
        pass


@transaction.atomic
def _batch(result: SweepResult, *, lane: int, limit: int) -> int:
    """One transaction's worth; how many due deadlines were claimed."""
    with alone.only_one(lock=ADVISORY_LOCK + lane, silent=FROZEN_AFTER) as is_ours:
        if not is_ours:
            result.ran = False
            return 0
        return _take_due(result, limit=limit)


def _take_due(result: SweepResult, *, limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit])
        claimed = cursor.fetchall()
        if not claimed:
            return 0
        incidents = {row[0]: Claimed(*row) for row in claimed}
        cursor.execute(_LOCK, [bulk.literal(incidents)])
        rows = [Row(*row) for row in cursor.fetchall()]
    now = dbtime.now()
    judged = _judge(rows, now=now)
    _mark(judged, now=now)
    _record(judged, incidents, result, now=now)
    result.batches += 1
    return len(claimed)


def _judge(rows: Sequence[Row], *, now: datetime) -> list[_Judged]:
    """The rule's answer for each deadline that has a step to take."""
    judged = []
    for group in _by_incident(rows):
        promises = [row.rule() for row in group]
        for row, promise, steps in zip(group, promises, deadlines.steps_of_incident(promises, now=now), strict=True):
            if steps:
                next_at = deadlines.after_steps(promise, steps=steps, now=now)
                judged.append(_Judged(row, steps, next_at))
    return judged


def _by_incident(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows come in the order of their incidents."""
    for _incident_id, group in groupby(rows, key=itemgetter(1)):
        yield list(group)


def _mark(judged: Sequence[_Judged], *, now: datetime) -> None:
    source, parameters = bulk.unnest(
        {
            "id": ("bigint", [each.row.id for each in judged]),
            "next_action_at": ("timestamptz", [each.next_action_at for each in judged]),
            "steps": ("integer", [sum(_BITS[step] for step in each.steps) for each in judged]),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(_MARK.format(rows=source), [now, now, now, now, *parameters])


def _record(judged: Sequence[_Judged], incidents: dict[int, Claimed], result: SweepResult, *, now: datetime) -> None:
    audiences = Audience.objects.in_bulk()
    steps: dict[tuple[int, EscalationStep], list[Row]] = {}
    missed: dict[tuple[int, datetime], list[Row]] = {}
    for row, taken, _next_at in judged:
        for step in taken:
            steps.setdefault((row.incident_id, step), []).append(row)
            result.steps[step] += 1
            if step == EscalationStep.OVERDUE:
                missed.setdefault((row.incident_id, row.due_at), []).append(row)
    warned = {of: rows for of, rows in steps.items() if of[1] == EscalationStep.WARN}
    timeline.record_many(
        [
            _note(incidents[incident_id], EntryKind.DEADLINE_WARNED, rows, audiences, at=now)
            for (incident_id, _step), rows in warned.items()
        ]
        + [
            _note(incidents[incident_id], EntryKind.DEADLINE_MISSED, rows, audiences, at=due_at)
            for (incident_id, due_at), rows in missed.items()
        ]
    )
    result.told += notices.write(
        steps=[
            notices.Step(
                incident_id,
                step,
                tuple([row.id for row in rows]),
                tuple([(audiences[row.audience_id].name, row.due_at.replace(second=0, microsecond=0)) for row in rows]),
            )
            for (incident_id, step), rows in steps.items()
        ],
        now=now,
    )


def _note(
    incident: Claimed, kind: EntryKind, rows: Sequence[Row], audiences: dict[int, Audience], *, at: datetime
) -> timeline.Note:
    data = {
        "deadlines": [row.id for row in rows],
        "audiences": [audiences[row.audience_id].code for row in rows],
        "due_at": min(row.due_at for row in rows).isoformat(),
    }
    return timeline.Note(incident.id, incident.reference, incident.last_seq, kind, at, data)
