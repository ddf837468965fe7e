"""Subscribing by SMS: asked for, counted, and confirmed by a short link."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from comms.choices import SubscriptionState
from comms.models import Delivery, Endpoint, Message, StatusPage, Subscription, SubscriptionAttempt
from comms.rules import sms
from comms.rules import subscriptions as rules
from comms.services.subscriptions import keeping, limits, links
from comms.tasks import channels
from mim_portal.lib import dbtime, sealing
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from tests import factories, status_pages
from tests.comms import subscription_kit as kit
from tests.comms.sms_kit import (
    NUMBER,
    OTHER,
    a_day_later,
    ask,
    confirmed,
    language,
    own,
    provider,
    server,
    shown,
    text_of,
    texts,
)
from tests.http_sink import Sink

pytestmark = pytest.mark.django_db

__all__ = ["language", "provider", "server", "shown"]  # fixtures


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
        stored: list[Any] = [Endpoint, Subscription, Message, Delivery, SubscriptionAttempt, AuditEntry]
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
