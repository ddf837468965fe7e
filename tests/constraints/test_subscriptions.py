"""What the database refuses of those who read status pages: subscriptions, and links to customers' pages."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import PageLink
from tests import factories, status_pages
from tests.comms.subscription_kit import subscriber
from tests.constraints.kit import refused
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("alone")


def test_what_a_subscription_cannot_be(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    subscriber(page=page)
    with refused("subscribed_once"):
        subscriber(page=page)
    with refused("subscription_in_small_letters"):
        subscriber(page=page, address="Ann@example.org")
    with refused("subscription_state_known"):
        subscriber(page=page, address="ann@example.org", state="asleep")
    by_chat = factories.endpoint(kind="slack", is_readers=True)
    for given in ({"channel": "slack"}, {"endpoint": by_chat}, {"channel": "sms"}):
        with refused("subscribed_by_mail_or_an_endpoint"):
            subscriber(page=page, address="ann@example.org", **given)
    for state, confirmed_at in (("pending", NOON), ("confirmed", None)):
        with refused("subscription_confirmed_at_a_time"):
            subscriber(page=page, address="ann@example.org", state=state, confirmed_at=confirmed_at)
    for state, ended_at in (("ended", None), ("confirmed", NOON)):
        with refused("subscription_ended_at_a_time"):
            subscriber(page=page, address="ann@example.org", state=state, ended_at=ended_at)
    with refused("subscription_to_something"):
        subscriber(page=page, address="ann@example.org", is_whole=False)
    for given in ({"consent": "By letter."}, {"added_by": cast.ada}):
        with refused("imported_with_consent"):
            subscriber(page=page, address="ann@example.org", **given)


def test_what_a_link_to_a_page_cannot_be(cast: SimpleNamespace) -> None:
    row: dict[str, Any] = {"page": status_pages.page(), "reader": "Buyer", "made_by": cast.ada, "made_at": NOON}
    with refused("page_link_ends_later"):
        PageLink.objects.create(**row, expires_at=NOON)
    for half in ({"revoked_at": NOON}, {"revoked_by": cast.ada}):
        with refused("page_link_revoked_by_somebody"):
            PageLink.objects.create(**row, expires_at=NOON + timedelta(days=1), **half)
