"""One call for every way out that is not mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comms.adapters import guarded_apprise, pagers, webhook
from comms.choices import ChannelKind
from comms.rules.paging import Page
from mim_portal.lib import outgoing


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where it goes, opened for this moment."""

    kind: str
    address: str
    secrets: Sequence[str] = ()
    key: str = ""  # of an integration


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What goes: title and text for a chat, text and number for a phone, the exact body for a webhook."""

    id: str  # the same for every attempt, so that a receiver recognises a repeated one
    title: str = ""
    text: str = ""
    number: str = ""
    page: Page | None = None  # for what knows calls itself


def send(way: Way, parcel: Parcel, *, now: datetime) -> outgoing.Answer:
    """What the other side answers; outgoing.Forbidden and outgoing.Unreachable where there is no answer."""
    if way.kind == ChannelKind.WEBHOOK:
        return webhook.send(address=way.address, secrets=way.secrets, message_id=parcel.id, body=parcel.text, now=now)
    if parcel.page is not None:
        return pagers.send(kind=way.kind, address=way.address, key=way.key, page=parcel.page)
    return guarded_apprise.send(
        kind=way.kind, address=way.address, title=parcel.title, text=parcel.text, number=parcel.number
    )
