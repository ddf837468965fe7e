"""Subscribers by SMS: reached, suspended, forgotten."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.choices import SubscriptionState, UpdateKind
from comms.models import Delivery, Endpoint, Message, StatusPage, Subscription
from comms.queries.recipients import reach
from comms.rules import subscriptions as rules
from comms.services.sending import lanes
from comms.services.subscriptions import asking, forgetting, keeping, links
from comms.tasks import channels
from mim_portal.lib import dbtime
from tests.comms import maintenance_kit, update_kit
from tests.comms import subscription_kit as kit
from tests.comms.sms_kit import (
    OTHER,
    TAKEN,
    a_day_later,
    ask,
    confirmed,
    language,
    provider,
    server,
    shown,
    text_of,
    texts,
)
from tests.http_sink import Sink

pytestmark = pytest.mark.django_db

__all__ = ["language", "provider", "server", "shown"]  # fixtures


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
        assert reach.tally(incident=made.incident, audiences=list(made.audiences.all())).reached == sent >= 2

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
