"""How often anybody may ask: counted in the database by digests, so that a restart or another process changes nothing
and no address is kept."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comms.models import StatusPage, SubscriptionAttempt
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


def take(*, address: str, network: str, host: str = "", texting: StatusPage | None = None, now: datetime) -> None:
    """Count one more attempt, or refuse it. Part of the transaction that asks; two at once are counted one by one.
    `host` is of an address that anybody could make up more of, `texting` the page that pays an SMS for this one.

    The sentence about an address says only how often it was asked for, which whoever asked knows.
    """
    kinds = (
        ("network", rules.network(network), rules.PER_NETWORK, _("Too many people asked from your network.")),
        (
            "address",
            address,
            rules.PER_NUMBER if texting else rules.PER_ADDRESS,
            _("An SMS with a link went to this number within the last day: look for it there.")
            if texting
            else _("A link was asked for this address several times: look for it there, also among unwanted mail."),
        ),
        ("host", host, rules.PER_HOST, _("Too many addresses of this server were asked for.")),
        (
            "page",
            str(texting.pk) if texting else "",
            rules.texts(texting.sms_a_day if texting else 0),
            _("This page has sent as many first SMS as it may within a day. Subscribe by e-mail, or ask later."),
        ),
    )
    for kind, value, limit, words in kinds:
        if not value:
            continue
        digest = _digest(kind, value)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [digest])
        latest = SubscriptionAttempt.objects.filter(digest=digest).order_by("-at")[: limit.most]
        wait = rules.wait(list(latest.values_list("at", flat=True)), limit=limit, now=now)
        if wait:
            again = _("You can ask again in %s.") % times.duration(wait)
            raise TooMany(f"{words} {again}", wait=wait)
        SubscriptionAttempt.objects.create(digest=digest, at=now)


def texts(page: StatusPage, *, now: datetime) -> int:
    """How many first SMS the page has sent within a day."""
    since = now - rules.texts(page.sms_a_day).within
    return SubscriptionAttempt.objects.filter(digest=_digest("page", str(page.pk)), at__gt=since).count()


def _digest(kind: str, value: str) -> str:
    return salted_hmac(f"comms.subscriptions.{kind}", value).hexdigest()
