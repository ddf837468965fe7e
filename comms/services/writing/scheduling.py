"""Updates that leave at a time which a person chose: checked again then as they stand, and held where facts moved.

It is that person's act: they stand for the words, for the time, and for what they knew (decision 0044). A text is
never sent silently after the facts changed, and never forgotten: what is held is told, and stays in sight.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from comms.choices import UpdateKind
from comms.models import Update
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import updates as update_queries
from comms.rules import scheduling
from comms.services.writing import checking, publishing, readers, updates
from incidents.choices import EntryKind, EntrySource
from incidents.models import Incident
from incidents.queries import impact, visibility
from incidents.services import timeline
from mim_portal.lib import dbtime, times
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person
from teams.rules import roles

log = logging.getLogger(__name__)
MOST_A_TICK = 50

# The incident first, as everywhere; what another transaction holds is taken at the next tick.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id, incident_id, publish_at FROM comms_update
    WHERE publish_at IS NOT NULL AND held_at IS NULL AND published_at IS NULL AND publish_at <= statement_timestamp()
    ORDER BY publish_at LIMIT 50
)
SELECT due.id, incident.id FROM due JOIN incidents_incident incident ON incident.id = due.incident_id
ORDER BY due.publish_at LIMIT 1
FOR NO KEY UPDATE OF incident SKIP LOCKED
"""


class CannotWait(Refusal):
    """This kind of update is never written ahead."""

    code = "cannot_wait"


def schedule(
    *,
    update_id: int,
    person: Person,
    publish_at: datetime,
    after_deadline: bool = False,
    overrides: Sequence[Mapping[str, str]] = (),
    now: datetime,
) -> Update:
    """Let the text leave at `publish_at`, if it could leave now: checked as it stands, read by whoever has to read it.

    Later than a promise to its readers only where `after_deadline` says so.
    """
    reasons = publishing.reasons_by_code(overrides)
    update = updates.find(update_id=update_id, person=person)
    updates.refuse_sent(update)
    if not scheduling.can_wait(update.kind):
        raise CannotWait(
            _("An initial or holding update says how things stand at that moment: send it then, by hand."),
            field="publish_at",
        )
    checking.ensure_checked(update=update, person=person, now=now)
    return _schedule(
        update_id=update_id, person=person, publish_at=publish_at, after_deadline=after_deadline, reasons=reasons
    )


@transaction.atomic
def _schedule(
    *, update_id: int, person: Person, publish_at: datetime, after_deadline: bool, reasons: Mapping[str, str]
) -> Update:
    update = updates.lock(update_id=update_id, person=person)
    updates.refuse_sent(update)
    at = dbtime.now()
    codes = {audience.code for audience in update.audiences.all()}
    due = [row.due_at for row in audience_queries.promised(update.incident) if row.audience.code in codes]
    objection = scheduling.objection(
        publish_at=publish_at,
        next_update_at=update.next_update_at,
        earliest_due_at=min(due, default=None),
        after_deadline=after_deadline,
        now=at,
        tz=timezone.get_current_timezone(),
    )
    if objection:
        raise Invalid(objection, field="publish_at")
    publishing.pass_gates(update, person=person, reasons=reasons, now=at, leaves_at=publish_at)
    update.publish_at, update.scheduled_by = publish_at, person
    update.scheduled_hash = update_queries.content_hash(update)
    update.scheduled_facts = asdict(facts_of(update))
    update.held_at, update.held_reasons = None, []
    update.save()
    _record(update, EntryKind.UPDATE_SCHEDULED, at=at, person=person, publish_at=times.iso(publish_at))
    return update


@transaction.atomic
def cancel(*, update_id: int, person: Person, now: datetime) -> Update:
    """It no longer leaves by itself; the text stays a draft, approved as it was."""
    update = updates.lock(update_id=update_id, person=person)
    updates.refuse_sent(update)
    if update.publish_at is None:
        raise Refusal(_("This update was not scheduled."), code="not_scheduled")
    was_waiting = updates.unschedule(update)
    update.save()
    if was_waiting:
        updates.record_unscheduled(update, person=person, at=now)
    updates.announce(update)
    return update


def facts_of(update: Update) -> scheduling.Facts:
    """What the text has to be right of, as it stands now."""
    incident = update.incident
    news = Update.objects.filter(incident=incident, published_at__isnull=False, audiences__in=update.audiences.all())
    last = news.exclude(kind=UpdateKind.HOLDING).aggregate(last=Max("sequence"))["last"]
    return scheduling.Facts(
        impact=impact.current_version(incident),
        state=incident.state,
        priority=incident.priority,
        is_private=incident.is_private,
        is_exercise=incident.is_exercise,
        marks=tuple(incident.marks),
        last_sent=last or 0,
    )


def moved(update: Update) -> tuple[str, ...]:
    """What changed since its time was chosen: the room says so before the time comes."""
    before = scheduling.Facts(**{**update.scheduled_facts, "marks": tuple(update.scheduled_facts["marks"])})
    return scheduling.changes(before=before, after=facts_of(update))


def send_due(*, limit: int = MOST_A_TICK) -> int:
    """Send or hold what is due, one transaction each; how many were settled.

    Safe to run twice and safe to kill: what is claimed is sent in the transaction that claims it, or not at all. One
    that fails unforeseen is held as well, with a notice, so that it neither blocks the others nor is forgotten.
    """
    settled = 0
    while settled < limit:
        claimed: list[int] = []
        try:
            if not _settle_one(claimed):
                break
        except Exception:
            if not claimed:
                raise
            log.exception("scheduled update %s", claimed[0])
            _hold_after_failure(claimed[0])
        settled += 1
    return settled


@transaction.atomic
def _settle_one(claimed: list[int]) -> bool:
    """Claim one that is due, and send or hold it. `claimed` names it to the caller where that fails."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM)
        row = cursor.fetchone()
    if row is None:
        return False
    claimed.append(row[0])
    update = _locked(row[0], incident_id=row[1])
    if update is not None:
        _send_or_hold(update)
    return True


def _send_or_hold(update: Update) -> None:
    reasons = _objections(update)
    if not reasons:
        person = update.scheduled_by
        assert person is not None
        try:
            with transaction.atomic():
                publishing.publish_scheduled(update, person=person)
        except Refusal as refusal:
            reasons = [refusal.message]
            update = _locked(update.pk, incident_id=update.incident_id) or update
        else:
            return
    _hold(update, reasons)


def _objections(update: Update) -> list[str]:
    person = update.scheduled_by
    assert person is not None
    may_see = visibility.visible_incidents(person).filter(pk=update.incident_id).exists()
    if not (person.is_active and person.has_role(*roles.WRITERS) and may_see):
        return [_("Whoever chose the time may not send updates of this incident any more.")]
    if update_queries.content_hash(update) != update.scheduled_hash:
        return [_("The text is not the one that was scheduled.")]
    return list(moved(update))


def _hold(update: Update, reasons: Sequence[str]) -> None:
    at = dbtime.now()
    update.held_at, update.held_reasons = at, [reason[:300] for reason in reasons]
    update.save(update_fields=["held_at", "held_reasons"])
    _record(update, EntryKind.UPDATE_HELD, at=at, person=None, text=" ".join(reasons))
    readers.tell_held(update)


@transaction.atomic
def _hold_after_failure(update_id: int) -> None:
    incident_id = Update.objects.filter(pk=update_id).values_list("incident_id", flat=True).get()
    Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    update = _locked(update_id, incident_id=incident_id)
    if update is not None:
        _hold(update, [_("Something went wrong in the portal. Send it by hand, or choose another time.")])


def _locked(update_id: int, *, incident_id: int) -> Update | None:
    """The update, locked and still due; its incident is locked already."""
    update = (
        Update.objects.select_for_update(no_key=True, of=("self",))
        .select_related("author", "scheduled_by")
        .filter(pk=update_id, publish_at__isnull=False, held_at=None, published_at=None)
        .first()
    )
    if update is not None:
        update.incident = Incident.objects.select_related("service").get(pk=incident_id)
    return update


def _record(
    update: Update, kind: EntryKind, *, at: datetime, person: Person | None, text: str = "", **data: Any
) -> None:
    codes = [audience.code for audience in update.audiences.all()]
    entry = timeline.Entry(
        kind=kind,
        at=at,
        actor_id=person.pk if person else None,
        source=EntrySource.PERSON if person else EntrySource.SYSTEM,
        text=text,
        data={"update": update.pk, "audiences": codes, **data},
    )
    timeline.append(incident=update.incident, entries=[entry])
