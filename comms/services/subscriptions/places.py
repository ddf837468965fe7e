"""Where readers get their updates who take them not by mail: a chat channel, another system's webhook, or a phone.

The same address is one endpoint, whoever asks with it and of however many pages. It leaves by the same lanes as
everything that is no mail (comms.services.sending.lanes), and stands in no list of the portal's own channels. A phone's
number leaves by the lane of the SMS endpoint that is in use, at its rate.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comms.choices import DUE_DELIVERIES, ChannelKind, DeliveryState, SubscriptionState
from comms.models import Delivery, Endpoint, StatusPage, Subscription
from comms.queries.recipients import endpoints as queries
from comms.rules import endpoints as rules
from comms.rules import numbers
from comms.rules import subscriptions as subscription_rules
from comms.services.sending import endpoints
from mim_portal.lib import outgoing, sealing
from mim_portal.lib.refusals import Invalid
from teams.services.cleaning import cleaned

ENDED = "Its reader has ended the subscription."
_PHONE = f"{ChannelKind.SMS.value}-"


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address that somebody typed, by the name that it has here: what it is can not be told from that."""

    kind: str
    address: str
    code: str
    host: str


def named(kind: str, typed: str, *, page: StatusPage) -> Place:
    """The address as it would be kept; Invalid where it is none that a stranger may have called.

    Hosts of one's own network are for channels that administrators add, whatever OUTGOING_INTERNAL_HOSTS allows.
    Numbers are taken where the page takes them and something can send to them.
    """
    if kind == ChannelKind.SMS:
        if not takes_sms(page):
            raise Invalid(_("This page sends no SMS. Choose another way."), field="channel")
        number = str(cleaned("address", lambda text: numbers.mobile(text, countries=page.sms_countries), typed))
        return Place(kind=kind, address=number, code=_code(kind, number), host=numbers.country(number))
    address = str(cleaned("address", lambda text: rules.address(kind, text), typed))
    try:
        parts = outgoing.check(address)
    except outgoing.Forbidden as error:
        raise Invalid(_(str(error)), field="address") from error
    if parts.scheme != "https" or outgoing.is_internal(parts) or outgoing.is_at_home(parts):
        raise Invalid(_("Only addresses on the internet that begin with https:// are called."), field="address")
    return Place(kind=kind, address=address, code=_code(kind, address), host=rules.host(kind, address))


def takes_sms(page: StatusPage) -> bool:
    """Whether somebody may subscribe by SMS here: an administrator wants it, and a provider is set up."""
    return page.takes_sms and queries.sms() is not None


def way_out(row: Subscription) -> int | None:
    """Whose lane messages to it leave by; of a mailbox none."""
    if row.channel != ChannelKind.SMS:
        return row.endpoint_id
    provider = queries.sms()
    return provider.pk if provider is not None else None


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
            "is_active": place.kind != ChannelKind.SMS,
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
    if not endpoint.is_readers or endpoint.kind == ChannelKind.SMS:
        return 0
    ended = Delivery.objects.filter(endpoint_id=endpoint.pk, state__in=[DeliveryState.SENT, DeliveryState.DEAD])
    last = list(ended.order_by("-pk").values_list("state", flat=True)[: subscription_rules.SILENT_AFTER])
    if last != [DeliveryState.DEAD] * subscription_rules.SILENT_AFTER:
        return 0
    return _suspend(endpoint)


def phones(addresses: Iterable[str]) -> dict[str, str]:
    """Which of these addresses of SMS are subscribers', with their sealed numbers."""
    codes = [address for address in addresses if is_phone(address)]
    if not codes:
        return {}
    held = Endpoint.objects.filter(code__in=codes, kind=ChannelKind.SMS, is_readers=True)
    return dict(held.values_list("code", "address_sealed"))


def is_phone(address: str) -> bool:
    """Whether an address of SMS stands for a subscriber's number; those of audiences are numbers themselves."""
    return address.startswith(_PHONE)


@transaction.atomic
def note_phone(code: str, *, state: str, error: str) -> int:
    """What became of an SMS to a subscriber. Where the provider says no to the number several times in a row, nothing
    more goes there, as with `note`; how many. Trouble of the provider itself is nobody's number."""
    phone = Endpoint.objects.filter(code=code, is_readers=True)
    if state == DeliveryState.SENT:
        phone.filter(failures__gt=0).update(failures=0)
        return 0
    if state != DeliveryState.DEAD or not rules.refuses_number(error):
        return 0
    phone.update(failures=F("failures") + 1)
    silent = phone.filter(failures__gte=subscription_rules.SILENT_AFTER).first()
    return _suspend(silent) if silent is not None else 0


def _suspend(endpoint: Endpoint) -> int:
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
    codes = list(Endpoint.objects.filter(pk__in=gone, kind=ChannelKind.SMS).values_list("code", flat=True))
    waiting = Delivery.objects.filter(endpoint_id__isnull=False, state__in=DUE_DELIVERIES)
    waiting.filter(Q(endpoint_id__in=gone) | Q(channel=ChannelKind.SMS, address__in=codes)).update(
        state=DeliveryState.SUPPRESSED, last_error=ENDED
    )
    Endpoint.objects.filter(pk__in=gone).delete()
    return len(gone)


def _code(kind: str, address: str) -> str:
    digest = salted_hmac("comms.subscriptions.place", address, algorithm="sha256").hexdigest()[:32]
    return f"{kind}-{digest}"
