"""The outbox: who gets what is decided in the transaction that caused it, in one statement whatever the number."""

from collections.abc import Mapping

from django.db import connection, transaction

from comms.models import Message, Update
from comms.queries.recipients import reach
from incidents.models import Incident
from mim_portal.lib import nudge

DELIVER = "comms.tasks.deliver"
DELIVER_CHANNELS = "comms.tasks.deliver_channels"

_ENQUEUE = f"""
INSERT INTO comms_delivery
    (message_id, person_id, channel, address, endpoint_id, position, state, attempts, due_at, last_error)
SELECT routed.message_id, routed.person_id, routed.channel, routed.address, routed.endpoint_id, routed.position,
       CASE WHEN routed.error = '' THEN 'pending' ELSE 'suppressed' END, 0, statement_timestamp(), routed.error
FROM ({reach.ROUTED}) AS routed
ON CONFLICT DO NOTHING
"""  # noqa: S608 -- joins two constants


def thread(incident: Incident) -> str:
    """Message.thread of everything that is sent about the incident: mail programs show it as one conversation."""
    return incident.reference


@transaction.atomic
def enqueue_update(*, update: Update, message_by_audience: Mapping[int, Message]) -> int:
    """One delivery for every address that the update's audiences reach, each once; how many there are.

    `message_by_audience` has the saved message of each audience by the audience's primary key. Deliveries start by
    themselves after commit, the audience with the lowest position first.
    """
    incident = update.incident
    with connection.cursor() as cursor:
        cursor.execute(
            _ENQUEUE,
            reach.parameters(
                incident=incident,
                audiences=list(message_by_audience),
                messages=[message.pk for message in message_by_audience.values()],
            ),
        )
        enqueued: int = cursor.rowcount
    nudge.nudge(DELIVER)
    nudge.nudge(DELIVER_CHANNELS)
    return enqueued
