"""Sending again what was given up: only where the words are still the ones that people should read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from comms.choices import DeliveryState, UpdateKind, UpdateState
from comms.models import Delivery, Update
from comms.queries.recipients import deliveries as queries
from comms.queries.recipients import reach
from comms.services.sending import outbox
from incidents.services import locking
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person


class UnknownDelivery(Missing):
    """The update was not sent to such an address."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What became of chosen deliveries: sent again, left out since, and by update why the rest was refused."""

    sent: int
    left_out: int
    refused: Mapping[int, Refusal]


# Kept from updates since: an opt-out of the audience, mail that came back, a complaint of somebody on a list.
_KEPT = f"""
UPDATE comms_delivery delivery SET state = 'suppressed', last_error = kept.error
FROM (
    SELECT dead.id, CASE {reach.KEPT.format(is_out="opted.id IS NOT NULL")} END AS error
    FROM comms_delivery dead
    JOIN comms_message message ON message.id = dead.message_id
    LEFT JOIN comms_optout opted ON opted.audience_id = message.audience_id AND opted.address = lower(dead.address)
      AND dead.person_id IS NULL
    LEFT JOIN comms_suppression held ON held.lifted_at IS NULL AND held.address = lower(dead.address)
      AND (held.reason = 'hard' OR dead.person_id IS NULL)
    WHERE dead.id = ANY(%s) AND dead.channel = 'email' AND (opted.id IS NOT NULL OR held.id IS NOT NULL)
) AS kept
WHERE delivery.id = kept.id AND delivery.state = 'dead'
RETURNING delivery.id
"""  # noqa: S608 -- joins constants


@transaction.atomic
def redeliver(*, update_id: int, person: Person, delivery_ids: Collection[int] | None = None) -> int:
    """Put these deliveries, or every one of the update that was given up, back into the outbox; how many.

    A worker does not touch what was given up, so that nothing can leave twice: of two people who press at once the
    second is told that there is nothing left to send. Of a withdrawn update only the notice of it goes again, and an
    address that opted out or that mail came back from since is left out, unless the update puts right what it read.
    """
    update = Update.objects.get(pk=update_id)
    locking.lock_by_id(update.incident_id, person=person)
    update.refresh_from_db(fields=["state"])
    if not queries.may_send_again(update):
        message = _("This update was corrected. Do not send it again: send what is right.")
        raise Refusal(message, code="not_current")
    found = queries.current(update)
    if delivery_ids is not None:
        found = found.filter(pk__in=delivery_ids)
        if not found.exists():
            raise UnknownDelivery(_("The update was not sent to such an address."))
    dead = list(queries.lost(found).values_list("pk", flat=True))
    kept = [] if _puts_right(update) else _keep(dead)
    count = Delivery.objects.filter(pk__in=set(dead) - set(kept), state=DeliveryState.DEAD).update(
        state=DeliveryState.PENDING, attempts=0, due_at=Now(), last_error=""
    )
    if not count and not kept:
        raise Refusal(_("Nothing is given up here: it has arrived, or it is on its way."), code="nothing_dead")
    AuditEntry.objects.create(
        actor=person,
        verb="update.redelivered",
        subject=f"update {update_id}",
        data={"deliveries": count} if delivery_ids is None else {"deliveries": count, "chosen": sorted(delivery_ids)},
    )
    nudge.nudge(outbox.DELIVER)
    nudge.nudge(outbox.DELIVER_CHANNELS)
    return count


def redeliver_chosen(*, by_update: Mapping[int, Collection[int]], person: Person) -> Chosen:
    """Send chosen deliveries of several updates again, one update after the other, each in a transaction of its own.

    What may not go again holds nothing else up; why not is said with the update.
    """
    sent, refused = 0, {}
    for update_id, ids in sorted(by_update.items()):
        try:
            sent += redeliver(update_id=update_id, person=person, delivery_ids=ids)
        except Refusal as refusal:
            refused[update_id] = refusal
    asked = sum(len(ids) for update_id, ids in by_update.items() if update_id not in refused)
    return Chosen(sent=sent, left_out=asked - sent, refused=refused)


def _puts_right(update: Update) -> bool:
    return update.kind == UpdateKind.CORRECTION or update.state == UpdateState.WITHDRAWN


def _keep(dead: list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [dead])
        return [pk for (pk,) in cursor.fetchall()]
