"""The list of incidents: filters stand in the address, pages follow an index."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Incident
from incidents.services.states import lifecycle
from teams.models import Person
from tests import factories
from tests.incidents import kit

Browser = Callable[[Person], Client]


@pytest.fixture
def incidents(cast: SimpleNamespace) -> list[Incident]:
    payroll, shop = factories.service(slug="payroll"), factories.service(slug="shop")
    return [
        kit.incident(manager=cast.mia, title="Payroll is slow", service=payroll, now=factories.NOON),
        kit.incident(
            manager=cast.omar, title="Shop shows no prices", service=shop, impact=2,
            now=factories.NOON + timedelta(days=1), external_ref="INC0012345",
        ),
    ]  # fmt: skip


def shown(browser: Client, query: str, incidents: list[Incident]) -> list[bool]:
    text = browser.get(f"/incidents/?{query}").content.decode()
    return [incident.reference in text for incident in incidents]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [True, True]),
        ("q=prices", [False, True]),
        ("q=INC0012345", [False, True]),
        ("priority=P1", [True, False]),
        ("priority=P1&priority=P2", [True, True]),
        ("service=payroll", [True, False]),
        ("live=yes", [True, True]),
        ("live=no", [False, False]),
        ("state=declared", [True, True]),
        ("state=closed", [False, False]),
        ("declared_from=2026-11-24", [False, True]),
        ("declared_to=2026-11-23", [True, False]),
        ("declared_from=nonsense", [True, True]),
        ("before=nonsense", [True, True]),
    ],
)
def test_filters(
    query: str, expected: list[bool], incidents: list[Incident], cast: SimpleNamespace, signed_in: Browser
) -> None:
    assert shown(signed_in(cast.mia), query, incidents) == expected


def test_an_ended_incident_is_found_as_ended(
    incidents: list[Incident], cast: SimpleNamespace, signed_in: Browser
) -> None:
    now = factories.NOON + timedelta(hours=1)
    lifecycle.transition(
        reference=incidents[0].reference, to="cancelled", person=cast.mia, now=now, reason="Declared twice"
    )
    assert shown(signed_in(cast.mia), "live=no", incidents) == [True, False]


def test_the_empty_list_says_what_will_stand_here(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert "No major incident has been declared yet" in signed_in(cast.mia).get("/incidents/").content.decode()
    assert "No incident fits these filters." in signed_in(cast.mia).get("/incidents/?q=zebra").content.decode()


def test_older_ones_follow_by_key(cast: SimpleNamespace, signed_in: Browser) -> None:
    service = factories.service()
    made = [
        kit.incident(manager=cast.mia, service=service, now=factories.NOON + timedelta(minutes=number))
        for number in range(52)
    ]
    browser = signed_in(cast.mia)
    first = browser.get("/incidents/").content.decode()
    assert made[0].reference not in first
    assert f"before={made[2].pk}" in first
    second = browser.get(f"/incidents/?before={made[2].pk}").content.decode()
    assert made[0].reference in second
    assert made[1].reference in second
    assert made[2].reference not in second


def test_it_costs_a_fixed_number_of_queries(
    cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    service = factories.service()
    for _ in range(5):
        kit.incident(manager=cast.mia, service=service)
    browser = signed_in(cast.mia)
    browser.get("/incidents/")
    # Session, person; saved views, services, those who command, whether any are private and the clock together;
    # incidents.
    with django_assert_num_queries(4):
        browser.get("/incidents/")


def test_executives_have_their_own_page(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(cast.eve).get("/incidents/").status_code == 403
