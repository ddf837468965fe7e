"""incidents/{ref}/desk-reports/ and candidates/{ref}/desk-reports/."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from incidents.models import Candidate, DeskReport, Incident
from incidents.services.states import declaration
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond, now=timezone.now(), where="Dublin")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=timezone.now())


def at(incident: Incident) -> str:
    return f"/api/v1/incidents/{incident.reference}/desk-reports/"


def test_one_more_caller_is_answered_with_the_totals(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    desk = api(cast.desmond)
    answer = desk.post(at(incident), {"callers": 3, "where": "Dublin", "contact": "Niamh", "external_ref": "INC7"})
    body = answer.json()
    assert answer.status_code == 201
    assert (body["callers"], body["where"], body["reported_by"]) == (3, "Dublin", "desmond")
    assert (body["incident"], body["candidate"]) == (incident.reference, None)
    assert body["totals"]["callers"] == 3
    assert desk.post(at(incident), {}).json()["totals"]["callers"] == 4
    listed = desk.get(at(incident)).json()
    assert [row["callers"] for row in listed["results"]] == [1, 3]
    assert listed["totals"]["sites"] == ["Dublin"]
    assert listed["totals"]["basis"].startswith("4 callers at 1 site reported to the desk by ")


def test_the_list_costs_a_fixed_number_of_queries(
    incident: Incident, cast: SimpleNamespace, api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk = api(cast.desmond)
    for number in range(4):
        desk.post(at(incident), {"where": f"Site {number}"})
    # token with its person, incident, page of reports, totals
    with django_assert_num_queries(5):
        assert len(desk.get(at(incident)).json()["results"]) == 4


def test_a_candidate_takes_reports_until_and_after_it_is_accepted(
    raised: Candidate, cast: SimpleNamespace, api: Api
) -> None:
    address = f"/api/v1/candidates/{raised.reference}/desk-reports/"
    desk = api(cast.dara)
    body = desk.post(address, {"where": "Cork"}).json()
    assert (body["candidate"], body["incident"], body["totals"]["callers"]) == (raised.reference, None, 2)
    incident = declaration.accept(
        reference=raised.reference or "", person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=timezone.now()
    )
    body = desk.post(address, {"where": "Galway"}).json()
    assert (body["candidate"], body["incident"]) == (None, incident.reference)
    assert body["totals"]["sites"] == ["Dublin", "Cork", "Galway"]
    assert desk.get(address).json()["totals"]["callers"] == 2
    assert desk.get(at(incident)).json()["totals"]["callers"] == 3


def test_the_same_key_adds_once(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    desk = api(cast.desmond)
    for _ in range(2):
        assert desk.post(at(incident), {"callers": 2}, headers={"Idempotency-Key": "call-7"}).status_code == 201
    assert DeskReport.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [({"callers": 0}, "callers"), ({"callers": "many"}, "callers"), ({"where": "x" * 501}, "where")],
)
def test_what_cannot_be_is_named(
    incident: Incident, cast: SimpleNamespace, api: Api, body: dict[str, object], field: str
) -> None:
    answer = api(cast.desmond).post(at(incident), body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_private_incident_does_not_exist(cast: SimpleNamespace, api: Api) -> None:
    hidden = kit.incident(manager=cast.mia, is_private=True)
    assert api(cast.desmond).get(at(hidden)).status_code == 404
    assert api(cast.desmond).post(at(hidden), {}).status_code == 404


def test_a_token_that_only_reads_adds_nothing(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.desmond, scopes=["read"]).post(at(incident), {}).status_code == 403
    assert api(cast.eve).get(at(incident)).status_code == 403
