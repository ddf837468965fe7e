"""Readers who subscribe by SMS, and the provider that they are reached by."""

import html
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

import pytest
from pytest_django import Settings

from comms.adapters import languagetool, memory
from comms.models import Delivery, Endpoint, StatusPage, Subscription, SubscriptionAttempt
from comms.rules import subscriptions as rules
from comms.services.subscriptions import keeping, links
from mim_portal.lib import dbtime
from tests import factories, status_pages
from tests.comms import subscription_kit as kit
from tests.http_sink import Sink, sink

NUMBER, OTHER = "+447911123456", "+447911123457"
TAKEN: tuple[int, dict[str, str], bytes] = (200, {}, b'{"result": [{"message_id": 1, "status": "ok"}]}')


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
