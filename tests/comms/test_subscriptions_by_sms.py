"""Subscribing by SMS: switched on, asked for, counted, confirmed by a short link, reached, suspended, forgotten."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.test import Client
from pytest_django import Settings

from comms.adapters import languagetool, memory
from comms.choices import SubscriptionState, UpdateKind
from comms.models import Delivery, Endpoint, Message, StatusPage, Subscription, SubscriptionAttempt
from comms.queries.recipients import reach
from comms.rules import sms
from comms.rules import subscriptions as rules
from comms.services.sending import lanes
from comms.services.subscriptions import asking, forgetting, keeping, limits, links
from comms.tasks import channels
from mim_portal.lib import dbtime, sealing
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from tests import factories, status_pages
from tests.comms import maintenance_kit, update_kit
from tests.comms import subscription_kit as kit
from tests.http_sink import Sink, sink

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "+447911123456", "+447911123457"
TAKEN = (200, {}, b'{"result": [{"message_id": 1, "status": "ok"}]}')


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.BASE_URL = "https://portal.example"
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    """The provider of SMS."""
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        kept.answers = [TAKEN]
        yield kept


@pytest.fixture
def provider(server: Sink) -> Endpoint:
    return factories.endpoint(kind="sms", code="texts", address=f"smseagle://token@{server.host}")


@pytest.fixture
def shown(cast: SimpleNamespace) -> StatusPage:
    found = status_pages.page(audience="end_users", takes_sms=True)
    for slug in ("payroll", "mail"):
        status_pages.component(of=found, service=factories.service(slug=slug, name=slug.title()))
    return found


def ask(page: StatusPage, number: str = NUMBER, **fields: Any) -> Subscription:
    kit.ask(page, number, channel="sms", **fields)
    return Subscription.objects.select_related("page", "endpoint").filter(page=page).latest("pk")


def a_day_later() -> None:
    """What was counted today is forgotten."""
    SubscriptionAttempt.objects.all().delete()


def confirmed(page: StatusPage, number: str = NUMBER) -> Subscription:
    row = ask(page, number)
    keeping.confirm(kit.token(links.to_confirm(row, rules.Scope(is_whole=True))), now=dbtime.now())
    Delivery.objects.filter(address=row.address).delete()
    row.refresh_from_db()
    return row


def own(row: Subscription) -> str:
    """Where it is changed and ended."""
    return links.to_manage(row).removeprefix("https://portal.example")


def texts(server: Sink) -> list[str]:
    """What the provider was given to send."""
    return [unquote_plus(taken.body.decode()) for taken in server.taken]


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


class TestAsking:
    def test_one_sms_with_a_short_link_that_confirms(self, shown: StatusPage, provider: Endpoint, server: Sink) -> None:
        row = ask(shown, "+44 7911 123456", services=["mail"])
        assert (row.state, row.shown) == ("pending", "SMS (+44)")
        assert channels.run_lane(provider.pk) == 1
        (said,) = texts(server)
        assert "447911123456" in said
        link = links.short(row)
        assert link in said.replace("\\/", "/")
        (letter,) = kit.letters(row.address)
        assert sms.size(letter.short).gsm
        assert sms.size(letter.short).parts == 1
        reader = Client()
        page = reader.get(link.removeprefix("https://portal.example"), follow=True)
        assert "<li>Mail</li>" in text_of(page)
        path = page.redirect_chain[-1][0]
        after = text_of(reader.post(path, follow=True))
        assert "SMS (+44) gets updates of Mail" in after
        assert link in after  # to keep
        assert "/subscription/confirm/" not in reader.get(link.removeprefix("https://portal.example"))["Location"]

    def test_the_number_is_sealed_and_shown_to_nobody(
        self, shown: StatusPage, provider: Endpoint, cast: SimpleNamespace, signed_in: Any
    ) -> None:
        row = ask(shown)
        stored = [Endpoint, Subscription, Message, Delivery, SubscriptionAttempt, AuditEntry]
        assert "7911123456" not in str([list(model.objects.values()) for model in stored])
        assert row.endpoint is not None
        assert sealing.unseal(row.endpoint.address_sealed) == NUMBER
        admin = signed_in(cast.ada)
        for path in ("/settings/status-pages/public/subscribers/", "/api/v1/status-pages/public/subscriptions/"):
            assert "SMS (+44)" in text_of(admin.get(path))
        assert "SMS" not in text_of(admin.get("/settings/status-pages/public/subscribers/export/"))

    def test_where_the_page_does_not_take_it(self, shown: StatusPage) -> None:
        """No provider, then no switch."""
        with pytest.raises(Invalid, match="sends no SMS"):
            ask(shown)
        factories.endpoint(kind="sms")
        StatusPage.objects.update(takes_sms=False)
        with pytest.raises(Invalid, match="sends no SMS"):
            ask(shown)
        assert not Endpoint.objects.filter(is_readers=True).exists()

    def test_only_the_countries_of_the_page(self, shown: StatusPage, provider: Endpoint) -> None:
        StatusPage.objects.update(sms_countries=["353"])
        with pytest.raises(Invalid, match="of this country"):
            ask(shown)
        assert ask(shown, "+353851234567").shown == "SMS (+353)"

    def test_a_number_is_asked_once_a_day_wherever_it_was_typed(self, shown: StatusPage, provider: Endpoint) -> None:
        other = status_pages.page(slug="shop", audience="end_users", takes_sms=True)
        ask(shown)
        for page in (shown, other):
            with pytest.raises(limits.TooMany, match="within the last day"):
                ask(page, now=dbtime.now() + timedelta(hours=23))
        ask(other, now=dbtime.now() + timedelta(hours=25))

    def test_who_has_it_already_is_told_where_to_change_it(self, shown: StatusPage, provider: Endpoint) -> None:
        row = confirmed(shown)
        a_day_later()
        ask(shown, services=["mail"])
        (letter,) = kit.letters(row.address)
        assert "gets updates already" in letter.short
        row.refresh_from_db()
        assert row.is_whole
        assert keeping.short(kit.token(links.short(row)), now=dbtime.now()) == own(row)

    def test_what_has_ended_begins_anew_with_another_choice(self, shown: StatusPage, provider: Endpoint) -> None:
        row = confirmed(shown)
        keeping.end_rows([row.pk], now=dbtime.now())
        code = kit.token(links.short(row))
        assert keeping.short(code, now=dbtime.now()) == own(row)
        a_day_later()
        ask(shown, services=["mail"])
        token = kit.token(keeping.short(code, now=dbtime.now()))
        assert keeping.asked(token).words == ["Mail"]
        assert keeping.confirm(token, now=dbtime.now()).state == SubscriptionState.CONFIRMED


class TestShortLinks:
    def test_it_is_short(self, shown: StatusPage, provider: Endpoint) -> None:
        row = ask(shown)
        assert len(links.short(row)) < len("https://portal.example") + 24

    @pytest.mark.parametrize("change", ["x", "", "-", "\u0660"])
    def test_another_one_opens_nothing(self, shown: StatusPage, provider: Endpoint, change: str) -> None:
        code = kit.token(links.short(ask(shown)))
        for forged in (
            code[:-1] + ("y" if code[-1] == change else change),
            f"{change}{code}x",
            f"zz-{code[-12:]}",
            change or "q",
        ):
            answer = Client().get(f"/s/{forged}/")
            assert answer.status_code == 404
            assert "not whole" in text_of(answer)
        assert Client().get(f"/s/{code}/").status_code == 302

    def test_the_key_may_be_changed(self, shown: StatusPage, provider: Endpoint, settings: Settings) -> None:
        code = kit.token(links.short(ask(shown)))
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key of the same portal"
        assert links.of_short(code) is not None
        settings.SECRET_KEY_FALLBACKS = []
        assert links.of_short(code) is None

    def test_after_three_days_nothing_is_confirmed_by_it(self, shown: StatusPage, provider: Endpoint) -> None:
        row = ask(shown)
        later = dbtime.now() + rules.CONFIRM_WITHIN
        assert keeping.short(kit.token(links.short(row)), now=later) == own(row)

    def test_it_speaks_the_language_that_was_asked_in(self, shown: StatusPage, provider: Endpoint) -> None:
        shown.other_languages = ["de"]
        shown.save()
        row = ask(shown, language="de")
        (letter,) = kit.letters(row.address)
        assert "Meldungen per SMS" in letter.short
        link = re.search(r"/s/\S+", letter.short)
        assert link is not None
        assert "Bestätigen" in text_of(Client().get(link[0], follow=True))


class TestLimitOfThePage:
    def test_its_reaching_is_told_to_visitors_and_once_to_administrators(
        self, shown: StatusPage, provider: Endpoint, cast: SimpleNamespace, signed_in: Any
    ) -> None:
        StatusPage.objects.update(sms_a_day=2)
        for number in (NUMBER, OTHER):
            assert not AuditEntry.objects.filter(verb="subscriptions.sms_limit").exists()
            ask(shown, number)
        given = {"channel": "sms", "address": "+447911123458", "what": "whole"}
        answer = Client().post("/subscribe/public/", given)
        assert answer.status_code == 422
        assert "as many first SMS as it may within a day. Subscribe by e-mail" in text_of(answer)
        assert "+447911123458" in text_of(answer)
        assert AuditEntry.objects.get(verb="subscriptions.sms_limit").data == {"a_day": 2}
        (mail,) = Message.objects.filter(thread=f"sms-limit-{shown.pk}")
        assert "nobody else can subscribe by SMS" in mail.text
        assert list(mail.deliveries.values_list("address", flat=True)) == [cast.ada.email]
        page = text_of(signed_in(cast.ada).get("/settings/status-pages/public/"))
        assert "2 first SMS went to numbers within a day: no more" in page

    def test_the_next_day_there_are_some_again(self, shown: StatusPage, provider: Endpoint) -> None:
        StatusPage.objects.update(sms_a_day=1)
        ask(shown)
        with pytest.raises(limits.TooMany, match="again in"):
            ask(shown, OTHER)
        ask(shown, OTHER, now=dbtime.now() + timedelta(hours=25))

    def test_mail_is_not_counted(self, shown: StatusPage, provider: Endpoint) -> None:
        StatusPage.objects.update(sms_a_day=1)
        ask(shown)
        kit.ask(shown, "sam@example.org")


class TestForm:
    def test_it_offers_sms_where_the_page_sends_some(self, shown: StatusPage, provider: Endpoint) -> None:
        assert 'value="sms"' in text_of(Client().get("/subscribe/public/"))
        answer = Client().post(
            "/subscribe/public/", {"channel": "sms", "address": NUMBER, "what": "whole"}, follow=True
        )
        assert answer.redirect_chain == [("/subscribe/public/?asked=sms", 302)]
        assert "An SMS with a link is on its way" in text_of(answer)

    def test_not_where_it_does_not(self, shown: StatusPage) -> None:
        page = text_of(Client().get("/subscribe/public/"))
        assert 'value="sms"' not in page
        assert "mobile number" not in page
        given = {"channel": "sms", "address": NUMBER, "what": "whole"}
        assert Client().post("/subscribe/public/", given).status_code == 422
        assert not Subscription.objects.exists()

    def test_what_was_typed_stays_with_the_reason(self, shown: StatusPage, provider: Endpoint) -> None:
        given = {"channel": "sms", "address": "07911 123456", "what": "whole"}
        answer = Client().post("/subscribe/public/", given)
        assert answer.status_code == 422
        assert "Give the number with its country" in text_of(answer)
        assert "07911 123456" in text_of(answer)


class TestReached:
    def published(self, shown: StatusPage, cast: SimpleNamespace) -> Any:
        service = shown.components.get(service__slug="payroll").service
        incident = update_kit.declared(cast.mia, service=service)
        return update_kit.published(
            update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL), cast.mia
        )

    def test_an_update_is_one_short_text_with_the_address_of_the_page(
        self, shown: StatusPage, cast: SimpleNamespace, provider: Endpoint, server: Sink
    ) -> None:
        confirmed(shown)
        self.published(shown, cast)
        assert channels.run_lane(provider.pk) == 1
        (said,) = texts(server)
        assert "447911123456" in said
        assert "https://portal.example/status/public/" in said.replace("\\/", "/")
        assert "/subscription/" not in said

    def test_switched_off_nothing_more_is_paid(
        self, shown: StatusPage, cast: SimpleNamespace, provider: Endpoint
    ) -> None:
        row = confirmed(shown)
        StatusPage.objects.update(takes_sms=False)
        self.published(shown, cast)
        maintenance_kit.plan(by=cast.mia, now=dbtime.now(), services=["payroll"])
        assert not Delivery.objects.filter(channel="sms").exists()
        page = text_of(Client().get(f"/subscription/{links.manage_token(row.pk, row.address)}/"))
        assert "This page sends no SMS for now" in page

    def test_planned_maintenance_is_told_by_the_same_lane(
        self, shown: StatusPage, cast: SimpleNamespace, provider: Endpoint, server: Sink
    ) -> None:
        confirmed(shown)
        maintenance_kit.plan(by=cast.mia, now=dbtime.now(), services=["payroll"])
        assert channels.run_lane(provider.pk) == 1
        assert "https://portal.example/status/public/" in texts(server)[0].replace("\\/", "/")

    def test_the_other_way_of_the_channel_is_not_theirs(
        self, shown: StatusPage, cast: SimpleNamespace, provider: Endpoint, server: Sink
    ) -> None:
        """Neither where the provider depends on what failed, nor where it gave a message up."""
        confirmed(shown)
        payroll = shown.components.get(service__slug="payroll").service
        provider.depends_on_services.add(payroll)
        Endpoint.objects.filter(pk=provider.pk).update(fallback_mail="desk@example.org")
        self.published(shown, cast)
        assert list(Delivery.objects.filter(channel="sms").values_list("endpoint_id", flat=True)) == [provider.pk]
        server.says(400)
        channels.run_lane(provider.pk)
        assert Delivery.objects.get(channel="sms").state == "dead"
        assert not Delivery.objects.filter(address="desk@example.org").exists()

    def test_the_number_on_the_button_is_the_number_that_leaves(
        self, shown: StatusPage, cast: SimpleNamespace, provider: Endpoint
    ) -> None:
        confirmed(shown)
        a_day_later()
        confirmed(shown, OTHER)
        made = self.published(shown, cast)
        sent = Delivery.objects.filter(message__update=made).count()
        assert reach.count(incident=made.incident, audiences=list(made.audiences.all())) == sent >= 2

    def test_who_has_left_meanwhile_gets_none(
        self, shown: StatusPage, cast: SimpleNamespace, provider: Endpoint, server: Sink
    ) -> None:
        row = confirmed(shown)
        self.published(shown, cast)
        Subscription.objects.all().delete()
        Endpoint.objects.filter(code=row.address).delete()
        channels.run_lane(provider.pk)
        assert server.taken == []
        assert Delivery.objects.get(channel="sms").state == "suppressed"


class TestSilence:
    def sent(self, row: Subscription, provider: Endpoint, server: Sink, *statuses: int) -> str:
        for status in statuses:
            server.answers = [TAKEN] if status == 200 else [(status, {}, b"")]
            Endpoint.objects.filter(pk=provider.pk).update(paused_until=None)
            message = Message.objects.create(subject="x", text="x", thread="MI-1")
            Delivery.objects.create(message=message, channel="sms", address=row.address, endpoint_id=provider.pk)
            channels.run_lane(provider.pk)
        row.refresh_from_db()
        return row.state

    def test_a_number_that_is_refused_several_times_in_a_row(
        self, shown: StatusPage, provider: Endpoint, server: Sink
    ) -> None:
        row = confirmed(shown)
        assert self.sent(row, provider, server, 400, 400, 200, 400, 404) == SubscriptionState.CONFIRMED
        assert self.sent(row, provider, server, 400) == SubscriptionState.SUSPENDED
        a_day_later()
        ask(shown)
        token = kit.token(keeping.short(kit.token(links.short(row)), now=dbtime.now()))
        assert keeping.confirm(token, now=dbtime.now()).state == SubscriptionState.CONFIRMED

    def test_trouble_of_the_provider_is_nobodys_number(
        self, shown: StatusPage, provider: Endpoint, server: Sink
    ) -> None:
        row = confirmed(shown)
        assert self.sent(row, provider, server, 401, 403, 401, 403) == SubscriptionState.CONFIRMED
        assert not lanes.due(of_readers=True)


def test_a_number_is_forgotten_with_its_last_subscription(
    shown: StatusPage, provider: Endpoint, cast: SimpleNamespace
) -> None:
    row = confirmed(shown)
    waiting = Delivery.objects.create(
        message=Message.objects.create(subject="x", text="x", thread="MI-1"),
        channel="sms",
        address=row.address,
        endpoint_id=provider.pk,
    )
    keeping.end_rows([row.pk], now=dbtime.now())
    forgetting.forget(now=dbtime.now() + rules.REMEMBERED + timedelta(hours=1))
    assert list(Endpoint.objects.values_list("code", flat=True)) == ["texts"]
    waiting.refresh_from_db()
    assert waiting.state == "suppressed"


def test_it_is_asked_for_at_public_pages_alone(shown: StatusPage, provider: Endpoint) -> None:
    StatusPage.objects.update(is_public=False)
    with pytest.raises(asking.NoSuchPage):
        ask(shown)
