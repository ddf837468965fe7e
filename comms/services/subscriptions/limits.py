"""How often anybody may ask: counted in the database by digests, so that a restart or another process changes nothing
and no address is kept."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comms.models import SubscriptionAttempt
from comms.rules import subscriptions as rules
from mim_portal.lib import times
from mim_portal.lib.refusals import Refusal


class TooMany(Refusal):
    """Asked for too often."""

    code = "too_many"
    status = 429

    def __init__(self, message: str, *, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


def take(*, address: str, network: str, host: str = "", now: datetime) -> None:
    """Count one more attempt, or refuse it. Part of the transaction that asks; two at once are counted one by one.
    `host` is of an address that anybody could make up more of.

    The sentence about an address says only how often it was asked for, which whoever asked knows.
    """
    kinds = (
        ("network", rules.network(network), rules.PER_NETWORK, _("Too many people asked from your network.")),
        (
            "address",
            address,
            rules.PER_ADDRESS,
            _("A link was asked for this address several times: look for it there, also among unwanted mail."),
        ),
        ("host", host, rules.PER_HOST, _("Too many addresses of this server were asked for.")),
    )
    for kind, value, limit, words in kinds:
        if not value:
            continue
        digest = salted_hmac(f"comms.subscriptions.{kind}", value).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [digest])
        latest = SubscriptionAttempt.objects.filter(digest=digest).order_by("-at")[: limit.most]
        wait = rules.wait(list(latest.values_list("at", flat=True)), limit=limit, now=now)
        if wait:
            again = _("You can ask again in %s.") % times.duration(wait)
            raise TooMany(f"{words} {again}", wait=wait)
        SubscriptionAttempt.objects.create(digest=digest, at=now)
