"""A lane for each endpoint: one run at a time, no faster than it bears, paused while it is silent. Mail has its own.

Sending happens between `take` and `leave`, outside any transaction, as with mail (comms.services.sending.delivery).
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from comms.choices import DeliveryState
from comms.models import Delivery, Endpoint
from comms.rules import retrying
from comms.services.sending import delivery, other_ways
from comms.services.sending.delivery import Claimed, Outcome
from mim_portal.lib import dbtime
from teams.models import Person

# Longer than a run and the request that it may be in (see comms.tasks.channels).
BUSY = timedelta(seconds=60)
CHUNK = 25

# Endpoints with something due that nobody serves and that are not paused.
DUE = """
SELECT endpoint.id FROM comms_endpoint endpoint
WHERE endpoint.is_active AND endpoint.is_readers = %s
  AND (endpoint.busy_until IS NULL OR endpoint.busy_until < statement_timestamp())
  AND (endpoint.paused_until IS NULL OR endpoint.paused_until <= statement_timestamp())
  AND EXISTS (
    SELECT 1 FROM comms_delivery delivery
    WHERE delivery.endpoint_id = endpoint.id AND delivery.state IN ('pending', 'failed')
      AND delivery.due_at <= statement_timestamp())
ORDER BY endpoint.id
"""
# What may leave at once: ten seconds' worth, never less than one.
_TAKE = """
UPDATE comms_endpoint SET busy_until = statement_timestamp() + %s * interval '1 second',
    tokens = LEAST(GREATEST(per_minute / 6.0, 1), CASE WHEN tokens_at IS NULL THEN per_minute
        ELSE tokens + per_minute / 60.0 * extract(epoch FROM statement_timestamp() - tokens_at) END),
    tokens_at = statement_timestamp()
WHERE id = %s AND is_active AND (busy_until IS NULL OR busy_until < statement_timestamp())
  AND (paused_until IS NULL OR paused_until <= statement_timestamp())
RETURNING busy_until, tokens
"""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """An endpoint that this run serves."""

    endpoint: Endpoint
    busy_until: datetime
    tokens: float


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run found: how many it tried and how many were taken, the last failure, and whether it ended the run."""

    tried: int = 0
    taken: int = 0
    failure: str = ""
    is_in_trouble: bool = False
    retry_after: float = 0.0


def due(*, of_readers: bool = False) -> list[int]:
    """Endpoints that have work now: the portal's own, or those of subscribers."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [of_readers])
        return [pk for (pk,) in cursor.fetchall()]


@transaction.atomic
def take(endpoint_id: int) -> Lane | None:
    """Serve this endpoint alone for a minute at most; None where another run does, or it is off or paused."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [BUSY.total_seconds(), endpoint_id])
        row = cursor.fetchone()
    if row is None:
        return None
    found = Endpoint.objects.select_related("fallback").get(pk=endpoint_id)
    return Lane(endpoint=found, busy_until=row[0], tokens=float(row[1]))


@transaction.atomic
def mark(lease: uuid.UUID, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of them; what was given up goes another way, in the same transaction."""
    delivery.mark(lease=lease, outcomes=outcomes)
    other_ways.go([one.id for one in outcomes if one.state == DeliveryState.DEAD])


@transaction.atomic
def leave(lane: Lane, result: Result) -> None:
    """Free for the next run; after trouble it is left alone, longer each time."""
    found = Endpoint.objects.select_for_update(no_key=True).get(pk=lane.endpoint.pk)
    now = dbtime.now()
    if result.taken:
        found.last_success_at, found.failures, found.paused_until = now, 0, None
    if result.failure:
        found.last_failure_at, found.last_error = now, result.failure[:500]
        found.failures = min(found.failures + 1, 1000)
    if result.is_in_trouble:
        wait = retrying.after_server_trouble(attempts=found.failures, chance=random.random())  # noqa: S311
        found.paused_until = now + max(wait, timedelta(seconds=result.retry_after))
    found.tokens = lane.tokens - result.tried
    if found.busy_until == lane.busy_until:
        found.busy_until = None
    found.save(
        update_fields=[
            "last_success_at", "failures", "paused_until", "last_failure_at", "last_error", "tokens", "busy_until",
        ]
    )  # fmt: skip


def has_other_way(endpoint: Endpoint, *, delivery_id: int) -> bool:
    """Whether what cannot leave here may reach its reader otherwise."""
    if endpoint.fallback_mail or (endpoint.fallback is not None and endpoint.fallback.is_active):
        return True
    person = Delivery.objects.filter(pk=delivery_id).values("person_id")
    return Person.objects.filter(pk__in=person, is_active=True).exclude(email="").exists()


def later(
    row: Claimed, error: str, *, created_at: datetime, has_other_way: bool, asked_to_wait: float | None = None
) -> Outcome:
    """Not now: again with growing pauses, until it is too old or another way is better. `asked_to_wait` (seconds) is
    of pages, which go another way sooner.
    """
    age, chance = row.claimed_at - created_at, random.random()  # noqa: S311  spreads retries
    if asked_to_wait is None:
        wait = retrying.after_endpoint_trouble(
            attempts=row.attempts, age=age, has_other_way=has_other_way, chance=chance
        )
    else:
        wait = retrying.after_pager_trouble(
            attempts=row.attempts,
            age=age,
            has_other_way=has_other_way,
            asked_to_wait=timedelta(seconds=asked_to_wait),
            chance=chance,
        )
    if wait is None:
        return delivery.refused(row, error)
    return Outcome(id=row.id, state=DeliveryState.FAILED, error=error, wait=wait)
