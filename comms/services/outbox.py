"""The outbox: who gets what is decided in the transaction that caused it, in one statement whatever the number."""

from collections.abc import Mapping

from django.db import connection, transaction

from comms.models import Message, Update
from incidents.models import Incident
from mim_portal.lib import nudge

DELIVER = "comms.tasks.deliver"

# Everyone whom the update's audiences reach: addresses of the audience (everywhere, or for this service, or for one of
# its sites), holders of the audience's roles, members of the teams that are engaged. Of several ways to one address
# the audience that is served first wins. A private incident reaches only those who may see it.
_ENQUEUE = """
INSERT INTO comms_delivery (message_id, person_id, channel, address, position, state, attempts, due_at, last_error)
SELECT DISTINCT ON (reached.channel, lower(reached.address))
       reached.message_id, reached.person_id, reached.channel, reached.address, reached.position,
       CASE WHEN reached.channel = 'email' THEN 'pending' ELSE 'suppressed' END, 0, statement_timestamp(),
       CASE WHEN reached.channel = 'email' THEN '' ELSE 'This channel is not set up.' END
FROM (
    SELECT text.message_id, recipient.person_id, recipient.channel, recipient.address, audience.position
    FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
    JOIN comms_audience audience ON audience.id = text.audience_id
    JOIN comms_recipient recipient ON recipient.audience_id = audience.id AND recipient.is_active
    LEFT JOIN teams_person person ON person.id = recipient.person_id
    WHERE (recipient.service_id IS NULL OR recipient.service_id = %(service)s)
      AND (recipient.site_id IS NULL OR recipient.site_id IN (
            SELECT site_id FROM teams_service_sites WHERE service_id = %(service)s))
      AND (person.id IS NULL OR person.is_active)
    UNION ALL
    SELECT text.message_id, person.id, 'email', person.email, audience.position
    FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
    JOIN comms_audience audience ON audience.id = text.audience_id
    JOIN teams_person person ON person.roles && audience.roles AND person.is_active AND person.email <> ''
    UNION ALL
    SELECT text.message_id, person.id, 'email', person.email, audience.position
    FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
    JOIN comms_audience audience ON audience.id = text.audience_id AND audience.includes_engaged_teams
    JOIN incidents_engagement engagement
      ON engagement.incident_id = %(incident)s AND engagement.released_at IS NULL
    JOIN teams_membership membership ON membership.team_id = engagement.team_id
    JOIN teams_person person ON person.id = membership.person_id AND person.is_active AND person.email <> ''
) AS reached
WHERE NOT %(private)s OR reached.person_id IN (
    SELECT person_id FROM incidents_incidentmember WHERE incident_id = %(incident)s
    UNION ALL
    SELECT manager_id FROM incidents_commandtenure WHERE incident_id = %(incident)s)
ORDER BY reached.channel, lower(reached.address), reached.position, reached.person_id NULLS LAST
ON CONFLICT DO NOTHING
"""


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
            {
                "audiences": list(message_by_audience),
                "messages": [message.pk for message in message_by_audience.values()],
                "service": incident.service_id,
                "incident": incident.pk,
                "private": incident.is_private,
            },
        )
        enqueued: int = cursor.rowcount
    nudge.nudge(DELIVER)
    return enqueued
