"""The palette's question: incidents by reference or title, visible ones only."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Incident
from teams.models import Person
from tests.incidents import kit

Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, title="Payroll: <b>late</b>", external_ref="INC0012345")


def found(browser: Client, text: str) -> list[str]:
    answer = browser.get("/find/incidents/", {"q": text})
    assert answer.status_code == 200
    return [row["reference"] for row in answer.json()["results"]]


@pytest.mark.parametrize("text", ["MI-2026-0001", "mi 2026 1", "payr", "late payroll", "INC0012345", " Payroll "])
def test_it_is_found(incident: Incident, cast: SimpleNamespace, signed_in: Browser, text: str) -> None:
    assert found(signed_in(cast.desmond), text) == [incident.reference]


@pytest.mark.parametrize("text", ["", " ", "zebra", "'", "& |", "x" * 10_000, "2025 1"])
def test_what_is_not_there_is_not_found(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, text: str
) -> None:
    assert found(signed_in(cast.desmond), text) == []


def test_an_answer_says_what_the_palette_shows(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).get("/find/incidents/?q=payroll")
    assert answer.json()["results"] == [
        {
            "reference": incident.reference,
            "title": "Payroll: <b>late</b>",
            "priority": "P1",
            "state": "Declared",
            "url": f"/incidents/{incident.reference}/",
        }
    ]
    assert "no-store" in answer["Cache-Control"]


def test_private_ones_are_for_those_who_see_them(cast: SimpleNamespace, signed_in: Browser) -> None:
    private = kit.incident(manager=cast.mia, title="Zebra", is_private=True)
    for text in ("zebra", private.reference):
        assert found(signed_in(cast.mia), text) == [private.reference]
        assert found(signed_in(cast.omar), text) == []


def test_executives_have_no_rooms_to_find(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(cast.eve).get("/find/incidents/?q=payroll").status_code == 403
    assert "data-find-url" not in signed_in(cast.eve).get("/").content.decode()
    assert 'data-find-url="/find/incidents/"' in signed_in(cast.mia).get("/").content.decode()


def test_it_costs_a_fixed_number_of_queries(
    cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.desmond)
    for number in range(12):
        kit.incident(manager=cast.mia, title=f"Payroll {number}")
    # Session, person, by reference, whether any are private, the newest, their rows.
    with django_assert_num_queries(6):
        assert len(found(browser, "payroll")) == 8
