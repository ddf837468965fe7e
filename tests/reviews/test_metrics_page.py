"""The metrics page: a definition beside every number, and no number from too few."""

import csv
import html
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from reviews.rendering import downtime
from reviews.rules import metrics
from reviews.rules.downtime import Range, Total
from tests import factories
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def _file(client: Client) -> str:
    answer: Any = client.get("/metrics/file/")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_every_measure_with_its_definition(cast: SimpleNamespace, signed_in: Browser) -> None:
    page = text_of(signed_in(cast.audra), "/metrics/")
    assert all(definition.text in page for definition in metrics.DEFINITIONS)
    assert "No incident counts here" in page
    assert "#months" not in page
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
    assert "No service was restored in this time." in client.get("/metrics/").content.decode()
    rows.incident(manager=cast.mia)
    page = " ".join(client.get("/metrics/").content.decode().split())
    assert "84,000</b> known of 1 of 1 restored incidents" in page
    *_others, last = csv.DictReader(io.StringIO(_file(client)))
    assert (last["measure"], last["n"], last["invalid"]) == ("downtime_user_minutes", "1", "0")
    assert (last["low"], last["high"], last["definition"]) == ("84000", "84000", "known of 1 of 1 restored incidents.")


@pytest.mark.parametrize(
    ("total", "amount", "basis"),
    [
        (None, "", "Not counted over so many incidents. Choose a period or a service."),
        ((0, 1, 0, 0), "", "Not known: the one restored incident has no number of users with its basis."),
        ((0, 7, 0, 0), "", "Not known: none of 7 restored incidents has a number of users with its basis."),
        (
            (2, 3, 1_280_400, 1_449_700),
            "1,280,000 to 1,450,000",
            "known of 2 of 3 restored incidents. The others say no number, or not how it is known.",
        ),
    ],
)
def test_downtime_in_words(total: tuple[int, int, int, int] | None, amount: str, basis: str) -> None:
    found = None
    if total is not None:
        n, of, low, high = total
        found = Total(n=n, of=of, sum=Range(low=low, high=high))
    assert (downtime.amount(found), downtime.basis(found)) == (amount, basis)


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
