"""What left before the language checker could read it is read as soon as the checker answers.

A defect found then is stored with the update, is corrected by a person, and is suggested as a lapse in private
(DESIGN 1a): nothing is changed or sent from here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from comms.models import Finding, Update
from comms.queries.writing import facts
from comms.services.writing import checking, readers
from incidents.choices import EntryKind, EntrySource
from incidents.services import locking, timeline
from mim_portal.lib import nudge

NOT_LONGER_THAN = timedelta(days=7)


@dataclass(frozen=True)
class Rechecked:
    """How many sent updates were read, and how many of them have a defect that a check before would have stopped."""

    read: int
    defective: int


def recheck(*, now: datetime, limit: int = 20) -> Rechecked:
    """Read what was sent unread, oldest first; stops at once while the checker is still down."""
    waiting = (
        Update.objects.filter(language_checked=False, published_at__gt=now - NOT_LONGER_THAN)
        .select_related("incident__service")
        .prefetch_related("audiences")
        .order_by("published_at")[:limit]
    )
    read = defective = 0
    for update in waiting:
        found = checking.language_of(facts.drafts_of(update, incident=update.incident, now=now)[1])
        if found is None:
            break
        rows = [checking.row_of(update, each, content_hash=update.published_hash, after_sending=True) for each in found]
        if _store(update, rows, now=now):
            read += 1
            defective += any(row.is_blocking for row in rows)
    return Rechecked(read=read, defective=defective)


@transaction.atomic
def _store(update: Update, rows: list[Finding], *, now: datetime) -> bool:
    """Keep what was found, once, whoever else reads the same update at this moment."""
    update.incident = locking.lock_by_id(update.incident_id)
    unread = Update.objects.select_for_update(no_key=True).filter(pk=update.pk, language_checked=False)
    if unread.first() is None:
        return False
    Update.objects.filter(pk=update.pk).update(language_checked=True, language_checked_at=now)
    Finding.objects.filter(update=update, code=checking.LANGUAGE, rule=checking.UNAVAILABLE).delete()
    Finding.objects.bulk_create(rows)
    defects = [row for row in rows if row.is_blocking]
    if defects:
        _tell(update, defects, now=now)
    else:
        incident = update.incident
        nudge.live(reference=incident.reference, kind="update_checked", seq=incident.last_seq, panels=("updates",))
    return True


def _tell(update: Update, defects: list[Finding], *, now: datetime) -> None:
    """The record says so, once an update, in numbers only; whoever sent it and the manager are asked to correct it."""
    entry = timeline.Entry(
        kind=EntryKind.UPDATE_DEFECT_FOUND,
        at=now,
        source=EntrySource.SYSTEM,
        data={
            "update": update.pk,
            "sequence": update.sequence,
            "audiences": [audience.code for audience in update.audiences.all()],
            "found": len(defects),
        },
    )
    timeline.append(incident=update.incident, entries=[entry])
    readers.tell_defect(update, defects)
