"""Gives the log to whoever may follow a second later; their bugs can delay themselves, never an incident.

Readers are settings.TIMELINE_CONSUMERS: callables that take a list of entries, in one transaction with the mark that
they have read them. A batch that fails is tried entry by entry, so that one bad entry cannot hold up the others.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from incidents.models import TimelineDispatch, TimelineEntry
from mim_portal.lib import alone, dbtime, hooks
from mim_portal.models import Heartbeat

log = logging.getLogger(__name__)

NAME = "sweep_timeline"
BATCH = 500
MOST_ATTEMPTS = 10
LONGEST_WAIT = timedelta(minutes=5)
_LOCK = 0x4D494D54  # any number of its own: overlapping sweeps skip instead of waiting
_FROZEN_AFTER = timedelta(seconds=10)  # far more than any reader's arithmetic between two queries

Consumer = Callable[[list[TimelineEntry]], None]


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one sweep did; `skipped` means that another one was running."""

    finished: int = 0
    failed: int = 0
    skipped: bool = False


@transaction.atomic
def sweep(*, limit: int = BATCH) -> Swept:
    """Claim due rows, let each reader read what it has not read, delete rows that all have read.

    Safe to run twice and safe to skip. A row whose reader keeps failing waits longer each time and stays after ten
    attempts with its last error, for somebody to look at.
    """
    with alone.only_one(lock=_LOCK, silent=_FROZEN_AFTER) as is_ours:
        return _feed_due(limit=limit) if is_ours else Swept(skipped=True)


def _feed_due(*, limit: int) -> Swept:
    rows = list(
        TimelineDispatch.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(due_at__lte=Now(), attempts__lt=MOST_ATTEMPTS)
        .select_related("entry__incident")
        .order_by("entry_id")[:limit]
    )
    errors: dict[int, str] = {}
    consumers = dict(zip(settings.TIMELINE_CONSUMERS, hooks.registered("TIMELINE_CONSUMERS"), strict=True))
    for name, consume in consumers.items():
        unread = [row for row in rows if name not in row.done]
        errors |= _feed(name, consume, unread)
    done = [row.pk for row in rows if row.pk not in errors]
    TimelineDispatch.objects.filter(pk__in=done).delete()
    _postpone([row for row in rows if row.pk in errors], errors)
    _beat()
    return Swept(finished=len(done), failed=len(errors))


def _feed(name: str, consume: Consumer, rows: Sequence[TimelineDispatch]) -> dict[int, str]:
    """Give the rows to one reader; returns those that it could not read, with why."""
    if not rows:
        return {}
    error = _read(name, consume, rows)
    if error is None or len(rows) == 1:
        return {rows[0].pk: error} if error else {}
    each = {row.pk: _read(name, consume, [row]) for row in rows}
    return {pk: error for pk, error in each.items() if error is not None}


def _read(name: str, consume: Consumer, rows: Sequence[TimelineDispatch]) -> str | None:
    """One reader, some rows, one savepoint: what it wrote and the mark stand or fall together."""
    try:
        with transaction.atomic():
            consume([row.entry for row in rows])
    except Exception as error:  # whatever a reader raises, the others go on
        log.exception("%s could not read %d timeline entries", name, len(rows))
        return f"{name}: {type(error).__name__}: {error}"[:2000]
    for row in rows:
        row.done.append(name)
    return None


def _postpone(rows: Sequence[TimelineDispatch], errors: dict[int, str]) -> None:
    """Wait 2, 4, 8 … seconds, never more than five minutes."""
    if not rows:
        return
    now = dbtime.now()
    for row in rows:
        row.attempts += 1
        row.last_error = errors[row.pk]
        row.due_at = now + min(timedelta(seconds=2**row.attempts), LONGEST_WAIT)
    TimelineDispatch.objects.bulk_update(rows, ["attempts", "last_error", "due_at", "done"])


def _beat() -> None:
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=NAME, beat_at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )
