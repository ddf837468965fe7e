"""Subscribing by a chat channel or a webhook: asked for, confirmed, reached, suspended, ended, forgotten."""

import html
import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from comms.adapters import languagetool, memory
from comms.choices import SubscriptionState, UpdateKind
from comms.models import Delivery, Endpoint, Message, StatusPage, Subscription
from comms.queries import measures
from comms.queries.recipients import endpoints as queries
from comms.rules import subscriptions as rules
from comms.services.sending import endpoints, lanes
from comms.services.subscriptions import forgetting, keeping, limits, links, places
from comms.tasks import channels
from mim_portal.lib import dbtime, sealing
from mim_portal.lib.refusals import Invalid
from tests import factories, status_pages
from tests.comms import maintenance_kit, update_kit
from tests.comms import subscription_kit as kit
from tests.http_sink import Sink, sink

pytestmark = pytest.mark.django_db

HOOK = "https://receiver.example.org/in?key=S3cret"
SLACK = "https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/abcdefABCDEF123456789012"
TEAMS = (
    "https://prod-1.westeurope.logic.azure.com/workflows/0123456789abcdef/triggers/manual/paths/invoke?api-version=1"
    "&sig=S3cret"
)
MATTERMOST = "https://chat.example.org/hooks/abcdefghij0123456789abcdef"
TYPED = {"webhook": HOOK, "slack": SLACK, "teams": TEAMS, "mattermost": MATTERMOST}


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.BASE_URL = "https://portal.example"
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def shown(cast: SimpleNamespace) -> StatusPage:
    found = status_pages.page(audience="end_users")
    for slug in ("payroll", "mail"):
        status_pages.component(of=found, service=factories.service(slug=slug, name=slug.title()))
    return found


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    """What stands behind the addresses, once they are kept."""
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        yield kept


def asked(page: StatusPage, kind: str = "webhook", **fields: Any) -> Subscription:
    kit.ask(page, TYPED[kind], channel=kind, **fields)
    return Subscription.objects.select_related("endpoint").get(channel=kind, page=page)


def leads_to(row: Subscription, address: str) -> Endpoint:
    assert row.endpoint is not None
    row.endpoint.address_sealed = sealing.seal(address)
    row.endpoint.save(update_fields=["address_sealed"])
    return row.endpoint


def confirmed(page: StatusPage, kind: str = "webhook", **fields: Any) -> Subscription:
    row = asked(page, kind, **fields)
    keeping.confirm(kit.token(links.to_confirm(row, rules.Scope(is_whole=True))), now=dbtime.now())
    Delivery.objects.filter(address=row.address).delete()
    row.refresh_from_db()
    return row


class TestAsking:
    def test_the_first_message_of_a_webhook_is_signed_and_has_the_link(self, shown: StatusPage, server: Sink) -> None:
        row = asked(shown, services=["mail"])
        assert (row.state, row.shown) == ("pending", "Webhook (receiver.example.org)")
        endpoint = leads_to(row, f"{server.url}/in")
        assert channels.run_lane(endpoint.pk) == 1
        (taken,) = server.taken
        said = Webhook(places.secret_of(row)).verify(taken.body, taken.headers)
        assert (said["type"], said["data"]["page"]) == ("subscription.confirm", "public")
        assert said["data"]["asked_for"] == ["Mail"]
        link = said["data"]["confirm"]
        assert keeping.confirm(kit.token(link), now=dbtime.now()).state == SubscriptionState.CONFIRMED

    @pytest.mark.parametrize("kind", ["slack", "teams", "mattermost"])
    def test_a_chat_gets_the_letter(self, shown: StatusPage, kind: str) -> None:
        row = asked(shown, kind)
        (letter,) = kit.letters(row.address)
        assert letter.subject == "Confirm: updates of Example status"
        assert keeping.asked(kit.token(kit.link(letter))).row.pk == row.pk
        delivery = Delivery.objects.get(address=row.address)
        assert (delivery.channel, delivery.endpoint_id) == (kind, row.endpoint_id)

    def test_the_address_is_sealed_and_shown_to_nobody(self, shown: StatusPage) -> None:
        row = asked(shown)
        stored = str([*Endpoint.objects.values(), *Subscription.objects.values(), *Message.objects.values()])
        assert "S3cret" not in stored
        assert row.endpoint is not None
        assert sealing.unseal(row.endpoint.address_sealed) == HOOK

    @pytest.mark.parametrize(
        ("kind", "address", "words"),
        [
            ("webhook", "http://receiver.example.org/in", "https"),
            ("webhook", "https://ann:pw@receiver.example.org/", "password"),
            ("webhook", "https://127.0.0.1:{port}/in", "on the internet"),
            ("webhook", "https://10.1.2.3/in", "on the internet"),
            ("webhook", "https://169.254.169.254/latest/meta-data/", "on the internet"),
            ("webhook", "https://[::1]/in", "on the internet"),
            ("webhook", "https://localhost/in", "on the internet"),
            ("webhook", "https://wiki.internal/in", "on the internet"),
            ("slack", HOOK, "incoming webhook"),
            ("teams", SLACK, "workflow"),
            ("mattermost", "http://127.0.0.1:{port}/hooks/abcdefghij0123456789abcdef", "on the internet"),
            ("sms", "+447911123456", "sends no SMS"),
        ],
    )
    def test_what_is_not_called(self, shown: StatusPage, server: Sink, kind: str, address: str, words: str) -> None:
        """Not even a host of one's own network that administrators may use."""
        with pytest.raises(Invalid, match=words):
            kit.ask(shown, address.format(port=server.port), channel=kind)
        assert not Endpoint.objects.exists()

    def test_one_server_is_not_asked_for_under_many_addresses(self, shown: StatusPage) -> None:
        for number in range(rules.PER_HOST.most):
            kit.ask(shown, f"{HOOK}&n={number}", channel="webhook", network=f"192.0.2.{number}")
        with pytest.raises(limits.TooMany, match="this server"):
            kit.ask(shown, f"{HOOK}&n=more", channel="webhook", network="192.0.2.99")
        kit.ask(shown, SLACK, channel="slack")

    def test_an_address_is_asked_three_times_a_day(self, shown: StatusPage) -> None:
        for _ in range(rules.PER_ADDRESS.most):
            asked(shown, "slack")
        with pytest.raises(limits.TooMany, match="for this address"):
            asked(shown, "slack")

    def test_the_same_address_is_one_endpoint_of_all_pages(self, shown: StatusPage) -> None:
        first = asked(shown)
        second = asked(status_pages.page(slug="shop", audience="end_users"))
        assert first.endpoint == second.endpoint
        assert first.pk != second.pk


class TestPages:
    def test_from_the_form_to_the_end(self, shown: StatusPage) -> None:
        reader = Client()
        given = {"channel": "webhook", "address": HOOK, "what": "whole"}
        answer = reader.post("/subscribe/public/", given, follow=True)
        assert answer.redirect_chain == [("/subscribe/public/?asked=webhook", 302)]
        assert "Look where the address leads" in text_of(answer)
        row = Subscription.objects.get()
        (letter,) = kit.letters(row.address)
        link = json.loads(letter.text)["data"]["confirm"].removeprefix("https://portal.example")
        page = text_of(reader.get(link))
        assert places.secret_of(row) in page
        assert "Webhook (receiver.example.org) gets updates of" in page
        after = reader.post(link, follow=True)
        assert "Webhook (receiver.example.org) gets updates of everything" in text_of(after)
        assert "whsec_" not in text_of(after)
        own = after.redirect_chain[-1][0]
        assert "gets no more updates" in text_of(reader.post(f"{own}change/", {"deed": "end"}, follow=True))

    def test_what_was_typed_stays_with_the_reason(self, shown: StatusPage) -> None:
        given = {"channel": "slack", "address": HOOK, "what": "whole"}
        answer = Client().post("/subscribe/public/", given)
        assert answer.status_code == 422
        assert "https://hooks.slack.com/services/" in text_of(answer)
        assert HOOK in text_of(answer)

    def test_a_suspended_one_says_how_it_comes_back(self, shown: StatusPage) -> None:
        row = confirmed(shown)
        Subscription.objects.update(state=SubscriptionState.SUSPENDED)
        page = Client().get(f"/subscription/{links.manage_token(row.pk, row.address)}/")
        assert "did not take several messages" in text_of(page)

    def test_who_looks_after_the_page_sees_kind_and_host(
        self, shown: StatusPage, cast: SimpleNamespace, signed_in: Any
    ) -> None:
        confirmed(shown)
        admin = signed_in(cast.ada)
        page = text_of(admin.get("/settings/status-pages/public/subscribers/?q=receiver"))
        assert "Webhook (receiver.example.org)" in page
        shown_rows = admin.get("/api/v1/status-pages/public/subscriptions/").json()["results"]
        assert [(row["channel"], row["address"]) for row in shown_rows] == [
            ("webhook", "Webhook (receiver.example.org)")
        ]


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


class TestReached:
    def test_an_update_leaves_by_its_lane_with_the_link_that_ends_it(
        self, shown: StatusPage, cast: SimpleNamespace, server: Sink
    ) -> None:
        shown.language = "de"
        shown.save(update_fields=["language"])
        hook, chat = confirmed(shown), confirmed(shown, "mattermost")
        ways = [
            leads_to(hook, f"{server.url}/in"),
            leads_to(chat, f"{server.url}/hooks/abcdefghij0123456789abcdef"),
        ]
        service = shown.components.get(service__slug="payroll").service
        made = update_kit.drafted(
            update_kit.declared(cast.mia, service=service), cast.mia, "end_users", kind=UpdateKind.INITIAL
        )
        update_kit.published(made, cast.mia)
        assert [channels.run_lane(way.pk) for way in ways] == [1, 1]
        first, second = server.taken
        said = Webhook(places.secret_of(hook)).verify(first.body, first.headers)
        assert (said["type"], said["data"]["update"]) == ("update.message", made.pk)
        assert said["data"]["manage"] == links.to_manage(hook)
        assert f"Diese Meldungen ändern oder beenden: {links.to_manage(chat)}" in json.loads(second.body)["text"]
        keeping.end(kit.token(said["data"]["manage"]), now=dbtime.now())
        hook.refresh_from_db()
        assert hook.state == SubscriptionState.ENDED

    def test_planned_maintenance_is_told(self, shown: StatusPage, cast: SimpleNamespace, server: Sink) -> None:
        row = confirmed(shown)
        endpoint = leads_to(row, f"{server.url}/in")
        window = maintenance_kit.plan(by=cast.mia, now=dbtime.now(), services=["payroll"])
        assert channels.run_lane(endpoint.pk) == 1
        said = json.loads(server.taken[0].body)
        assert (said["type"], said["data"]["maintenance"]) == ("maintenance.message", window.pk)
        assert said["data"]["manage"] == links.to_manage(row)


class TestSilence:
    def sent(self, row: Subscription, server: Sink, *statuses: int) -> str:
        """How the subscription stands after messages that were answered so."""
        endpoint = leads_to(row, f"{server.url}/in")
        for status in statuses:
            server.says(status)
            message = Message.objects.create(subject="x", text="x", thread="MI-1")
            Delivery.objects.create(message=message, channel=row.channel, address=row.address, endpoint_id=endpoint.pk)
            channels.run_lane(endpoint.pk)
        row.refresh_from_db()
        return row.state

    def test_several_in_a_row_that_it_does_not_take_suspend(self, shown: StatusPage, server: Sink) -> None:
        row = confirmed(shown)
        assert self.sent(row, server, 404, 404) == SubscriptionState.CONFIRMED
        assert self.sent(row, server, 200, 404, 404) == SubscriptionState.CONFIRMED
        assert self.sent(row, server, 404) == SubscriptionState.SUSPENDED
        again = asked(shown)
        scope = rules.Scope(is_whole=True)
        assert keeping.confirm(kit.token(links.to_confirm(again, scope)), now=dbtime.now()).state == "confirmed"

    def test_the_portals_own_channels_are_not_suspended(self) -> None:
        assert places.note(factories.endpoint()) == 0

    def test_the_portals_own_leave_first_and_find_a_place(
        self, shown: StatusPage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row, own = asked(shown), factories.endpoint()
        message = Message.objects.create(subject="x", text="x", thread="MI-1")
        Delivery.objects.create(message=message, channel="webhook", address=own.code, endpoint_id=own.pk)
        assert (lanes.due(), lanes.due(of_readers=True)) == ([own.pk], [row.endpoint_id])
        started: list[int] = []
        monkeypatch.setattr(channels, "_serve", started.append)
        monkeypatch.setattr(channels, "_running", set(range(-channels.MOST_FOR_READERS, 0)))
        for thread in channels.start_due():
            thread.join()
        assert started == [own.pk]


def test_it_is_no_channel_of_the_portal(shown: StatusPage, cast: SimpleNamespace) -> None:
    row = asked(shown)
    assert not queries.endpoints().exists()
    assert (queries.codes(), queries.other_ways("")) == (set(), [])
    assert measures.channels() == []
    with pytest.raises(endpoints.Unknown):
        endpoints.change(code=row.address, changes={"name": "Mine"}, by=cast.ada)


def test_an_address_is_forgotten_with_its_last_subscription(shown: StatusPage) -> None:
    row = confirmed(shown)
    other = asked(status_pages.page(slug="shop", audience="end_users"))
    keeping.end_rows([row.pk], now=dbtime.now())
    later = dbtime.now() + rules.CONFIRM_WITHIN + timedelta(hours=1)
    forgetting.forget(now=later)  # the other one was never confirmed
    assert not Subscription.objects.filter(pk=other.pk).exists()
    assert [each.pk for each in Endpoint.objects.all()] == [row.endpoint_id]
    forgetting.forget(now=dbtime.now() + rules.REMEMBERED + timedelta(hours=1))
    assert not Endpoint.objects.exists()
    assert not Subscription.objects.exists()
