"""A candidate that nobody decides is not forgotten: after ten minutes everybody who can decide hears of it, once."""

from datetime import datetime, timedelta

from django.db import transaction

from incidents.choices import CandidateState
from incidents.models import Candidate
from incidents.rules import waiting
from incidents.services.desk import desk_events
from incidents.services.desk.desk_events import DeskEvent, DeskEventKind
from mim_portal.lib import alone, dbtime
from mim_portal.models import AuditEntry

BATCH = 200
_LOCK = 0x4D494D43  # any number of its own: overlapping sweeps skip instead of waiting
_FROZEN_AFTER = timedelta(seconds=10)


@transaction.atomic
def sweep() -> int:
    """Alarm for what has waited ten minutes; how many. Safe to run twice, safe to skip."""
    with alone.only_one(lock=_LOCK, silent=_FROZEN_AFTER) as is_ours:
        return len(alarm(now=dbtime.now())) if is_ours else 0


@transaction.atomic
def alarm(*, now: datetime) -> list[Candidate]:
    """Mark undecided candidates older than ten minutes and tell of them, each once. One that is being decided at this
    moment is locked and left out.
    """
    rows = list(
        Candidate.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(state=CandidateState.OPEN, alarmed_at=None, raised_at__lte=now - waiting.ALARM_AFTER)
        .order_by("raised_at", "pk")[:BATCH]
    )
    if not rows:
        return []
    Candidate.objects.filter(pk__in=[row.pk for row in rows]).update(alarmed_at=now)
    for row in rows:
        row.alarmed_at = now
    AuditEntry.objects.bulk_create(AuditEntry(verb="candidate.undecided", subject=row.reference or "") for row in rows)
    desk_events.announce(DeskEvent(kind=DeskEventKind.UNDECIDED, candidates=rows))
    desk_events.changed(*rows)
    return rows
