"""A private incident exists for its managers and members; for everybody else it is nowhere."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from rest_framework.test import APIClient

from comms.services.promises import calendars
from incidents.models import Incident, IncidentMember
from incidents.services.finding import search_documents
from mim_portal.lib.access import SAFE_METHODS
from tests import cast as people
from tests import routes_world
from tests.routes_rows import Api, Page
from tests.routes_table import TABLE
from tests.test_routes import OWN, Route, ask, methods

WORD = "zebra"  # stands in the title, the impact and what people cannot do, and nowhere else
# Addresses with a parameter that names no incident: who and what there is, a person's own drafts and views.
OF_THE_ORGANISATION = (
    *("team", "service", "site", "person", "contact", "word", "catalogue", "rota", "import", "export", "mail"),
    *(
        "raise-draft",
        "saved-view",
        "glossary",
        "metric",
        "audience",
        "recipient",
        "template",
        "cadence-policy",
        "approval-policy",
        "channel",
        "maintenance",
        "webhook",
        "suppression",
        "opt-out",
        "reading-link",
        "subscri",
        "status-page",
        "reply-",
        "profile-",
        "required-fact",
        "required-part",
        "proposal",
    ),
)
# Whoever holds these links was sent them with the incident's words in the same mail; no outsider holds one.
BY_LINK = frozenset({"call", "feedback"})
OUTSIDERS = sorted(set(people.ROLES) - {"mia", "omar", "rosa"})  # manager, offered the handover, called to help


@pytest.fixture
def world(cast: SimpleNamespace, settings: Settings, tmp_path: Path) -> SimpleNamespace:
    """One of everything, all of it about a private incident."""
    settings.MAIL_DIR = tmp_path
    made = routes_world.build(cast, mail_dir=tmp_path, is_private=True, title=f"Payroll {WORD}", cannot_do=WORD)
    made.candidate = made.raised
    made.calendar = calendars.address_of(calendars.make(person=cast.petra)).split("/")[2]
    search_documents.follow([made.incident.pk])
    return made


def about_the_incident(route: Route) -> bool:
    """Addresses that name the incident or something that hangs on it."""
    if route.name.removeprefix("api-").startswith(OF_THE_ORGANISATION):
        return False
    return bool(route.parameters) and isinstance(TABLE[route.name], Page | Api)


def answers(client: Client, world: SimpleNamespace) -> Iterator[tuple[Route, str, Any]]:
    """Every address with every method, asked as this person."""
    for route in OWN:
        row = TABLE[route.name]
        address = reverse(route.name, kwargs=routes_world.arguments(world, route.name, route.parameters))
        for method in methods(row):
            yield route, method, ask(client, method, address, is_api=isinstance(row, Api))


def beside(route: Route, world: SimpleNamespace) -> str:
    """The same address about an incident that does not exist."""
    there = routes_world.arguments(world, route.name, route.parameters)
    nowhere = {
        name: "MI-2026-9999" if name == "reference" else 987_654 if isinstance(value, int) else value
        for name, value in there.items()
    }
    return reverse(route.name, kwargs=nowhere)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_outsiders_it_is_nowhere(
    who: str, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    """No list, count, panel or answer shows it, and its own addresses answer as if it did not exist."""
    client = signed_in(getattr(cast, who), raise_request_exception=False)
    found = []
    for route, method, answer in answers(client, world):
        if about_the_incident(route) and answer.status_code not in {403, 404, 405}:  # 405: before it is looked up
            # Input may be refused before anything is looked up; then it is refused alike where nothing is.
            nothing = ask(client, method, beside(route, world), is_api=isinstance(TABLE[route.name], Api))
            if answer.status_code != 400 or (nothing.status_code, nothing.content) != (400, answer.content):
                found.append(f"{method} {route.name}: {answer.status_code}")
        body = b"".join(answer) if answer.streaming else answer.content
        named = world.incident.reference.encode() in body and method in SAFE_METHODS and answer.status_code != 404
        if route.name not in BY_LINK and (WORD.encode() in body.lower() or named):
            found.append(f"{method} {route.name} shows it")
    assert found == []


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_search_knows_it(
    who: str, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    """Whatever can be read is asked for the incident's own words: a new list cannot forget who may see what."""
    assert found_by(signed_in(getattr(cast, who), raise_request_exception=False), world) == set()


def test_its_managers_find_it(cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    found = found_by(signed_in(cast.mia), world)
    assert found >= {"incidents", "incident-find", "api-incidents", "api-incidents-file"}


def found_by(client: Client, world: SimpleNamespace) -> set[str]:
    """Addresses, other than the incident's own, whose answer to its words names the incident."""
    found = set()
    for route in OWN:
        row = TABLE[route.name]
        if route.name in BY_LINK or about_the_incident(route) or "GET" not in methods(row):
            continue
        address = reverse(route.name, kwargs=routes_world.arguments(world, route.name, route.parameters))
        answer = ask(client, "GET", f"{address}?q={WORD}", is_api=isinstance(row, Api))
        if world.incident.reference.encode() in (b"".join(answer) if answer.streaming else answer.content):
            found.add(route.name)
    return found


@pytest.mark.parametrize("who", ["mia", "omar", "rosa"])
def test_for_those_who_work_on_it_it_is_there(
    who: str, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(getattr(cast, who))
    assert WORD in client.get(f"/incidents/{world.incident.reference}/").content.decode()
    assert WORD in client.get("/incidents/").content.decode()
    assert client.get(f"/live/ticket/{world.incident.reference}/").status_code == 200


def test_a_member_sees_it_from_admission_on(
    cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client, address = signed_in(cast.petra), f"/incidents/{world.incident.reference}/"
    assert client.get(address).status_code == 404
    IncidentMember.objects.create(incident=world.incident, person=cast.petra)
    assert client.get(address).status_code == 200


def test_counts_and_measures_leave_it_out(
    cast: SimpleNamespace, world: SimpleNamespace, api: Callable[..., APIClient]
) -> None:
    def sizes(who: str, path: str) -> int:
        answer = api(getattr(cast, who)).get(path).json()
        return sum(row.get("n", 1) for row in answer["results"])

    for path in ("/api/v1/incidents/", "/api/v1/deadlines/", "/api/v1/reviews/", "/api/v1/actions/", "/api/v1/lapses/"):
        assert sizes("mia", path) > 0, path
        assert sizes("petra", path) == 0, path
    Incident.objects.filter(pk=world.incident.pk).update(is_private=False)
    assert sizes("petra", "/api/v1/incidents/") == 1


def test_advice_while_typing_does_not_know_it(
    cast: SimpleNamespace, world: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    typed = {"service": "payroll", "cannot_do": f"Staff cannot use {WORD}"}
    assert world.incident.reference in signed_in(cast.mia).post("/raise/advice/", typed).content.decode()
    assert world.incident.reference not in signed_in(cast.desmond).post("/raise/advice/", typed).content.decode()


def test_merging_into_it_is_refused_as_if_it_did_not_exist(
    cast: SimpleNamespace, world: SimpleNamespace, api: Callable[..., APIClient]
) -> None:
    client, now_there = api(cast.dan), world.incident.reference
    other = api(cast.desmond).post(
        "/api/v1/candidates/", {"service": "payroll", "cannot_do": "Print payslips", "contact": "Niamh"}
    )
    address = f"/api/v1/candidates/{other.json()['reference']}/merge/"
    hidden = client.post(address, {"into": now_there})
    missing = client.post(address, {"into": "MI-2026-9999"})
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content.decode().replace(now_there, "MI-2026-9999") == missing.content.decode()
