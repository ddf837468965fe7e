"""Ways out other than mail, as administrators and sending see them."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.choices import ChannelKind
from comms.models import Delivery, Endpoint, Recipient
from teams.rules import fingerprints

_BY_NUMBER = (ChannelKind.EMAIL, ChannelKind.SMS)


def own() -> QuerySet[Endpoint]:
    """The portal's own; what subscribers entered is theirs, and where a team is paged is the team's."""
    return Endpoint.objects.filter(is_readers=False, team=None)


def endpoints() -> QuerySet[Endpoint]:
    """The portal's own, those in use first."""
    found = own().select_related("fallback").prefetch_related("depends_on_services")
    return found.order_by("-is_active", "kind", "name", "pk")


def sms() -> Endpoint | None:
    """The one that text messages leave by, of whoever is not a team's."""
    return own().filter(kind=ChannelKind.SMS, is_active=True).first()


def one(code: str, *, kind: str = "") -> Endpoint | None:
    found = endpoints().filter(code=code)
    return (found.filter(kind=kind) if kind else found).first()


def other_ways(code: str) -> list[tuple[str, str]]:
    """Code and name of what the endpoint with this code may fall back to."""
    found = own().exclude(kind=ChannelKind.SMS).exclude(code=code).order_by("name", "pk")
    return list(found.values_list("code", "name"))


def codes() -> set[tuple[str, str]]:
    """Kind and code of each."""
    return set(own().values_list("kind", "code"))


def unknown(channel: str, address: str, *, among: Collection[tuple[str, str]] | None = None) -> str:
    """Why no endpoint is meant by a recipient's address; "" where one is, or none is needed."""
    if channel in _BY_NUMBER or (channel, address) in (codes() if among is None else among):
        return ""
    message = _("There is no %(kind)s channel %(code)s. Add it under Settings, Channels.")
    return message % {"kind": ChannelKind(channel).label, "code": address}


def state(found: Endpoint) -> dict[str, Any]:
    """What may be seen and changed of it: neither address nor secret."""
    return {
        "name": found.name,
        "fallback": found.fallback.code if found.fallback else "",
        "fallback_mail": found.fallback_mail,
        "depends_on_services": sorted(service.slug for service in found.depends_on_services.all()),
        "events": list(found.events),
        "per_minute": found.per_minute,
        "is_active": found.is_active,
        "is_technical": found.is_technical,
        "hears_private": found.hears_private,
        "hears_exercises": found.hears_exercises,
    }


def version(found: Endpoint) -> str:
    """Changes with every change of it."""
    return fingerprints.of(state(found) | {"address": found.address_sealed, "secret": found.secret_sealed})


def recipients(found: Endpoint) -> QuerySet[Recipient]:
    """The rows of audiences that go out by this endpoint."""
    rows = Recipient.objects.filter(channel=found.kind, is_active=True).select_related("audience")
    if found.kind != ChannelKind.SMS:
        rows = rows.filter(address__iexact=found.code)
    return rows.order_by("audience__position", "audience_id", "pk")


def deliveries(found: Endpoint) -> QuerySet[Delivery]:
    """What it was sent, whatever became of it; newest first."""
    return Delivery.objects.filter(endpoint_id=found.pk).select_related("message").order_by("-pk")


def hearing() -> QuerySet[Endpoint]:
    """Webhooks that asked for events."""
    return Endpoint.objects.filter(kind=ChannelKind.WEBHOOK, is_active=True).exclude(events=[]).order_by("pk")
