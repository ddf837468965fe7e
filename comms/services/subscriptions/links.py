"""Signed links: one that confirms, for three days, and one that changes and ends, for good. No account is needed.

In an SMS each letter is paid for, so that a short one leads to either of them.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from comms.models import Subscription
from comms.rules import subscriptions as rules
from comms.rules.replies import Way
from comms.rules.subscriptions import Scope
from mim_portal.lib import addresses

_PACKED: Final = 5  # the four parts of a scope, and the language; links made before there was one have none
_SHORT: Final = 12  # letters of a short link's signature: 72 bits, which nobody guesses by asking
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
    return addresses.absolute(addresses.subscription_confirm(confirm_token(row, wanted, language=language)))


def to_manage(row: Subscription, *, language: str = "") -> str:
    """The whole address of the page where it is changed and ended; mail programs post their one click there."""
    return addresses.absolute(addresses.subscription(manage_token(row.pk, row.address), language=language))


def confirm_token(row: Subscription, wanted: Scope, *, language: str = "") -> str:
    packed = [row.pk, row.address, *wanted.packed(), language]
    return signing.TimestampSigner(salt=_CONFIRM).sign_object(packed, compress=True)


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


def short(row: Subscription, *, language: str = "") -> str:
    """The whole address, short enough for an SMS, that leads to where it is confirmed, or changed and ended."""
    named = f"{int_to_base36(row.pk)}{'-' if language else ''}{language}"
    return addresses.absolute(
        addresses.short_subscription(f"{named}-{_short(named, row.address, settings.SECRET_KEY)}")
    )


def of_short(code: str) -> tuple[Subscription, str] | None:
    """Whose short link it is, and in which language it was asked for; None where it was forged or it is gone."""
    named, _, language = code[: -_SHORT - 1].partition("-")
    try:
        row = Subscription.objects.filter(pk=base36_to_int(named)).select_related("page").first()
    except (ValueError, OverflowError):
        return None
    if row is None or not code.isascii():
        return None
    said, given = code[: -_SHORT - 1], code[-_SHORT:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    is_ours = [constant_time_compare(_short(said, row.address, key), given) for key in keys]
    return (row, language) if any(is_ours) else None


def _short(named: str, address: str, key: str | bytes) -> str:
    made = salted_hmac("comms.subscriptions.short", f"{named} {address}", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made)[:_SHORT].decode()
