"""Sending again what was given up: only where the words are still the ones that people should read."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from comms.choices import DeliveryState, UpdateState
from comms.models import Delivery, Update
from comms.services import outbox
from incidents.services import locking
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Refusal
from mim_portal.models import AuditEntry
from teams.models import Person


class UnknownDelivery(Refusal):
    """The update was not sent to such an address."""

    code = "not_found"
    status = 404


@transaction.atomic
def redeliver(*, update_id: int, person: Person, delivery_id: int | None = None) -> int:
    """Put one delivery, or every one of the update that was given up, back into the outbox; how many.

    A worker does not touch what was given up, so that nothing can leave twice: of two people who press at once the
    second is told that there is nothing left to send.
    """
    update = Update.objects.get(pk=update_id)
    locking.lock_by_id(update.incident_id, person=person)
    update.refresh_from_db(fields=["state"])
    if update.state != UpdateState.PUBLISHED:
        message = _("This update was corrected or withdrawn. Do not send it again: send what is right.")
        raise Refusal(message, code="not_current")
    found = Delivery.objects.filter(message__update=update)
    if delivery_id is not None:
        found = found.filter(pk=delivery_id)
        if not found.exists():
            raise UnknownDelivery(_("The update was not sent to such an address."))
    dead = list(found.filter(state=DeliveryState.DEAD).values_list("pk", flat=True))
    count = Delivery.objects.filter(pk__in=dead, state=DeliveryState.DEAD).update(
        state=DeliveryState.PENDING, attempts=0, due_at=Now(), last_error=""
    )
    if not count:
        raise Refusal(_("Nothing is given up here: it has arrived, or it is on its way."), code="nothing_dead")
    AuditEntry.objects.create(
        actor=person,
        verb="update.redelivered",
        subject=f"update {update_id}",
        data={"deliveries": count} if delivery_id is None else {"delivery": delivery_id},
    )
    nudge.nudge(outbox.DELIVER)
    nudge.nudge(outbox.DELIVER_CHANNELS)
    return count
