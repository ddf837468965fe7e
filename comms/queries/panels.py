"""What the room shows of promises and updates, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from comms.choices import UpdateState
from comms.models import Finding, Update, UpdateDeadline
from comms.queries.promises import owing
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import updates as update_queries
from comms.rules.promises import cadence, deadlines
from incidents.models import Incident
from mim_portal.lib import prepared


@dataclass(frozen=True, kw_only=True)
class NextPromise:
    """The promise that is due first, and who is served by the same message."""

    deadline: UpdateDeadline
    names: tuple[str, ...]
    same_beat: tuple[UpdateDeadline, ...]
    later: tuple[UpdateDeadline, ...]
    late_by: timedelta
    warned_at: datetime
    interval_seconds: int
    used_seconds: int

    @property
    def is_late(self) -> bool:
        return self.late_by > timedelta(0)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(row.audience.code for row in (self.deadline, *self.same_beat))


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How many promises were kept on time, of those that fell due."""

    on_time: int
    due: int


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """A text that has not left yet."""

    update: Update
    is_checked: bool
    stopped_by: int


@dataclass(frozen=True, kw_only=True)
class SentLine:
    """A message that left. `to_correct`: it left unread, has a mistake, and no correction went out yet."""

    update: Update
    sent: update_queries.Sent
    to_correct: bool = False


def asks(*, incident: Incident, now: datetime) -> list[prepared.Ask]:
    """What the line of promises asks of the incident alone, to be asked together."""
    return [
        audience_queries.ask(incident=incident),
        _kept.ask(incident=incident, now=now),
        *owing.asks(incident=incident),
    ]


def next_promise(incident: Incident, *, now: datetime) -> NextPromise | None:
    """The next due promise of the incident; None while nobody is owed an update."""
    rows = audience_queries.promised(incident)
    if not rows:
        return None
    first, rest = rows[0], rows[1:]
    last = cadence.beat_ends(first_due=first.due_at, now=now)
    beat = tuple(row for row in rest if row.due_at <= last)
    interval = max(int((first.due_at - first.opened_at).total_seconds()), 1)
    return NextPromise(
        deadline=first,
        names=tuple(row.audience.name for row in (first, *beat)),
        same_beat=beat,
        later=tuple(row for row in rest if row.due_at > last),
        late_by=deadlines.lateness(due_at=first.due_at, published_at=None, now=now),
        warned_at=deadlines.warn_at(opened_at=first.opened_at, due_at=first.due_at),
        interval_seconds=interval,
        used_seconds=min(max(int((now - first.opened_at).total_seconds()), 0), interval),
    )


def kept(incident: Incident, *, now: datetime) -> Kept:
    """Promises that fell due or were kept before that; what ended in time was never broken and is not counted."""
    counted = _kept.first(incident=incident, now=now)
    return Kept(on_time=counted["on_time"], due=counted["due"]) if counted else Kept(on_time=0, due=0)


@prepared.query
def _kept(*, incident: int, now: datetime) -> QuerySet[Any, Any]:
    fell_due = Q(kept_at__isnull=False) | Q(ended_at__gt=F("due_at")) | Q(ended_at=None, due_at__lt=now)
    on_time = Q(kept_at__lte=F("due_at"))
    counted = UpdateDeadline.objects.filter(incident=incident).values("incident")
    return counted.annotate(on_time=Count("pk", filter=on_time), due=Count("pk", filter=fell_due))


def draft_lines(incident: Incident) -> list[DraftLine]:
    """What is being written, newest first."""
    drafts = update_queries.last_drafts_few(incident=incident)
    stopped = _stopped_by(drafts)
    return [
        DraftLine(
            update=update,
            is_checked=update.checked_hash == update_queries.content_hash(update),
            stopped_by=stopped.get(update.pk, 0),
        )
        for update in drafts
    ]


def sent_lines(incident: Incident) -> list[SentLine]:
    """The last messages with how far their deliveries have come."""
    sent = update_queries.last_published_few(incident=incident)
    progress = update_queries.deliveries(sent)
    return [
        SentLine(
            update=update,
            sent=progress.get(update.pk, update_queries.Sent(0, 0, 0)),
            to_correct=update.state == UpdateState.PUBLISHED and bool(getattr(update, "has_defect", False)),
        )
        for update in sent
    ]


def _stopped_by(drafts: Sequence[Update]) -> dict[int, int]:
    if not drafts:
        return {}
    rows = Finding.objects.filter(
        update__in=drafts, content_hash=F("update__checked_hash"), is_blocking=True, override_reason=""
    )
    return {row["update_id"]: row["n"] for row in rows.values("update_id").annotate(n=Count("pk"))}
