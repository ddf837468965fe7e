"""The outbox: who gets what is decided in the transaction that caused it, in one statement whatever the number."""

from collections.abc import Mapping

from django.db import connection, transaction

from comms.models import Message, Update
from comms.queries import reach
from incidents.models import Incident
from mim_portal.lib import nudge

DELIVER = "comms.tasks.deliver"

# Of several ways to one address the audience that is served first wins.
_ENQUEUE = f"""
INSERT INTO comms_delivery (message_id, person_id, channel, address, position, state, attempts, due_at, last_error)
SELECT DISTINCT ON (reached.channel, lower(reached.address))
       reached.message_id, reached.person_id, reached.channel, reached.address, reached.position,
       CASE WHEN reached.channel = 'email' THEN 'pending' ELSE 'suppressed' END, 0, statement_timestamp(),
       CASE WHEN reached.channel = 'email' THEN '' ELSE 'This channel is not set up.' END
FROM {reach.REACHED}
ORDER BY reached.channel, lower(reached.address), reached.position, reached.person_id NULLS LAST
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
    return enqueued
