"""What names a call, and the address that takes its answers, outside of the portal."""

import hmac
import secrets

from django.utils.crypto import salted_hmac

from comms.models import Endpoint
from comms.rules import paging as rules
from mim_portal.lib import addresses, sealing


def of_call(engagement_id: int) -> str:
    """PagerDuty's dedup_key, Opsgenie's alias: the same for every page of the call, and of no other portal's."""
    return f"mim-call-{engagement_id}-{_mark(engagement_id)}"


def call(key: str) -> int | None:
    """The call that a key names; None where it was not made here."""
    engagement_id = rules.call_of(key)
    if engagement_id is None or not hmac.compare_digest(key, of_call(engagement_id)):
        return None
    return engagement_id


def new_inbound() -> str:
    return secrets.token_urlsafe(24)


def inbound_address(target: Endpoint) -> str:
    """Where its answers go. The end of it is secret, since Opsgenie signs nothing."""
    return addresses.absolute(addresses.page_answers(f"{target.pk}-{sealing.unseal(target.inbound_sealed)}"))


def target(key: str) -> Endpoint | None:
    """The target in use whose address this is the end of."""
    pk, _dash, given = key.partition("-")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    found = Endpoint.objects.select_related("team").filter(pk=int(pk), is_active=True, team__isnull=False).first()
    if found is None:
        return None
    try:
        right = sealing.unseal(found.inbound_sealed)
    except sealing.Unreadable:
        return None
    return found if right and hmac.compare_digest(given.encode(), right.encode()) else None


def _mark(engagement_id: int) -> str:
    return salted_hmac("comms.paging", str(engagement_id), algorithm="sha256").hexdigest()[:16]
