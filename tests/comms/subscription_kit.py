"""Subscribers of a page, and the links in their letters."""

import re
from typing import Any

from comms.choices import SubscriptionState
from comms.models import Delivery, Message, StatusPage, Subscription
from comms.services.subscriptions import asking
from mim_portal.lib import dbtime
from tests.factories import NOON


def subscriber(*, page: StatusPage, address: str = "sam@example.org", **fields: Any) -> Subscription:
    """Confirmed, to the whole page unless something else is said."""
    given: dict[str, Any] = {"state": SubscriptionState.CONFIRMED, "confirmed_at": NOON, **fields}
    return Subscription.objects.create(page=page, address=address, **given)


def ask(page: StatusPage, address: str = "sam@example.org", **fields: Any) -> None:
    """As the form asks, from a network of its own unless one is named."""
    given: dict[str, Any] = {
        "is_whole": not fields.keys() & {"groups", "services", "incidents"},
        "network": "192.0.2.7",
    }
    asking.ask(page=page.slug, address=address, **(given | {"now": dbtime.now()} | fields))


def letters(address: str = "sam@example.org") -> list[Message]:
    """What was written to an address about its subscription, oldest first."""
    ids = Delivery.objects.filter(address=address).values("message")
    return list(Message.objects.filter(pk__in=ids, subscription__isnull=False).order_by("pk"))


def link(letter: Message, *, to: str = "subscription/confirm") -> str:
    """The path of the link in a letter."""
    found = re.search(rf"https?://[^/\s]+(/{to}/(?!confirm)[^\s]+)", letter.text)
    assert found is not None, letter.text
    return found[1]


def token(link: str) -> str:
    """The last part of a link."""
    return link.rstrip("/").rpartition("/")[2]
