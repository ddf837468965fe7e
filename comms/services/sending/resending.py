"""A correction or a withdrawal goes to exactly the addresses of the wrong message, whoever has joined since."""

from collections.abc import Sequence

from django.db import connection, transaction

from comms.models import Message

_COPY = """
INSERT INTO comms_delivery
    (message_id, person_id, channel, address, endpoint_id, position, state, attempts, due_at, last_error)
SELECT text.message_id, wrong.person_id, wrong.channel, wrong.address, wrong.endpoint_id, wrong.position,
       CASE WHEN wrong.state = 'suppressed' OR endpoint.is_active IS FALSE THEN 'suppressed' ELSE 'pending' END, 0,
       statement_timestamp(),
       CASE WHEN wrong.state = 'suppressed' THEN wrong.last_error
            WHEN endpoint.is_active IS FALSE THEN 'This channel is switched off.' ELSE '' END
FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
JOIN comms_message told ON told.update_id = %(wrong)s AND told.audience_id = text.audience_id
JOIN comms_delivery wrong ON wrong.message_id = told.id
LEFT JOIN comms_endpoint endpoint ON endpoint.id = wrong.endpoint_id
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def enqueue_to_same(*, messages: Sequence[Message], of_update: int) -> int:
    """One delivery for every address that the messages of the update `of_update` went to; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COPY,
            {
                "audiences": [message.audience_id for message in messages],
                "messages": [message.pk for message in messages],
                "wrong": of_update,
            },
        )
        copied: int = cursor.rowcount
    return copied
