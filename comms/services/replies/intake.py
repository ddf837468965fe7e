"""Replies to updates come in: matched to their incident, bounded, once."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from comms.adapters import smtp
from comms.choices import ChannelKind, MailKind
from comms.models import Delivery, Message, Reply
from comms.rules import replies as rules
from comms.rules.replies import Incoming
from comms.services import tallies
from comms.services.recipients import opt_outs
from comms.services.sending import mail_reports
from incidents.choices import EngagementState
from incidents.models import Incident
from incidents.services.work import engagements
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Invalid
from teams.models import Person

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What the mail was; its reply where it is one, and whether it is new to us."""

    kind: MailKind
    is_new: bool = False
    reply: Reply | None = None


@dataclass(frozen=True, kw_only=True)
class _Match:
    """What a mail answers; `is_recipient` where that copy, or another of the incident, went to its sender."""

    incident: Incident | None = None
    update_id: int | None = None
    is_recipient: bool = False
    call: Delivery | None = None  # the copy of a call for help


@transaction.atomic
def take(*, mail: Incoming, by: Person | None, now: datetime) -> Taken:
    """Take one mail in; `by` is nobody where the portal read it in its own mailbox.

    A bounce is a report of the copy it names; what a machine answered is counted. The same mail again is the same
    reply. A mail that opts out is often sent by a program and says so, hence it is asked for first; its signed subject
    is its authority, whoever it says that it comes from.
    """
    has_left = opt_outs.leave(token) if (token := rules.opt_out_token(mail)) else None
    if has_left is not None:
        tallies.add({f"replies.{MailKind.OPT_OUT.value}": 1})
        return Taken(kind=MailKind.OPT_OUT, is_new=has_left)
    kind = rules.kind(mail)
    if kind != MailKind.REPLY:
        is_new = kind == MailKind.BOUNCE and _report(mail, by=by)
        tallies.add({f"replies.{kind.value}": 1})
        return Taken(kind=kind, is_new=is_new)
    known = Reply.objects.filter(message_id=mail.message_id).first()
    if known is not None:
        return Taken(kind=kind, reply=known)
    match = _match(mail)
    row = _row(mail, match, now=now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # handed in twice in one moment
        return Taken(kind=kind, reply=Reply.objects.get(message_id=mail.message_id))
    tallies.add({"replies.folded" if row.is_folded else "replies.taken": 1})
    if match.call is not None:
        _acknowledge(match.call, words=row.text, now=now)
    if row.incident is not None and not row.is_folded:
        tell_room(row.incident)
    return Taken(kind=kind, is_new=True, reply=row)


def _acknowledge(call: Delivery, *, words: str, now: datetime) -> None:
    """Whoever answers a call for help has it: the copy's signed Message-ID is their authority, as the link in it is."""
    person = Person.objects.filter(pk=call.person_id, is_active=True).first() if call.person_id else None
    assert call.message.engagement_id is not None
    with contextlib.suppress(engagements.EngagementRefused):  # answered already
        engagements.answer_call(
            engagement_id=call.message.engagement_id,
            to=EngagementState.ACKNOWLEDGED,
            person=person,
            words=next(iter(words.splitlines()), ""),
            now=now,
        )


def tell_room(incident: Incident) -> None:
    """Open rooms fetch the panel of updates again. No entry of the timeline: nothing about the incident has changed."""
    nudge.live(reference=incident.reference, kind="reply", seq=0, panels=["updates"])


def _report(mail: Incoming, *, by: Person | None) -> bool:
    """By the signed Message-ID alone: a mail that merely claims an address must not end its updates."""
    try:
        return mail_reports.report_read(told=mail.report, by=by)
    except Invalid:  # no mail of ours, or its copy is gone
        return False


def _row(mail: Incoming, match: _Match, *, now: datetime) -> Reply:
    within = Reply.objects.filter(incident=match.incident, received_at__gt=now - _HOUR, is_folded=False)
    counted = within.aggregate(
        by_sender=Count("pk", filter=Q(sender=mail.sender)), by_strangers=Count("pk", filter=Q(is_recipient=False))
    )
    is_folded = rules.is_folded(is_recipient=match.is_recipient, **counted)
    words, is_cut = ("", False) if is_folded else rules.new_words(mail.text)
    return Reply(
        message_id=mail.message_id,
        incident=match.incident,
        update_id=match.update_id,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        text=words,
        is_cut=is_cut,
        files=[] if is_folded else list(mail.files),
        is_recipient=match.is_recipient,
        is_folded=is_folded,
        received_at=now,
    )


def _match(mail: Incoming) -> _Match:
    """By the copy of ours that it answers, which is signed; else by the thread or the reference in its subject."""
    answered = {pk for answer in mail.answers if (pk := smtp.delivery_of(answer)) is not None}
    for copy in Delivery.objects.filter(pk__in=answered, channel=ChannelKind.EMAIL).select_related("message"):
        incident = Incident.objects.filter(reference=copy.message.thread).first()
        if incident is not None:
            is_its_reader = copy.address.lower() == mail.sender
            return _Match(
                incident=incident,
                update_id=copy.message.update_id,
                is_recipient=is_its_reader or _was_sent_one(incident, mail.sender),
                call=copy if copy.message.engagement_id is not None else None,
            )
    named = [ref for ref in rules.references(" ".join(mail.answers)) if smtp.thread_id(ref) in mail.answers]
    for reference in (named + rules.references(mail.subject))[:5]:
        incident = Incident.objects.filter(reference=reference).first()
        if incident is not None:
            return _Match(incident=incident, is_recipient=_was_sent_one(incident, mail.sender))
    return _Match()


def _was_sent_one(incident: Incident, sender: str) -> bool:
    """Whether any update of the incident was sent to the address, as its program writes it."""
    messages = Message.objects.filter(update__incident=incident).values_list("pk", flat=True)
    return Delivery.objects.filter(message__in=list(messages), channel=ChannelKind.EMAIL, address=sender).exists()
