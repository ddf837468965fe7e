"""Settings, Channels: the state of each, a test that answers in words, and no secret ever shown again."""

import html
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from comms.models import Audience, Delivery, Endpoint, Message, Recipient
from mim_portal.lib import dbtime, outgoing
from mim_portal.models import AuditEntry
from tests import factories
from tests.http_sink import Sink, silence, sink

pytestmark = pytest.mark.django_db

LIST = "/settings/channels/"
TOKEN = "abcdefghij0123456789abcdef"


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        yield kept


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Callable[..., Client]) -> Client:
    return signed_in(cast.ada)


def text_of(answer: Any) -> str:
    assert isinstance(answer, HttpResponse)
    return html.unescape(answer.content.decode())


def test_an_empty_list_says_what_will_stand_there(ada: Client) -> None:
    said = text_of(ada.get(LIST))
    assert "Until then everybody is told by mail." in said
    assert "/settings/channels/+new/" in said


def test_each_with_its_state_in_words_what_is_in_trouble_first(
    ada: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = dbtime.now()
    factories.endpoint(name="Works", kind="slack", last_success_at=now - timedelta(minutes=3))
    factories.endpoint(name="Hangs", kind="teams", failures=4, last_error="It did not answer in time.")
    factories.endpoint(name="Fresh", fallback_mail="ops@example.org")
    factories.endpoint(name="Gone", kind="mattermost", is_active=False)
    with django_assert_num_queries(5):  # session, person, two of every page, channels and their services
        said = text_of(ada.get(LIST))
    order = [said.index(f">{name}<") for name in ("Hangs", "Fresh", "Works", "Gone")]
    assert order[0] == min(order)
    assert order[-1] == max(order)
    for words in (
        "in trouble",
        "It did not answer in time.",
        "works",
        "not tried yet",
        "switched off",
        "ops@example.org",
    ):
        assert words in said


class TestNew:
    def test_the_kind_first(self, ada: Client) -> None:
        said = text_of(ada.get(f"{LIST}+new/"))
        for kind in ("Webhook", "SMS", "Slack", "Microsoft Teams", "Mattermost"):
            assert kind in said
        assert "E-mail" not in said
        assert "hooks.slack.com" in text_of(ada.get(f"{LIST}+new/?kind=slack"))
        assert "twilio://" in text_of(ada.get(f"{LIST}+new/?kind=sms"))

    def test_a_webhooks_secret_is_shown_once(self, ada: Client) -> None:
        given = {"code": "tickets", "name": "Tickets", "address": "https://tickets.example.org/in?key=abc"}
        answer = ada.post(f"{LIST}+new/?kind=webhook", given | {"per_minute": 60, "is_active": "on"})
        said = text_of(answer)
        assert "whsec_" in said
        assert "no-store" in answer["Cache-Control"]
        page = text_of(ada.get(f"{LIST}tickets/"))
        assert "whsec_" not in page
        assert "key=abc" not in page
        assert "tickets.example.org" in page

    def test_a_chat_goes_on_to_its_page(self, ada: Client, server: Sink) -> None:
        given = {"code": "ops", "name": "Ops", "address": f"{server.url}/hooks/{TOKEN}", "per_minute": 60}
        answer = ada.post(f"{LIST}+new/?kind=mattermost", given | {"is_active": "on"})
        assert (answer.status_code, answer["Location"]) == (302, "/settings/channels/ops/")
        assert Endpoint.objects.get().kind == "mattermost"

    def test_an_error_stands_at_its_field_and_what_was_typed_is_kept(self, ada: Client) -> None:
        given = {"code": "ops", "name": "Operations", "address": "https://example.org/", "per_minute": 60}
        answer = ada.post(f"{LIST}+new/?kind=slack", given)
        said = text_of(answer)
        assert answer.status_code == 422
        assert "Paste the address of an incoming webhook" in said
        assert 'value="Operations"' in said
        assert not Endpoint.objects.exists()


class TestPage:
    @pytest.fixture
    def chat(self, server: Sink) -> Endpoint:
        return factories.endpoint(
            kind="mattermost", code="ops", address=f"{server.url}/hooks/{TOKEN}", host="127.0.0.1"
        )

    def test_who_is_reached_and_what_it_was_sent(
        self, ada: Client, chat: Endpoint, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        Recipient.objects.create(audience=Audience.objects.get(code="technical"), channel="mattermost", address="ops")
        for number in range(3):
            message = Message.objects.create(subject=f"[P1] Update {number}", text="t", thread="MI")
            Delivery.objects.create(
                message=message, channel="mattermost", address="ops", endpoint_id=chat.pk, state="dead",
                last_error="There is nothing at this address (404).",
            )  # fmt: skip
        # session, person, two of every page, channel, other ways, all services, recipients, sent
        with django_assert_num_queries(9):
            said = text_of(ada.get(f"{LIST}ops/"))
        assert "Technical teams" in said
        assert said.index("Update 2") < said.index("Update 0")
        assert said.count("Send again") == 4  # three rows and the heading
        assert TOKEN not in said

    def test_saved(self, ada: Client, chat: Endpoint) -> None:
        page = text_of(ada.get(f"{LIST}ops/"))
        version = page.split('name="version" value="')[1].split('"')[0]
        given = {"version": version, "name": "Operations", "per_minute": 5, "is_active": "on", "address": ""}
        assert ada.post(f"{LIST}ops/", given).status_code == 302
        chat.refresh_from_db()
        assert (chat.name, chat.per_minute, chat.is_active) == ("Operations", 5, True)
        late = ada.post(f"{LIST}ops/", given | {"name": "Late"})
        assert (late.status_code, "Somebody else has changed this channel" in text_of(late)) == (422, True)
        assert 'value="Late"' in text_of(late)

    def test_what_another_saved_while_an_error_was_mended_is_not_written_over(
        self, ada: Client, chat: Endpoint
    ) -> None:
        page = text_of(ada.get(f"{LIST}ops/"))
        version = page.split('name="version" value="')[1].split('"')[0]
        given = {"version": version, "name": "", "per_minute": 5, "is_active": "on", "address": ""}
        Endpoint.objects.filter(pk=chat.pk).update(name="Theirs")
        wrong = text_of(ada.post(f"{LIST}ops/", given))
        assert f'name="version" value="{version}"' in wrong
        said = text_of(ada.post(f"{LIST}ops/", given | {"name": "Mine"}))
        assert "Somebody else has changed this channel" in said
        chat.refresh_from_db()
        assert chat.name == "Theirs"
        newest = said.split('name="version" value="')[1].split('"')[0]
        assert ada.post(f"{LIST}ops/", given | {"name": "Mine", "version": newest}).status_code == 302

    def test_switched_off(self, ada: Client, chat: Endpoint) -> None:
        ada.post(f"{LIST}ops/", {"name": "Ops", "per_minute": 5})
        chat.refresh_from_db()
        assert not chat.is_active
        assert AuditEntry.objects.filter(verb="endpoint.changed", subject="channel ops").exists()

    def test_a_test_that_goes_through(self, ada: Client, chat: Endpoint, server: Sink) -> None:
        Endpoint.objects.update(failures=3, paused_until=dbtime.now() + timedelta(minutes=1))
        said = text_of(ada.post(f"{LIST}ops/test/"))
        assert "The test went through. It was taken." in said
        assert b"[TEST] MIM Portal" in server.taken[0].body
        chat.refresh_from_db()
        assert (chat.failures, chat.paused_until) == (0, None)
        assert AuditEntry.objects.get(verb="endpoint.tested").data == {"taken": True}

    @pytest.mark.parametrize(
        ("status", "words"),
        [(404, "nothing at this address (404)"), (302, "redirect (302)"), (500, "trouble of its own")],
    )
    def test_a_test_that_does_not(self, ada: Client, chat: Endpoint, server: Sink, status: int, words: str) -> None:
        server.says(status)
        said = text_of(ada.post(f"{LIST}ops/test/"))
        assert "The test did not go through." in said
        assert words in said

    def test_a_test_that_failed_stands_in_the_list(self, ada: Client, chat: Endpoint, server: Sink) -> None:
        server.says(404)
        ada.post(f"{LIST}ops/test/")
        for page in (LIST, f"{LIST}ops/"):
            said = text_of(ada.get(page))
            assert "in trouble" in said
            assert "nothing at this address (404)" in said
            assert "not tried yet" not in said
        server.says(200)
        ada.post(f"{LIST}ops/test/")
        said = text_of(ada.get(LIST))
        assert "works" in said
        assert "in trouble" not in said

    @pytest.mark.parametrize("tried", ["last_success_at", "last_failure_at"])
    def test_a_new_address_is_not_tried_yet(self, ada: Client, chat: Endpoint, server: Sink, tried: str) -> None:
        Endpoint.objects.update(**{tried: dbtime.now(), "last_error": "It cannot be reached."})
        given = {"name": "Ops", "per_minute": 5, "is_active": "on", "address": f"{server.url}/hooks/{TOKEN[::-1]}"}
        assert ada.post(f"{LIST}ops/", given).status_code == 302
        said = text_of(ada.get(LIST))
        assert "not tried yet" in said
        assert "It cannot be reached." not in said

    def test_a_test_of_one_that_is_silent_answers_soon(
        self, ada: Client, chat: Endpoint, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outgoing, "TIMEOUT", (0.3, 0.3))
        with silence() as port:
            settings.OUTGOING_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
            factories.endpoint(code="silent", address=f"http://127.0.0.1:{port}/")
            assert "It did not answer in time." in text_of(ada.post(f"{LIST}silent/test/"))

    def test_a_test_by_sms_asks_for_a_number(self, ada: Client, server: Sink) -> None:
        server.answers = [(200, {}, b'{"result": [{"message_id": 1, "status": "ok"}]}')]
        factories.endpoint(kind="sms", code="texts", address=f"smseagle://token@{server.host}")
        missing = ada.post(f"{LIST}texts/test/", {"number": "0171"})
        assert (missing.status_code, "with its country" in text_of(missing)) == (422, True)
        assert "went through" in text_of(ada.post(f"{LIST}texts/test/", {"number": "+44 7911 123456"}))
        assert b"447911123456" in server.taken[0].body

    def test_a_new_secret_is_shown_once(self, ada: Client) -> None:
        factories.endpoint(code="tickets")
        answer = ada.post(f"{LIST}tickets/secret/")
        assert "whsec_" in text_of(answer)
        assert "The old secret signs beside it until" in text_of(answer)
        assert "whsec_" not in text_of(ada.get(f"{LIST}tickets/"))

    def test_sent_again(self, ada: Client, chat: Endpoint) -> None:
        message = Message.objects.create(subject="s", text="t", thread="MI")
        row = Delivery.objects.create(
            message=message, channel="mattermost", address="ops", endpoint_id=chat.pk, state="dead"
        )
        answer = ada.post(f"{LIST}ops/deliveries/{row.pk}/again/", follow=True)
        assert "It is sent again." in text_of(answer)
        assert "on its way already" in text_of(ada.post(f"{LIST}ops/deliveries/{row.pk}/again/", follow=True))
        assert ada.post(f"{LIST}ops/deliveries/0/again/").status_code == 404

    def test_a_chat_has_no_secret_to_change(self, ada: Client, chat: Endpoint) -> None:
        assert "Only webhooks are signed" in text_of(ada.post(f"{LIST}ops/secret/", follow=True))

    def test_a_channel_of_nobody(self, ada: Client) -> None:
        assert ada.get(f"{LIST}nothing/").status_code == 404


def test_recipients_name_channels_that_exist(ada: Client) -> None:
    page = "/settings/audiences/end_users/recipients/+new/"
    given = {"channel": "slack", "address": "ops", "used_for": "incidents", "is_active": "on"}
    refused = ada.post(page, given)
    assert (refused.status_code, "There is no Slack channel ops." in text_of(refused)) == (422, True)
    factories.endpoint(kind="slack", code="ops")
    assert ada.post(page, given).status_code == 302
