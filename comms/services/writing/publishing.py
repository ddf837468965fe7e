"""Publishing: one transaction from the gate to the outbox. What leaves is exactly what was checked and approved."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from comms.choices import FAST_KINDS, Reading, UpdateKind, UpdateState
from comms.models import Finding, Message, Update, UpdateDeadline
from comms.queries.writing import texts as update_texts
from comms.queries.writing import updates as update_queries
from comms.rendering import messages
from comms.rules.checking import gate
from comms.rules.promises import cadence
from comms.services.promises import deadlines, events
from comms.services.sending import outbox, resending, short_texts
from comms.services.writing import approval, checking, readers, updates, versions
from incidents.choices import EntryKind
from incidents.models import Incident
from incidents.queries import impact
from incidents.services import timeline
from mim_portal.lib import dbtime, findings, nudge
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person


class Blocked(Refusal):
    """Something in the text may not leave as it stands."""

    code = "blocked"


def publish(
    *, update_id: int, person: Person, send_now: bool, overrides: Sequence[Mapping[str, str]], now: datetime
) -> Update:
    """Send the update to everyone entitled, keep the promises it answers and open the next.

    `send_now` covers, in initial and holding updates, every finding that is not about what may never leave; the
    language is then checked after sending. `overrides` are {"code", "reason"}. A refused first attempt of a text that
    needs a second reader asks for one, so that the three minutes run.
    """
    reasons = reasons_by_code(overrides)
    update = updates.find(update_id=update_id, person=person)
    updates.refuse_sent(update)
    if not (send_now and update.kind in FAST_KINDS):
        checking.ensure_checked(update=update, person=person, now=now)
    try:
        return _publish(update_id=update_id, person=person, send_now=send_now, reasons=reasons)
    except approval.NeedsSecondReader as refusal:
        _keep_reasons(update_id=update_id, person=person, reasons=reasons)
        asked = approval.decide(approval.submit(update_id=update_id, person=person, now=now), now=now)
        raise (refusal if asked.released else approval.unread(asked)) from None


@transaction.atomic
def _keep_reasons(*, update_id: int, person: Person, reasons: Mapping[str, str]) -> None:
    """Whoever reads the text before it leaves sees why something in it was let pass, and can approve it."""
    update = updates.lock(update_id=update_id, person=person)
    rows = update_queries.findings(update, content_hash=update_queries.content_hash(update))
    given = [row for row in open_findings(rows) if row.code in reasons and gate.can_override(checking.as_found(row))]
    for row in given:
        row.override_reason, row.overridden_by = reasons[row.code][:300], person
    Finding.objects.bulk_update(given, ["override_reason", "overridden_by"])


@transaction.atomic
def _publish(*, update_id: int, person: Person, send_now: bool, reasons: Mapping[str, str]) -> Update:
    update = updates.lock(update_id=update_id, person=person)
    updates.refuse_sent(update)
    now = dbtime.now()
    pass_gates(update, person=person, send_now=send_now, reasons=reasons, now=now)
    return _send(update, person=person, now=now)


def publish_scheduled(update: Update, *, person: Person) -> Update:
    """Send a locked update that `person` approved for this moment. The exact text passes the gate once more, under the
    lock and without waiting for anybody; why it needed no second reader was kept when its time was chosen.
    """
    now = dbtime.now()
    why = update.release_reason
    _pass_gate(
        update,
        content_hash=update_queries.content_hash(update),
        person=person,
        send_now=False,
        reasons={},
        now=now,
    )
    decision = approval.decide(update, now=now)
    if not decision.released and not (why and decision.needs != Reading.GATE):
        raise approval.unread(decision)
    return _send(update, person=person, now=now)


def pass_gates(
    update: Update,
    *,
    person: Person,
    send_now: bool = False,
    reasons: Mapping[str, str],
    now: datetime,
    leaves_at: datetime | None = None,
) -> None:
    """The text as it stands may leave: nothing in it stops it, and whoever has to read it has, or need not.

    `leaves_at` is when it leaves, where that is not now: the time that it promises is counted from there.
    """
    content_hash = update_queries.content_hash(update)
    _pass_gate(
        update, content_hash=content_hash, person=person, send_now=send_now, reasons=reasons, now=leaves_at or now
    )
    update.release_reason = approval.release_reason(update, person=person, now=now)


def _send(update: Update, *, person: Person, now: datetime) -> Update:
    """Stamped, promises kept and opened, recipients in the outbox, on the timeline: all or nothing."""
    incident = update.incident
    content_hash = update_queries.content_hash(update)
    _stamp(update, incident, content_hash=content_hash, person=person, now=now)
    versions.forget(update)
    kept, opened = deadlines.keep_and_open(update=update, incident=incident, now=now)
    _enqueue(update, now=now)
    _record(update, incident, person=person, kept=kept, opened=opened)
    readers.tell_left_otherwise(update, by=person)
    return update


def reasons_by_code(overrides: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The reasons for findings that are let pass; each needs one."""
    reasons = {item.get("code", ""): item.get("reason", "").strip() for item in overrides}
    if not all(reasons) or not all(reasons.values()):
        raise Invalid(_("Give a reason for every finding that you override."), field="overrides")
    return reasons


def _pass_gate(
    update: Update,
    *,
    content_hash: str,
    person: Person,
    send_now: bool,
    reasons: Mapping[str, str],
    now: datetime,
) -> None:
    """Check the exact text again under the lock; the language as its checker saw this text."""
    rows = update_queries.findings(update, content_hash=content_hash)
    is_fast = update.kind in FAST_KINDS
    if update.checked_hash != content_hash:
        if not (is_fast and send_now):
            raise updates.ChangedMeanwhile(
                _("The text changed while it was being sent. Check it as it stands."),
                extra={"revision": update.revision},
            )
        update.checked_at, update.checked_hash = now, content_hash
        update.language_checked, update.language_checked_at = False, None
    said = [checking.as_found(row) for row in rows if row.code == checking.LANGUAGE]
    found = [*checking.structural(update, incident=update.incident, now=now), *said]
    given = {row.code: row.override_reason for row in rows if row.override_reason}
    decision = gate.decide(found, kind=update.kind, send_now=send_now, overrides={**given, **reasons})
    if decision.stops:
        raise Blocked(
            _("Correct what is marked, or give a reason where that is allowed."),
            extra={"findings": [checking.plain(each) for each in findings.in_order(decision.stops)]},
        )
    update.sent_now = bool(decision.sent_anyway) or (is_fast and send_now and not update.language_checked)
    checking.keep(update, content_hash=content_hash, found=found, reasons=dict(decision.overridden), person=person)


def _stamp(update: Update, incident: Incident, *, content_hash: str, person: Person, now: datetime) -> None:
    last = Update.objects.filter(incident=incident).aggregate(last=Max("sequence"))["last"] or 0
    update.state = UpdateState.PUBLISHED
    update.texts = {code: update.texts[code] for code in update_texts.adapted(update)}  # no words that nobody got
    update.sequence = last + 1
    update.published_at = now
    update.published_by = person
    update.published_hash = content_hash
    update.impact_statement = impact.current(incident)
    update.incident_state = incident.state
    update.priority = incident.priority
    update.save()


def _enqueue(update: Update, *, now: datetime) -> None:
    """One text an audience, then every recipient in one statement; a correction goes to whom the wrong one went."""
    written = messages.of_update(update, now=now)
    short_texts.write(update, written, now=now)
    saved = Message.objects.bulk_create(written)
    if update.corrects_id is not None:
        resending.enqueue_to_same(messages=saved, of_update=update.corrects_id)
    else:
        outbox.enqueue_update(update=update, message_by_audience={m.audience_id: m for m in saved if m.audience_id})
    nudge.nudge(outbox.DELIVER)


def _record(
    update: Update,
    incident: Incident,
    *,
    person: Person,
    kept: Sequence[UpdateDeadline],
    opened: Sequence[UpdateDeadline],
) -> None:
    at = update.published_at
    assert at is not None
    entries = [
        timeline.Entry(
            kind=EntryKind.UPDATE_PUBLISHED,
            at=at,
            actor_id=person.pk,
            data={
                "update": update.pk,
                "sequence": update.sequence,
                "kind": update.kind,
                "audiences": [audience.code for audience in update.audiences.all()],
                "kept": [row.pk for row in kept],
                "opened": [row.pk for row in opened],
            },
        )
    ]
    if update.corrects_id is not None:
        wrong = Update.objects.filter(pk=update.corrects_id, state=UpdateState.PUBLISHED)
        wrong.update(state=UpdateState.CORRECTED)  # what was withdrawn meanwhile stays withdrawn
        data: dict[str, Any] = {"update": update.corrects_id, "by": update.pk}
        entries.append(timeline.Entry(kind=EntryKind.UPDATE_CORRECTED, at=at, actor_id=person.pk, data=data))
    timeline.append(incident=incident, entries=entries)


@transaction.atomic
def correct(
    *,
    update_id: int,
    person: Person,
    subject: str,
    body: str,
    next_update_at: datetime | None,
    now: datetime,
) -> Update:
    """Begin the correction of a published update, to exactly the readers of the wrong one; it is checked and sent like
    any other. The wrong one counts as corrected when the right one leaves, and both stay readable.

    Whoever begins it has found the mistake: what its readers are promised is due within fifteen minutes from now.
    """
    wrong = updates.lock(update_id=update_id, person=person)
    _refuse_unsent(wrong)
    codes = [audience.code for audience in wrong.audiences.all()]
    events.tell(
        incidents=[wrong.incident], now=dbtime.now(), within=cadence.CORRECTION_WITHIN, audiences=frozenset(codes)
    )
    return updates.draft(
        reference=wrong.incident.reference,
        person=person,
        kind=UpdateKind.CORRECTION,
        audiences=codes,
        subject=subject or wrong.subject,
        body=body,
        next_update_at=next_update_at or _still_promised(wrong, now=now),
        now=now,
        corrects=wrong,
    )


def _still_promised(wrong: Update, *, now: datetime) -> datetime | None:
    """The time that the wrong message named, while it lies ahead: a correction breaks no promise."""
    promised = wrong.next_update_at
    return promised if promised is not None and promised > now else None


@transaction.atomic
def withdraw(*, update_id: int, person: Person, reason: str, now: datetime) -> Update:
    """Take a published update back: everyone who got it is told to disregard it, and it stays readable as withdrawn.

    The reason is for the record; readers get a text without it.
    """
    if not reason.strip():
        raise Invalid(_("Say why the update is withdrawn."), field="reason")
    update = updates.lock(update_id=update_id, person=person)
    _refuse_unsent(update)
    at = dbtime.now()
    update.state = UpdateState.WITHDRAWN
    update.withdrawn_at = at
    update.withdrawal_reason = reason.strip()[:300]
    update.save(update_fields=["state", "withdrawn_at", "withdrawal_reason"])
    saved = Message.objects.bulk_create(messages.of_withdrawal(update, now=at))
    resending.enqueue_to_same(messages=saved, of_update=update.pk)
    nudge.nudge(outbox.DELIVER)
    data = {"update": update.pk, "sequence": update.sequence, "by": person.pk}
    entry = timeline.Entry(kind=EntryKind.UPDATE_WITHDRAWN, at=at, actor_id=person.pk, data=data)
    timeline.append(incident=update.incident, entries=[entry])
    return update


def _refuse_unsent(update: Update) -> None:
    if update.published_at is None:
        raise Refusal(_("This update was not sent: edit or discard it."), code="not_sent")
    if update.state == UpdateState.WITHDRAWN:
        raise Refusal(_("This update was withdrawn already."), code="withdrawn")


def open_findings(rows: Sequence[Finding]) -> list[Finding]:
    """The stored findings that stop the text and have no reason yet."""
    return [row for row in rows if row.is_blocking and not row.override_reason]
