"""Whom a message reaches: the one statement that counts before sending and that fills the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from comms.choices import UsedFor
from comms.models import Audience
from comms.queries.subscriptions import covering
from incidents.models import Incident

# Whose confirmed subscription covers the incident: of the whole page, its service, the service's group on the page, or
# the incident itself. Only public pages have subscriptions. The audiences stand there twice: by the second mention the
# planner knows how few pages are meant.
_OF_THE_SERVICE = covering.of_services(
    chosen="%(service)s = ANY(subscription.services)", shown="component.service_id = %(service)s"
)
SUBSCRIBED = f"""
    FROM comms_statuspage page
    JOIN comms_subscription subscription ON subscription.page_id = page.id AND subscription.state = 'confirmed'
    WHERE page.is_public AND page.retired_at IS NULL AND page.audience_id = audience.id
      AND page.audience_id = ANY(%(audiences)s::bigint[]) AND (subscription.channel <> 'sms' OR page.takes_sms)
      AND ({_OF_THE_SERVICE} OR %(incident)s = ANY(subscription.incidents))"""
# Everyone whom the audiences reach: addresses of the audience (everywhere, or for this service, or for one of its
# sites), holders of the audience's roles, members of the teams that are engaged, subscribers of its public pages.
# `text` pairs each audience with its message. A private incident reaches only those who may see it and addresses kept
# for private ones; an exercise only those who take part and addresses kept for exercises; neither kind of address ever
# hears of anything else. No subscriber hears of either.
# `mail` is a person's own mailbox; `turn` puts the ways to a person that somebody entered before those by role, which
# have none.
REACHED = f"""(
    SELECT text.message_id, recipient.person_id, recipient.channel, recipient.address, audience.position,
           recipient.used_for = %(own_list)s AS is_own, coalesce(person.email, '') AS mail, recipient.id AS turn,
           audience.id AS audience_id
    FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
    JOIN comms_audience audience ON audience.id = text.audience_id
    JOIN comms_recipient recipient ON recipient.audience_id = audience.id AND recipient.is_active
      AND recipient.used_for IN ('incidents', %(own_list)s)
    LEFT JOIN teams_person person ON person.id = recipient.person_id
    WHERE (recipient.service_id IS NULL OR recipient.service_id = %(service)s)
      AND (recipient.site_id IS NULL OR recipient.site_id IN (
            SELECT site_id FROM teams_service_sites WHERE service_id = %(service)s))
      AND (person.id IS NULL OR person.is_active)
    UNION ALL
    SELECT text.message_id, person.id, 'email', person.email, audience.position, false, person.email, NULL,
           audience.id
    FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
    JOIN comms_audience audience ON audience.id = text.audience_id
    JOIN teams_person person ON person.roles && audience.roles AND person.is_active AND person.email <> ''
    UNION ALL
    SELECT text.message_id, person.id, 'email', person.email, audience.position, false, person.email, NULL,
           audience.id
    FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
    JOIN comms_audience audience ON audience.id = text.audience_id AND audience.includes_engaged_teams
    JOIN incidents_engagement engagement
      ON engagement.incident_id = %(incident)s AND engagement.released_at IS NULL
    JOIN teams_membership membership ON membership.team_id = engagement.team_id
    JOIN teams_person person ON person.id = membership.person_id AND person.is_active AND person.email <> ''
    UNION ALL
    SELECT text.message_id, NULL, subscribed.channel, subscribed.address, audience.position, false, '', NULL,
           audience.id
    FROM unnest(%(audiences)s::bigint[], %(messages)s::bigint[]) AS text (audience_id, message_id)
    JOIN comms_audience audience ON audience.id = text.audience_id
    CROSS JOIN LATERAL (SELECT subscription.channel, subscription.address {SUBSCRIBED}) AS subscribed
) AS reached
WHERE (NOT %(closed)s OR reached.is_own OR reached.person_id IN (
    SELECT person_id FROM incidents_incidentmember WHERE incident_id = %(incident)s
    UNION ALL
    SELECT manager_id FROM incidents_commandtenure WHERE incident_id = %(incident)s))"""  # noqa: S608 -- joins constants

# Why an address is kept from updates, of `held`, its suppression, and of whether it opted out.
KEPT = """WHEN {is_out} THEN 'Opted out.'
            WHEN held.reason = 'hard' THEN 'Mail to it came back.'
            WHEN held.id IS NOT NULL THEN 'Its reader called our mail unwanted.'"""
# A subscriber's SMS goes to that number or nowhere: the other way of the endpoint is of the portal's own readers.
_IS_SUBSCRIBER = "(reached.turn IS NULL AND reached.person_id IS NULL)"
# Each of them on the way that works: the endpoint that is named (an SMS by the one in use), unless it is off or depends
# on the service that failed; then its fallback, the mailbox beside it, or the person's own. Where the endpoint that
# depends is all there is, it is tried. A mailbox that mail came back from gets none, and one whose reader complained or
# opted out of the audience none as one of a list: what comes by a role is a duty. `error` says why nothing leaves.
_ON_THEIR_WAY = f"""
SELECT reached.message_id, reached.person_id, reached.position, reached.turn,
       CASE way.taken WHEN 'next' THEN next.kind WHEN 'mailbox' THEN 'email' WHEN 'person' THEN 'email'
            ELSE reached.channel END AS channel,
       CASE way.taken WHEN 'next' THEN next.code ELSE coalesce(mail.address, reached.address) END AS address,
       CASE way.taken WHEN 'own' THEN own.id WHEN 'next' THEN next.id END AS endpoint_id,
       CASE {KEPT.format(is_out="opted.id IS NOT NULL")}
            WHEN way.taken <> 'none' THEN ''
            WHEN own.id IS NOT NULL THEN 'This channel is switched off.'
            WHEN reached.channel = 'sms' THEN 'No SMS provider is set up.'
            ELSE 'No channel of this name is set up.' END AS error
FROM (SELECT reached.* FROM {REACHED}) AS reached
LEFT JOIN comms_endpoint own ON own.kind = reached.channel AND own.team_id IS NULL
  AND own.code = CASE reached.channel WHEN 'sms' THEN own.code ELSE lower(reached.address) END
  AND (own.is_active OR reached.channel <> 'sms')
LEFT JOIN comms_endpoint next ON next.id = own.fallback_id AND next.is_active AND NOT {{next_depends}}
  AND NOT {_IS_SUBSCRIBER}
CROSS JOIN LATERAL (SELECT CASE
    WHEN reached.channel = 'email' THEN 'mail'
    WHEN own.is_active AND NOT {{own_depends}} THEN 'own'
    WHEN next.id IS NOT NULL THEN 'next'
    WHEN own.fallback_mail <> '' AND NOT {_IS_SUBSCRIBER} THEN 'mailbox'
    WHEN reached.mail <> '' THEN 'person'
    WHEN own.is_active THEN 'own'
    ELSE 'none' END AS taken) AS way
CROSS JOIN LATERAL (SELECT CASE way.taken WHEN 'mail' THEN reached.address WHEN 'mailbox' THEN own.fallback_mail
    WHEN 'person' THEN reached.mail END AS address) AS mail
LEFT JOIN comms_optout opted ON reached.turn IS NOT NULL AND opted.audience_id = reached.audience_id
  AND opted.address = lower(mail.address)
LEFT JOIN comms_suppression held ON held.lifted_at IS NULL AND held.address = lower(mail.address)
  AND (held.reason = 'hard' OR reached.turn IS NOT NULL)
"""  # noqa: S608 -- joins constants
_DEPENDS = """EXISTS (SELECT 1 FROM comms_endpoint_depends_on_services depends
    WHERE depends.endpoint_id = {0}.id AND depends.service_id = %(service)s)"""

# One message an address, from the audience that is served first; then one message a person, on a way that works.
ROUTED = f"""
WITH by_address AS (
    SELECT DISTINCT ON (routed.channel, lower(routed.address)) routed.*
    FROM ({_ON_THEIR_WAY.format(own_depends=_DEPENDS.format("own"), next_depends=_DEPENDS.format("next"))}) AS routed
    ORDER BY routed.channel, lower(routed.address), routed.error, routed.position, routed.person_id NULLS LAST
)
SELECT message_id, person_id, channel, address, endpoint_id, position, error
FROM by_address WHERE person_id IS NULL
UNION ALL
(SELECT DISTINCT ON (person_id) message_id, person_id, channel, address, endpoint_id, position, error
 FROM by_address WHERE person_id IS NOT NULL
 ORDER BY person_id, error <> '', position, turn NULLS LAST)
"""  # noqa: S608 -- joins constants

_TALLY = f"""
SELECT routed.error, count(*) FROM ({ROUTED}) AS routed GROUP BY routed.error
"""  # noqa: S608 -- joins constants


# What a correction copies (comms.services.sending.resending).
_SAME = """
SELECT CASE WHEN wrong.state = 'suppressed' THEN wrong.last_error
            WHEN endpoint.is_active IS FALSE THEN 'This channel is switched off.' ELSE '' END AS error, count(*)
FROM comms_message told
JOIN comms_delivery wrong ON wrong.message_id = told.id
LEFT JOIN comms_endpoint endpoint ON endpoint.id = wrong.endpoint_id
WHERE told.update_id = %(update)s AND told.audience_id = ANY(%(audiences)s::bigint[])
GROUP BY error
"""
_SITES = "SELECT site_id FROM teams_service_sites WHERE service_id = %(service)s"
_TRIED = f"""
SELECT routed.channel, routed.address, routed.person_id, routed.error FROM ({ROUTED}) AS routed
ORDER BY lower(routed.address), routed.channel
"""  # noqa: S608 -- joins constants
assert _SITES in _TRIED


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How many addresses a message would go to, each counted once; and how many not, by the reason."""

    reached: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)


def trial(*, audience: int, service: int, site: int | None) -> tuple[str, dict[str, Any]]:
    """The statement that sends, asked whom it would reach with no incident at hand; at one site instead of all."""
    statement = _TRIED if site is None else _TRIED.replace(_SITES, "SELECT %(site)s::bigint")
    given = {"audiences": [audience], "messages": [0], "service": service, "incident": 0, "closed": False}
    return statement, given | {"own_list": "", "site": site}


def parameters(*, incident: Incident, audiences: Sequence[int], messages: Sequence[int]) -> dict[str, Any]:
    """What REACHED asks for. A private exercise has no list of its own: only its members hear of it."""
    lists = {(True, False): UsedFor.PRIVATE, (False, True): UsedFor.EXERCISES}
    return {
        "audiences": list(audiences),
        "messages": list(messages),
        "service": incident.service_id,
        "incident": incident.pk,
        "closed": incident.is_private or incident.is_exercise,
        "own_list": str(lists.get((incident.is_private, incident.is_exercise), "")),
    }


def tally(*, incident: Incident, audiences: Iterable[Audience]) -> Reach:
    """How many addresses a message to these audiences would go to now, and why others of them get none."""
    ids = [audience.pk for audience in audiences]
    if not ids:
        return Reach()
    return _reach(_TALLY, parameters(incident=incident, audiences=ids, messages=ids))


def same_as(*, update_id: int, audiences: Iterable[Audience]) -> Reach:
    """How many addresses a correction of this update goes to: its own, whoever has joined or left since."""
    return _reach(_SAME, {"update": update_id, "audiences": [audience.pk for audience in audiences]})


def _reach(statement: str, given: Mapping[str, Any]) -> Reach:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = dict(cursor.fetchall())
    return Reach(reached=rows.pop("", 0), left_out=rows)
