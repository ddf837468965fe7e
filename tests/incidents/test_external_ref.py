"""The ticket's number elsewhere: in with the candidate, carried to the incident, found, shown, and said in mail."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.models import Message
from comms.services.telling import raised as told_of
from incidents.models import Candidate, Incident
from incidents.services.work import engagements
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

Browser = Callable[..., Client]
Api = Callable[..., APIClient]
RAISED = {"service": "payroll", "cannot_do": "submit timesheets", "contact": "Niamh", "external_ref": "INC0012345"}


@pytest.fixture(autouse=True)
def payroll(db: None) -> Any:
    return factories.service(slug="payroll", name="Payroll")


def test_it_goes_with_the_record_from_the_ticket_to_the_subject(
    cast: SimpleNamespace, api: Api, signed_in: Browser
) -> None:
    desk, manager = api(cast.desmond), api(cast.mia)
    raised = desk.post("/api/v1/candidates/", RAISED).json()
    assert raised["external_ref"] == "INC0012345"
    told_of.tell_due()
    told = Message.objects.get()
    assert told.subject.endswith("| INC0012345")
    assert "Ticket: INC0012345" in told.text
    found = manager.get("/api/v1/candidates/?external_ref=INC0012345").json()["results"]
    assert [one["reference"] for one in found] == [raised["reference"]]
    accept = f"/api/v1/candidates/{raised['reference']}/accept/"
    incident = manager.post(accept, {"impact": 1, "urgency": 1}).json()
    assert incident["external_ref"] == "INC0012345"
    browser = signed_in(cast.mia)
    for address in (
        "/incidents/?q=INC0012345",
        f"/incidents/{incident['reference']}/",
        f"/candidates/{raised['reference']}/",
        "/candidates/?q=INC0012345",
    ):
        assert "INC0012345" in browser.get(address).content.decode(), address
    team = factories.team(slug="database", members=(cast.rosa,))
    engagements.engage(reference=incident["reference"], team=team, person=cast.mia, now=NOON)
    assert Message.objects.latest("pk").subject.endswith("| INC0012345")


def test_it_is_changed_by_rest_and_on_the_page(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    client = api(cast.mia)
    changed = client.patch(f"/api/v1/incidents/{incident.reference}/", {"external_ref": "CHG-7"})
    assert changed.json()["external_ref"] == "CHG-7"
    assert client.get("/api/v1/incidents/?external_ref=CHG-7").json()["results"][0]["reference"] == incident.reference
    assert client.get("/api/v1/incidents/?external_ref=CHG").json()["results"] == []
    assert client.patch(f"/api/v1/incidents/{incident.reference}/", {"external_ref": "x" * 61}).status_code == 400


def test_several_that_have_it_are_all_found(cast: SimpleNamespace, api: Api, signed_in: Browser) -> None:
    first, second = kit.incident(manager=cast.mia), kit.incident(manager=cast.mia)
    Incident.objects.update(external_ref="INC-7")
    private = kit.incident(manager=cast.omar, is_private=True)
    Incident.objects.filter(pk=private.pk).update(external_ref="INC-7")
    for address in ("external_ref", "q"):
        found = api(cast.mia).get(f"/api/v1/incidents/?{address}=INC-7").json()["results"]
        assert {one["reference"] for one in found} == {first.reference, second.reference}
    made = [api(cast.desmond).post("/api/v1/candidates/", RAISED).json()["reference"] for _ in range(2)]
    page = signed_in(cast.mia).get("/candidates/?q=INC0012345").content.decode()
    found_panel = page[page.index('id="found"') : page.index('id="waiting"')]
    assert all(reference in found_panel for reference in made)


def test_a_candidate_is_found_by_its_reference_too(cast: SimpleNamespace, api: Api, signed_in: Browser) -> None:
    reference = api(cast.desmond).post("/api/v1/candidates/", RAISED).json()["reference"]
    browser = signed_in(cast.mia)
    assert 'id="found"' not in browser.get("/candidates/").content.decode()
    assert f'href="/candidates/{reference}/"' in browser.get(f"/candidates/?q={reference.lower()}").content.decode()
    none = browser.get("/candidates/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "No candidate has the number" in none
    assert "<script>alert(1)" not in none
    assert Candidate.objects.get().external_ref == "INC0012345"
