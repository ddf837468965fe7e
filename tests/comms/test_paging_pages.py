"""How a team is paged, on its page and by the API: who may change it, what is told once, what is never shown."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from comms.models import Endpoint
from comms.services.paging import keys
from mim_portal.lib import sealing
from mim_portal.models import AuditEntry
from teams.models import Team
from tests import factories
from tests.comms import paging_kit as kit
from tests.comms import recorded
from tests.http_sink import Sink, sink

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
AT = "/teams/database/paging/"


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return kit.team(cast)


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        kept.answers = [(202, {}, recorded.PAGERDUTY_TAKEN)]
        yield kept


def add(client: Client, kind: str = "pagerduty", **changes: str) -> Any:
    given = {"name": "PagerDuty", "key": recorded.ROUTING_KEY, "address": "", **changes}
    return client.post(f"{AT}+new/?kind={kind}", given)


def test_a_member_adds_one_and_copies_the_address_once(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    client = signed_in(cast.rosa)
    told = add(client)
    target = Endpoint.objects.get(team=team)
    assert keys.inbound_address(target) in told.content.decode()
    assert sealing.unseal(target.key_sealed) == recorded.ROUTING_KEY
    assert target.host == "events.pagerduty.com"
    for address in (AT, f"{AT}{target.code}/"):
        page = client.get(address).content.decode()
        assert "PagerDuty" in page
        for secret in (recorded.ROUTING_KEY, sealing.unseal(target.inbound_sealed)):
            assert secret not in page
    assert recorded.ROUTING_KEY not in json.dumps(list(AuditEntry.objects.values_list("data", flat=True)))


def test_it_is_kept_under_an_empty_field_and_its_secret_is_entered_later(
    team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    client = signed_in(cast.rosa)
    add(client)
    target = Endpoint.objects.get(team=team)
    given = {"name": "On call", "key": "", "secret": recorded.PAGERDUTY_SECRET, "is_active": "on"}
    assert client.post(f"{AT}{target.code}/", given).status_code == 302
    target.refresh_from_db()
    assert (target.name, sealing.unseal(target.key_sealed)) == ("On call", recorded.ROUTING_KEY)
    assert sealing.unseal(target.secret_sealed) == recorded.PAGERDUTY_SECRET


def test_others_read_and_change_nothing(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    factories.paging_target(of=team, kind="sms", code="phone", number="+353861234567")
    client = signed_in(cast.desmond)
    page = client.get(AT)
    assert page.status_code == 200
    assert "…567" in page.content.decode()
    assert "+353861234567" not in page.content.decode()
    assert "Send a test page" not in page.content.decode()
    for address in ("+new/", "phone/"):
        assert client.get(AT + address).status_code == 403
    for address in ("phone/", "phone/test/", "phone/address/"):
        assert client.post(AT + address, {"name": "x"}).status_code == 403


@pytest.mark.parametrize("kind", ["sms", "voice"])
def test_what_costs_money_is_set_up_by_an_administrator(
    kind: str, team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    given = {"address": "twilio://AC0:token@+441632960000", "number": "+353 86 123 4567"}
    refused = add(signed_in(cast.rosa), kind, **given)
    assert refused.status_code == 422
    assert "Ask an administrator" in refused.content.decode()
    assert "+353 86 123 4567" in refused.content.decode()
    assert add(signed_in(cast.ada), kind, **given).status_code == 302
    target = Endpoint.objects.get(team=team)
    assert (target.number, target.host, target.inbound_sealed) == ("+353861234567", "twilio", "")


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("pagerduty", {"key": "short"}, "32 letters and digits"),
        ("opsgenie", {"key": "a b"}, "API key of an Opsgenie"),
        ("pagerduty", {"address": "http://events.pagerduty.com/"}, "begin with https"),
        ("webhook", {"address": ""}, "required"),
        ("pagerduty", {"secret": "no"}, "Paste the secret"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    kind: str, changes: dict[str, str], said: str, team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    answer = add(signed_in(cast.rosa), kind, **changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Endpoint.objects.filter(team=team).exists()


def test_no_circle_of_other_ways(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    first = factories.paging_target(of=team, code="first")
    factories.paging_target(of=team, code="second", fallback=first)
    answer = signed_in(cast.rosa).post(f"{AT}first/", {"name": "First", "other_way": "second", "is_active": "on"})
    assert "nobody would be paged at once" in answer.content.decode()


def test_a_test_page_says_that_it_is_one_and_is_closed_again(
    server: Sink, team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    kit.pagerduty(team, server, code="duty")
    page = signed_in(cast.rosa).post(f"{AT}duty/test/")
    assert "The test page went through." in page.content.decode()
    trigger, resolve = (json.loads(one.body) for one in server.taken)
    assert trigger["payload"]["summary"].startswith("[TEST] MIM Portal")
    assert trigger["payload"]["severity"] == "info"
    assert (resolve["event_action"], resolve["dedup_key"]) == ("resolve", trigger["dedup_key"])


def test_a_test_that_fails_says_why(server: Sink, team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    kit.opsgenie(team, server, code="genie")
    server.says(401)
    page = signed_in(cast.rosa).post(f"{AT}genie/test/").content.decode()
    assert "The test page did not go through. It refuses us (401)." in " ".join(page.split())
    assert "in trouble" in page  # in its row too, as on the next visit
    assert recorded.GENIE_KEY not in page


def test_a_new_address_ends_the_former(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    target = factories.paging_target(of=team, code="hook", secret=kit.SECRET)
    told = signed_in(cast.rosa).post(f"{AT}hook/address/").content.decode()
    assert "whsec_" in told
    assert keys.target(f"{target.pk}-inbound") is None
    target.refresh_from_db()
    assert keys.inbound_address(target) in told


def test_the_page_costs_the_same_however_many_there_are(
    team: Team, cast: SimpleNamespace, signed_in: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    other = factories.paging_target(of=team)
    for _ in range(4):
        factories.paging_target(of=team, fallback=other)
    client = signed_in(cast.rosa)
    with django_assert_max_num_queries(6):  # whose session, two of every page, team, membership, targets
        client.get(AT)


class TestApi:
    def test_added_once_told_and_read(self, team: Team, cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
        client = api(cast.rosa, scopes=["read", "teams"])
        given = {"kind": "pagerduty", "name": "PagerDuty", "key": recorded.ROUTING_KEY}
        made = client.post("/api/v1/teams/database/paging/", given, headers={"Idempotency-Key": "1"})
        assert made.status_code == 201
        assert "/paging/" in made.json()["answers"]
        again = client.post("/api/v1/teams/database/paging/", given, headers={"Idempotency-Key": "1"})
        assert again.json()["answers"] == ""
        listed = client.get("/api/v1/teams/database/paging/").json()["results"]
        assert [one["code"] for one in listed] == [made.json()["code"]]
        assert recorded.ROUTING_KEY not in json.dumps(listed)
        assert not {"address", "key", "secret", "answers"} & set(listed[0])

    def test_changed_tried_and_given_another_address(
        self, server: Sink, team: Team, cast: SimpleNamespace, api: Callable[..., APIClient]
    ) -> None:
        kit.pagerduty(team, server, code="duty")
        client, at = api(cast.ada, scopes=["read", "teams"]), "/api/v1/teams/database/paging/duty/"
        assert client.patch(at, {"name": "On call"}).json()["name"] == "On call"
        assert client.post(f"{at}test/").json() == {"is_taken": True, "words": "It was taken."}
        assert "/paging/" in client.post(f"{at}address/").json()["answers"]
        assert client.patch(at, {"number": "+353861234567"}).status_code == 400
        assert client.post("/api/v1/teams/database/paging/none/test/").status_code == 404

    def test_strangers_to_the_team(self, team: Team, cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
        factories.paging_target(of=team, code="hook")
        client, at = api(cast.desmond, scopes=["read", "teams"]), "/api/v1/teams/database/paging/"
        assert client.post(at, {}).status_code == 403
        assert client.patch(f"{at}hook/", {"name": "x"}).status_code == 403
        assert client.get(at).status_code == 200

    def test_it_is_no_channel_of_the_portal(
        self, team: Team, cast: SimpleNamespace, api: Callable[..., APIClient], signed_in: Browser
    ) -> None:
        factories.paging_target(of=team, code="hook", name="Hook of a team")
        assert api(cast.ada, scopes=["admin"]).get("/api/v1/webhooks/").json()["results"] == []
        assert "Hook of a team" not in signed_in(cast.ada).get("/settings/channels/").content.decode()
