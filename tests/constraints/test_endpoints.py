"""What the database refuses of ways out other than mail."""

from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import Endpoint, PageAnswer
from tests import factories
from tests.comms import paging_kit
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


@pytest.mark.parametrize("kind", ["pagerduty", "opsgenie", "voice"])
def test_only_teams_are_paged(kind: str) -> None:
    with refused("endpoint_kind_known"):
        factories.endpoint(kind=kind)


def test_a_team_is_not_paged_in_a_chat() -> None:
    with refused("endpoint_kind_known"):
        factories.paging_target(of=factories.team(), kind="slack")


@pytest.mark.parametrize(
    "fields", [{"events": ["incident.declared"]}, {"fallback_mail": "a@example.org"}, {"hears_private": True}]
)
def test_a_teams_target_hears_calls_alone(fields: dict[str, Any]) -> None:
    with refused("teams_hear_calls"):
        factories.paging_target(of=factories.team(), **fields)


def test_a_team_has_text_messages_of_its_own() -> None:
    factories.endpoint(kind="sms")
    factories.paging_target(of=factories.team(), kind="sms")
    assert Endpoint.objects.filter(kind="sms", is_active=True).count() == 2


def test_a_message_of_a_pager_is_taken_once(cast: SimpleNamespace) -> None:
    team = paging_kit.team(cast)
    call = paging_kit.engage(paging_kit.incident(cast), team, cast)
    given: dict[str, Any] = {"endpoint": factories.paging_target(of=team), "engagement": call, "event": "1"}
    PageAnswer.objects.create(action="acknowledge", at=factories.NOON, **given)
    with refused("page_answer_taken_once"):
        PageAnswer.objects.create(action="resolve", at=factories.NOON, **given)
