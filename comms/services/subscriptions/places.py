"""Where readers get their updates who take them not by mail: a chat channel, or another system's webhook.

The same address is one endpoint, whoever asks with it and of however many pages. It leaves by the same lanes as
everything that is no mail (comms.services.sending.lanes), and stands in no list of the portal's own channels.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comms.choices import ChannelKind, DeliveryState, SubscriptionState
from comms.models import Delivery, Endpoint, Subscription
from comms.rules import endpoints as rules
from comms.rules import subscriptions as subscription_rules
from comms.services.sending import endpoints
from mim_portal.lib import outgoing, sealing
from mim_portal.lib.refusals import Invalid
from teams.services.cleaning import cleaned


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address that somebody typed, by the name that it has here: what it is can not be told from that."""

    kind: str
    address: str
    code: str
    host: str


def named(kind: str, typed: str) -> Place:
    """The address as it would be kept; Invalid where it is none that a stranger may have called.

    Hosts of one's own network are for channels that administrators add, whatever OUTGOING_INTERNAL_HOSTS allows.
    """
    address = str(cleaned("address", lambda text: rules.address(kind, text), typed))
    try:
        parts = outgoing.check(address)
    except outgoing.Forbidden as error:
        raise Invalid(_(str(error)), field="address") from error
    if parts.scheme != "https" or outgoing.is_internal(parts) or outgoing.is_at_home(parts):
        raise Invalid(_("Only addresses on the internet that begin with https:// are called."), field="address")
    digest = salted_hmac("comms.subscriptions.place", address, algorithm="sha256").hexdigest()[:32]
    return Place(kind=kind, address=address, code=f"{kind}-{digest}", host=rules.host(kind, address))


@transaction.atomic
def kept(place: Place) -> Endpoint:
    """The endpoint of the address; a new webhook's messages are signed from the first on."""
    secret = endpoints.new_secret() if place.kind == ChannelKind.WEBHOOK else ""
    found, _is_new = Endpoint.objects.get_or_create(
        code=place.code,
        defaults={
            "kind": place.kind,
            "name": f"{ChannelKind(place.kind).label} ({place.host})"[:120],
            "address_sealed": sealing.seal(place.address),
            "host": place.host,
            "secret_sealed": sealing.seal(secret),
            "is_readers": True,
        },
    )
    return found


def secret_of(row: Subscription) -> str:
    """What signs a webhook's messages, for the holder of its confirming link; "" where nothing is signed."""
    try:
        return sealing.unseal(row.endpoint.secret_sealed) if row.endpoint is not None else ""
    except sealing.Unreadable:
        return ""


@transaction.atomic
def note(endpoint: Endpoint) -> int:
    """A message was given up here. After several in a row nothing more goes there: subscriptions to it are suspended,
    until somebody asks again from there; how many."""
    if not endpoint.is_readers:
        return 0
    ended = Delivery.objects.filter(endpoint_id=endpoint.pk, state__in=[DeliveryState.SENT, DeliveryState.DEAD])
    last = list(ended.order_by("-pk").values_list("state", flat=True)[: subscription_rules.SILENT_AFTER])
    if last != [DeliveryState.DEAD] * subscription_rules.SILENT_AFTER:
        return 0
    confirmed = Subscription.objects.filter(endpoint=endpoint, state=SubscriptionState.CONFIRMED)
    return confirmed.update(state=SubscriptionState.SUSPENDED)


@transaction.atomic
def forget(*, limit: int) -> int:
    """Delete addresses that nobody subscribes with any more; how many. One that is being asked for stays."""
    unserved = Endpoint.objects.filter(is_readers=True).exclude(busy_until__gt=Now())
    unused = unserved.exclude(pk__in=Subscription.objects.filter(endpoint__isnull=False).values("endpoint"))
    held = list(unused.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit])
    # Read again under the lock: somebody may have asked between the two.
    used = set(Subscription.objects.filter(endpoint__in=held).values_list("endpoint", flat=True))
    gone = [pk for pk in held if pk not in used]
    Delivery.objects.filter(endpoint_id__in=gone, state__in=[DeliveryState.PENDING, DeliveryState.FAILED]).update(
        state=DeliveryState.SUPPRESSED, last_error="Its reader has ended the subscription."
    )
    Endpoint.objects.filter(pk__in=gone).delete()
    return len(gone)
