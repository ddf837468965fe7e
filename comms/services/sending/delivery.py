"""Claiming what is due under a lease and marking what became of it. Sending happens between the two, outside any
transaction: a killed worker loses nothing and repeats at most what it held.
"""

import random
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from comms.choices import DeliveryState
from comms.rules import retrying
from comms.services import tallies
from mim_portal.lib import bulk

# Longer than a chunk can take: the run stops sending well before (see comms.tasks.deliver).
LEASE = timedelta(seconds=60)
CHUNK = 100
# Notices to those who can still keep a promise leave before everything else.
NOTICE_POSITION = 0

_RECLAIM = """
UPDATE comms_delivery SET state = 'failed', lease = NULL, leased_until = NULL, due_at = statement_timestamp(),
       last_error = 'The worker that sent it stopped.'
WHERE state = 'sending' AND leased_until < statement_timestamp()
"""
# Whoever claims says which lane is due; what is held, and what is told of it, is the same for all.
_CLAIM = """
WITH due AS (
    SELECT id FROM comms_delivery
    WHERE {lane} AND state IN ('pending', 'failed') AND due_at <= statement_timestamp()
    ORDER BY position, due_at
    LIMIT %s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE comms_delivery delivery
SET state = 'sending', lease = %s, leased_until = statement_timestamp() + %s * interval '1 second',
    attempts = attempts + 1
FROM due
WHERE delivery.id = due.id
RETURNING delivery.position, delivery.id, delivery.message_id, delivery.address, delivery.attempts,
          statement_timestamp()
"""
CLAIM_MAIL = _CLAIM.format(lane="channel = 'email' AND position <= %s")
CLAIM_OF_ENDPOINT = _CLAIM.format(lane="endpoint_id = %s")
_MARK = """
UPDATE comms_delivery delivery
SET state = given.state, last_error = given.error, lease = NULL, leased_until = NULL,
    attempts = attempts - given.untried,
    sent_at = CASE WHEN given.state = 'sent' THEN statement_timestamp() END,
    due_at = statement_timestamp() + given.wait * interval '1 second'
FROM {rows}
WHERE delivery.id = given.id AND delivery.lease = %s
RETURNING given.state, given.untried
"""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """One delivery held under a lease."""

    id: int
    message_id: int
    address: str
    attempts: int  # this one included
    claimed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """What one lease holds, in the order in which copies leave."""

    lease: uuid.UUID
    rows: Sequence[Claimed]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one delivery; `wait` until it is due again where it failed."""

    id: int
    state: DeliveryState
    error: str = ""
    wait: timedelta = timedelta()
    was_tried: bool = True


@transaction.atomic
def reclaim() -> int:
    """Deliveries whose lease ran out are due again; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_RECLAIM)
        count: int = cursor.rowcount
    return count


@transaction.atomic
def claim(*, limit: int = CHUNK, notices_only: bool = False) -> Chunk:
    """Take due deliveries that nobody else holds, the desk's and the urgent first, and hold them for a minute."""
    return _hold(CLAIM_MAIL, NOTICE_POSITION if notices_only else 32767, limit=limit)


@transaction.atomic
def claim_of_endpoint(endpoint_id: int, *, limit: int) -> Chunk:
    """The same of what is due for one endpoint."""
    return _hold(CLAIM_OF_ENDPOINT, endpoint_id, limit=limit)


def _hold(statement: str, lane: int, *, limit: int) -> Chunk:
    lease = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(statement, [lane, limit, lease, LEASE.total_seconds()])
        rows = sorted(cursor.fetchall())
    return Chunk(
        lease=lease,
        rows=[
            Claimed(id=pk, message_id=message, address=address, attempts=attempts, claimed_at=at)
            for _position, pk, message, address, attempts, at in rows
        ],
    )


@transaction.atomic
def mark(*, lease: uuid.UUID, outcomes: Iterable[Outcome]) -> int:
    """Write down what became of the lease's deliveries, in one statement; how many were still held."""
    given = list(outcomes)
    source, parameters = bulk.unnest(
        {
            "id": ("bigint", [each.id for each in given]),
            "state": ("text", [each.state.value for each in given]),
            "error": ("text", [each.error[:500] for each in given]),
            "wait": ("double precision", [each.wait.total_seconds() for each in given]),
            "untried": ("smallint", [0 if each.was_tried else 1 for each in given]),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(_MARK.format(rows=source), [*parameters, lease])
        marked = cursor.fetchall()
    tallies.add(Counter(f"deliveries.{state}" for state, untried in marked if not untried))
    return len(marked)


def sent(row: Claimed) -> Outcome:
    """The server took it."""
    return Outcome(id=row.id, state=DeliveryState.SENT)


def refused(row: Claimed, error: str) -> Outcome:
    """The server will never take it."""
    return Outcome(id=row.id, state=DeliveryState.DEAD, error=error)


def mailbox_trouble(row: Claimed, error: str, *, created_at: datetime) -> Outcome:
    """The mailbox said not now: later again, until the message is too old to matter."""
    wait = retrying.after_mailbox_trouble(
        attempts=row.attempts,
        age=row.claimed_at - created_at,
        chance=random.random(),  # noqa: S311  spreads retries
    )
    if wait is None:
        return refused(row, error)
    return Outcome(id=row.id, state=DeliveryState.FAILED, error=error, wait=wait)


def server_trouble(row: Claimed, error: str) -> Outcome:
    """The server is not there: soon again, and never given up for that."""
    wait = retrying.after_server_trouble(attempts=row.attempts, chance=random.random())  # noqa: S311  spreads retries
    return Outcome(id=row.id, state=DeliveryState.FAILED, error=error, wait=wait)


def untried(row: Claimed) -> Outcome:
    """There was no time: back as if never claimed."""
    return Outcome(id=row.id, state=DeliveryState.PENDING, was_tried=False)
