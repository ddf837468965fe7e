"""Signed links: one that confirms, for three days, and one that changes and ends, for good. No account is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.db import connection

from comms.models import Subscription
from comms.rules import subscriptions as rules
from comms.rules.replies import Way
from comms.rules.subscriptions import Scope
from mim_portal.lib import addresses

_PACKED: Final = 5  # the four parts of a scope, and the language; links made before there was one have none
_CONFIRM, _MANAGE = "comms.subscriptions.confirm", "comms.subscriptions.manage"

# Copies that go to an address because it subscribed, whether or not it stands on a list as well.
_SUBSCRIBED = """
SELECT DISTINCT ON (delivery.id) delivery.id, page.slug, page.language, subscription.id, subscription.address
FROM comms_delivery delivery
JOIN comms_message message ON message.id = delivery.message_id
  AND (message.update_id IS NOT NULL OR message.maintenance_id IS NOT NULL)
JOIN comms_statuspage page ON page.audience_id = message.audience_id
JOIN comms_subscription subscription ON subscription.page_id = page.id AND subscription.channel = delivery.channel
  AND subscription.address = lower(delivery.address) AND subscription.state = 'confirmed'
WHERE delivery.id = ANY(%s) AND delivery.person_id IS NULL
ORDER BY delivery.id, page.id
"""


@dataclass(frozen=True, kw_only=True)
class Confirming:
    """Whose confirmation a link is, of what, and in which language it was asked for."""

    pk: int
    address: str
    wanted: Scope
    language: str


def ways(deliveries: Sequence[int]) -> dict[int, Way]:
    """For each copy to a subscriber: the page's name in addresses, and the ways to end it."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBSCRIBED, [list(deliveries)])
        return {
            pk: way(slug, manage_token(subscription, address), language=language)
            for pk, slug, language, subscription, address in cursor.fetchall()
        }


def way(slug: str, token: str, *, language: str = "") -> Way:
    """By the token of a subscription to the page with this address."""
    return Way(code=slug, link=addresses.absolute(addresses.subscription(token)), token=token, language=language)


def to_confirm(row: Subscription, wanted: Scope, *, language: str = "") -> str:
    """The whole address of the page whose button confirms; what was asked for travels in it, and in which language, so
    that nobody else's asking changes it."""
    packed = [row.pk, row.address, *wanted.packed(), language]
    signed = signing.TimestampSigner(salt=_CONFIRM).sign_object(packed, compress=True)
    return addresses.absolute(addresses.subscription_confirm(signed))


def to_manage(row: Subscription, *, language: str = "") -> str:
    """The whole address of the page where it is changed and ended; mail programs post their one click there."""
    return addresses.absolute(addresses.subscription(manage_token(row.pk, row.address), language=language))


def manage_token(pk: int, address: str) -> str:
    return signing.Signer(salt=_MANAGE).sign_object([pk, address])


def confirming(token: str) -> Confirming | None:
    """None where it was forged or is too old."""
    signer = signing.TimestampSigner(salt=_CONFIRM)
    try:
        pk, address, *packed = signer.unsign_object(token, max_age=rules.CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError):
        return None
    *scope, language = packed if len(packed) == _PACKED else (*packed, "")
    return Confirming(pk=pk, address=address, wanted=rules.unpacked(scope), language=language)


def managing(token: str) -> tuple[int, str] | None:
    """Whose subscription it is; None where it was forged."""
    try:
        found: Any = signing.Signer(salt=_MANAGE).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return found[0], found[1]
