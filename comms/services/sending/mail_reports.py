"""Mail that a server had taken and that came back, or that its reader called unwanted."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comms.adapters import smtp
from comms.choices import SUPPRESSING, ChannelKind, DeliveryState, MailTrouble
from comms.models import Delivery, Suppression
from comms.rules import mail_reports as rules
from comms.services import tallies
from comms.services.subscriptions import troubles
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Missing
from mim_portal.models import AuditEntry
from teams.models import Person


class UnknownSuppression(Missing):
    """Nothing is kept from this address."""


@transaction.atomic
def report(*, kind: MailTrouble, by: Person | None, message_id: str = "", address: str = "", detail: str = "") -> bool:
    """Take one report in; whether it said anything new.

    The copy that it names has bounced, unless its reader only complained: that one had arrived. An address that mail
    comes back from for good, or whose reader complains, gets no further updates until somebody lifts it. A report that
    is repeated changes nothing, not even after that. `by` is nobody where the portal read it in its own mailbox.
    """
    delivery = _named(message_id)
    where = (delivery.address if delivery is not None else address).strip().lower()
    if not where:
        message = _("Name a copy by its message_id, or an address: nothing of ours has this one.")
        raise Invalid(message, field="message_id" if message_id else "address", code="unknown_copy")
    is_new = delivery is not None and kind != MailTrouble.COMPLAINT and _bounced(delivery, detail)
    if kind in SUPPRESSING:
        is_new = _suppress(where, kind, delivery=delivery, detail=detail, by=by) or is_new
    return is_new


def report_message(*, raw: bytes, by: Person) -> bool:
    """Take in a mail that reports of ours, as a server or a feedback loop wrote it; whether it said anything new."""
    return report_read(told=rules.read(raw), by=by)


@transaction.atomic
def report_read(*, told: rules.Report, by: Person | None) -> bool:
    """Take in what such a mail says; `by` is nobody where the portal read it in its own mailbox.

    Only the signed Message-ID of our copy says which one is meant: anybody can write a mail that claims an address.
    What fails behind the address that we wrote to, at one member of a list, marks the copy and keeps nobody from
    updates. A report of a delay changes nothing: the server is still trying.
    """
    if not told.is_report:
        raise Invalid(_("This mail reports of no other one."), field="message", code="not_a_report")
    named = next((text for text in told.message_ids if smtp.delivery_of(text) is not None), "")
    delivery = _named(named)
    if delivery is None:
        raise Invalid(_("It reports of no mail of ours."), field="message", code="unknown_copy")
    if told.is_complaint:
        return report(kind=MailTrouble.COMPLAINT, by=by, message_id=named)
    is_new = False
    for failure in told.failures:
        is_own = delivery.address.lower() in {failure.address, failure.original or failure.address}
        kind = MailTrouble.HARD if failure.is_for_good and is_own else MailTrouble.SOFT
        detail = failure.detail if is_own else f"{failure.detail} ({failure.address})"
        is_new = report(kind=kind, by=by, message_id=named, detail=detail) or is_new
    return is_new


@transaction.atomic
def lift(*, suppression_id: int, person: Person, reason: str, now: datetime) -> Suppression:
    """Updates go to the address again."""
    row = Suppression.objects.select_for_update(no_key=True).filter(pk=suppression_id, lifted_at=None).first()
    if row is None:
        raise UnknownSuppression(_("Nothing is kept from this address any more."))
    if not reason.strip():
        raise Invalid(_("Say why it will work now."), field="reason")
    row.lifted_at, row.lifted_by, row.lift_reason = now, person, reason.strip()[:300]
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    _audit("suppression.lifted", row, person)
    troubles.forgive(row.address)
    return row


def _named(message_id: str) -> Delivery | None:
    pk = smtp.delivery_of(message_id) if message_id else None
    return Delivery.objects.filter(pk=pk, channel=ChannelKind.EMAIL).first() if pk is not None else None


def _bounced(delivery: Delivery, detail: str) -> bool:
    """A worker that still holds it must not write over it: the report can be faster than its mark."""
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=[DeliveryState.SENT, DeliveryState.SENDING]).update(
        state=DeliveryState.BOUNCED, last_error=detail[:500] or "It came back.", lease=None, leased_until=None
    )
    if changed:
        tallies.add({"deliveries.bounced": changed})
    return bool(changed)


def _suppress(address: str, kind: MailTrouble, *, delivery: Delivery | None, detail: str, by: Person | None) -> bool:
    row = Suppression(
        address=address, reason=kind, detail=detail[:500], delivery_id=delivery.pk if delivery is not None else None
    )
    try:  # suppressed already, or a repeated report of what was lifted since
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    _audit("suppression.made", row, by)
    troubles.note(address, kind, now=dbtime.now())
    return True


def _audit(verb: str, row: Suppression, by: Person | None) -> None:
    AuditEntry.objects.create(actor=by, verb=verb, subject=f"suppression {row.pk}", data={"reason": row.reason})
