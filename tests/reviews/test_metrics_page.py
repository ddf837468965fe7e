"""The metrics page: a definition beside every number, and no number from too few."""

import html
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from reviews.rules import metrics
from tests import factories
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_every_measure_with_its_definition(cast: SimpleNamespace, signed_in: Browser) -> None:
    page = text_of(signed_in(cast.audra), "/metrics/")
    assert all(definition.text in page for definition in metrics.DEFINITIONS)
    assert "No incident counts here" in page
    assert "too few to say" in page


def test_dots_then_figures(cast: SimpleNamespace, signed_in: Browser) -> None:
    service = factories.service(slug="payroll", name="Payroll")
    for _ in range(7):
        rows.incident(manager=cast.mia, service=service)
    client = signed_in(cast.mia)
    assert "too few to say: 1 h · 1 h · 1 h" in text_of(client, "/metrics/")
    rows.incident(manager=cast.mia, service=service)
    page = text_of(client, "/metrics/")
    assert "1 h – 1 h" in page
    assert "exploratory" in page


def test_filters(cast: SimpleNamespace, signed_in: Browser) -> None:
    rows.incident(manager=cast.mia, service=factories.service(slug="payroll", name="Payroll"))
    client = signed_in(cast.mia)
    assert "No incident counts here" not in text_of(client, "/metrics/?since=2026-11-23&until=2026-11-23")
    assert "No incident counts here" in text_of(client, "/metrics/?until=2026-11-22")
    assert "No incident counts here" in text_of(client, "/metrics/?priority=P2&service=payroll")
    assert "Give" in text_of(client, "/metrics/?since=soon") or "Enter a valid date" in text_of(
        client, "/metrics/?since=soon"
    )


@pytest.mark.parametrize("name", ["eve", "olaf"])
def test_who_reads_no_figures(cast: SimpleNamespace, signed_in: Browser, name: str) -> None:
    assert signed_in(getattr(cast, name)).get("/metrics/").status_code == 403


def test_downtime_says_of_how_many_it_is_known(cast: SimpleNamespace, signed_in: Browser) -> None:
    client = signed_in(cast.mia)
    assert "none of 0 restored incidents" in client.get("/metrics/").content.decode()
    rows.incident(manager=cast.mia)
    page = " ".join(client.get("/metrics/").content.decode().split())
    assert "84,000</b> known of 1 of 1 restored incidents" in page


def test_a_fixed_number_of_queries(
    cast: SimpleNamespace, signed_in: Browser, django_assert_max_num_queries: Any
) -> None:
    service = factories.service(slug="payroll")
    for _ in range(9):
        rows.incident(manager=cast.mia, service=service)
    client = signed_in(cast.mia)
    with django_assert_max_num_queries(
        16
    ):  # session, person, services, teams, figures, months, downtime, feedback, clock
        client.get("/metrics/")
