"""What could not leave by its own way goes on by the next: the endpoint's fallback, or the person's own mail."""

from collections.abc import Sequence

from django.db import connection, transaction

from comms.choices import DeliveryState
from comms.queries.recipients import reach
from comms.services.sending import outbox
from mim_portal.lib import nudge

# By the endpoint's other way, or by the person's own mail; never an event, nor what a pager hears after its call. A
# subscriber's copy goes where it was asked for or nowhere. A mailbox is asked as any mail of an update is: it may have
# opted out, bounced, or complained. What puts an error right goes to whoever was told it.
_WAYS = f"""
SELECT given_up.id, given_up.message_id, given_up.person_id, given_up.position, next.id AS endpoint_id, way.channel,
       way.address, CASE {reach.KEPT.format(is_out="opted.id IS NOT NULL")} ELSE '' END AS error
FROM comms_delivery given_up
JOIN comms_message message ON message.id = given_up.message_id AND message.event = ''
  AND message.page IN ('', 'trigger')
JOIN comms_endpoint own ON own.id = given_up.endpoint_id
LEFT JOIN comms_endpoint next ON next.id = own.fallback_id AND next.is_active
LEFT JOIN teams_person person ON person.id = given_up.person_id AND person.is_active
CROSS JOIN LATERAL (SELECT CASE WHEN next.id IS NULL THEN 'email' ELSE next.kind END AS channel,
    coalesce(next.code, nullif(own.fallback_mail, ''), nullif(person.email, '')) AS address) AS way
LEFT JOIN comms_update told ON told.id = message.update_id AND way.channel = 'email'
  AND told.kind <> 'correction' AND told.state <> 'withdrawn'
LEFT JOIN comms_optout opted ON told.id IS NOT NULL AND opted.audience_id = message.audience_id
  AND opted.address = lower(way.address)
LEFT JOIN comms_suppression held ON told.id IS NOT NULL AND held.lifted_at IS NULL
  AND held.address = lower(way.address)
WHERE given_up.id = ANY(%s) AND given_up.state = ANY(%s) AND way.address IS NOT NULL
  AND NOT EXISTS (SELECT FROM comms_endpoint reader WHERE reader.code = given_up.address AND reader.is_readers)
"""  # noqa: S608 -- joins constants
# Never where the message has already gone: that ends every circle.
_GO = f"""
INSERT INTO comms_delivery
    (message_id, person_id, channel, address, endpoint_id, position, state, attempts, due_at, last_error)
SELECT DISTINCT ON (ways.message_id, ways.channel, lower(ways.address))
       ways.message_id, ways.person_id, ways.channel, ways.address, ways.endpoint_id, ways.position,
       CASE WHEN ways.error = '' THEN 'pending' ELSE 'suppressed' END, 0, statement_timestamp(), ways.error
FROM ({_WAYS}) AS ways
WHERE NOT EXISTS (
    SELECT 1 FROM comms_delivery other WHERE other.message_id = ways.message_id
      AND other.channel = ways.channel AND lower(other.address) = lower(ways.address))
ORDER BY ways.message_id, ways.channel, lower(ways.address), ways.position
ON CONFLICT DO NOTHING
"""  # noqa: S608 -- joins constants
# Which copy goes instead; of a chain of ways every link names the last one.
_NAME = f"""
UPDATE comms_delivery lost SET other_way_id = last.id
FROM ({_WAYS}) AS ways
JOIN comms_delivery other ON other.message_id = ways.message_id AND other.channel = ways.channel
  AND lower(other.address) = lower(ways.address)
CROSS JOIN LATERAL (SELECT CASE WHEN other.state IN ('dead', 'suppressed')
    THEN coalesce(other.other_way_id, other.id) ELSE other.id END AS id) AS last
WHERE (lost.id = ways.id OR lost.other_way_id = ways.id) AND lost.id <> last.id
"""  # noqa: S608 -- joins constants


@transaction.atomic
def go(ids: Sequence[int], *, states: Sequence[str] = (DeliveryState.DEAD,)) -> int:
    """Send what could not leave by the next way; how many copies that makes."""
    if not ids:
        return 0
    asked = (list(ids), [str(state) for state in states])
    with connection.cursor() as cursor:
        cursor.execute(_GO, asked)
        count: int = cursor.rowcount
        cursor.execute(_NAME, asked)
    if count:
        nudge.nudge(outbox.DELIVER)
        nudge.nudge(outbox.DELIVER_CHANNELS)
    return count
