"""What the database refuses of ways out other than mail."""

from typing import Any

import pytest

from comms.models import Endpoint
from tests import factories
from tests.constraints.kit import refused

pytestmark = pytest.mark.django_db


def test_mail_is_no_endpoint() -> None:
    with refused("endpoint_kind_known"):
        factories.endpoint(kind="email")


def test_text_messages_leave_by_one_provider_at_a_time() -> None:
    factories.endpoint(kind="sms")
    factories.endpoint(kind="sms", is_active=False)
    with refused("one_sms_endpoint_in_use"):
        factories.endpoint(kind="sms")


def test_an_endpoint_sends_at_least_one_a_minute() -> None:
    with refused("endpoint_sends_something"):
        factories.endpoint(per_minute=0)


def test_it_falls_back_to_one_place() -> None:
    with refused("endpoint_falls_back_once"):
        factories.endpoint(fallback=factories.endpoint(), fallback_mail="ops@example.org")


@pytest.mark.parametrize("kind", ["slack", "teams", "mattermost", "sms"])
def test_people_are_not_told_every_event(kind: str) -> None:
    fields: dict[str, Any] = {"kind": kind, "events": ["incident.declared"]}
    with refused("webhooks_alone_hear_events"):
        factories.endpoint(**fields)
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"events": ["incident.declared"]}, {"kind": "sms"}, {"fallback_mail": "a@example.org"}]
)
def test_a_subscribers_endpoint_hears_what_is_published(fields: dict[str, Any]) -> None:
    with refused("readers_hear_what_is_published"):
        factories.endpoint(is_readers=True, **fields)
