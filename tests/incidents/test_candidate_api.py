"""candidates/: raise, read, accept, reject, merge, ask."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Candidate, Incident
from incidents.services.desk import candidates
from incidents.services.states import declaration
from tests import factories
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]
URL = "/api/v1/candidates/"
THREE = {"service": "payroll", "cannot_do": "submit timesheets", "contact": "Niamh, +353 1 555 0199"}


@pytest.fixture(autouse=True)
def payroll(db: None) -> Any:
    return factories.service(slug="payroll", name="Payroll")


@pytest.fixture
def raised(cast: SimpleNamespace, payroll: Any) -> Candidate:
    return kit.candidate(by=cast.desmond, service=payroll, now=timezone.now())


def test_three_facts_raise_it_and_the_answer_says_what_is_missing(cast: SimpleNamespace, api: Api) -> None:
    answer = api(cast.desmond).post(URL, THREE)
    body = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{URL}{body['reference']}/"
    assert (body["service"], body["title"], body["state"]) == ("payroll", "Payroll: cannot submit timesheets", "open")
    assert body["intake"]["score"] < 50
    assert body["intake"]["band"] == "not_ready"
    assert "affected_count" in body["intake"]["missing"]
    assert [question["code"] for question in body["intake"]["questions"]] == body["intake"]["missing"]
    assert body["raised_by"] == "desmond"


def test_numbers_are_taken_as_numbers(cast: SimpleNamespace, api: Api) -> None:
    body = api(cast.desmond).post(URL, THREE | {"affected_count": 1200, "impact": 1, "urgency": 2}).json()
    assert (body["affected_count"], body["impact"], body["urgency"]) == ("1200", 1, 2)


@pytest.mark.parametrize(
    ("service", "slug", "words"),
    [("payroll", "payroll", ""), ("PAYROLL", "payroll", ""), ("the till thing", None, "the till thing")],
)
def test_a_service_is_a_slug_a_name_or_words(
    cast: SimpleNamespace, api: Api, service: str, slug: str | None, words: str
) -> None:
    body = api(cast.desmond).post(URL, THREE | {"service": service}).json()
    assert (body["service"], body["service_text"]) == (slug, words)


@pytest.mark.parametrize("field", ["service", "cannot_do", "contact"])
def test_each_missing_fact_is_named(cast: SimpleNamespace, api: Api, field: str) -> None:
    answer = api(cast.desmond).post(URL, {name: value for name, value in THREE.items() if name != field})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"impact": 4}, "impact"),
        ({"safety_or_security": "maybe"}, "safety_or_security"),
        ({"service": "x" * 201}, "service"),
    ],
)
def test_what_cannot_be_used_is_named(cast: SimpleNamespace, api: Api, given: dict[str, Any], field: str) -> None:
    answer = api(cast.desmond).post(URL, THREE | given)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("username", "scopes", "status"),
    [
        ("desmond", ["raise"], 201),
        ("desmond", ["read"], 403),
        ("audra", None, 403),
        ("eve", None, 403),
        ("olaf", None, 403),
    ],
)
def test_who_may_raise(cast: SimpleNamespace, api: Api, username: str, scopes: list[str] | None, status: int) -> None:
    assert api(getattr(cast, username), scopes=scopes).post(URL, THREE).status_code == status


def test_the_same_key_raises_once(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.desmond)
    first = client.post(URL, THREE, headers={"Idempotency-Key": "a"})
    again = client.post(URL, THREE, headers={"Idempotency-Key": "a"})
    assert (again.status_code, again.json(), again["Location"]) == (201, first.json(), first["Location"])
    assert Candidate.objects.count() == 1


def test_accepting_declares(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    answer = api(cast.mia).post(f"{URL}{raised.reference}/accept/", {"impact": 1, "urgency": 1})
    body = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/incidents/{body['reference']}/"
    assert (body["manager"], body["state"], body["priority"]) == ("mia", "declared", "P1")
    assert body["impact_statement"]["sentence"].startswith("About 1,200 store staff")
    seen = api(cast.desmond).get(f"{URL}{raised.reference}/").json()
    assert (seen["state"], seen["incident"], seen["decided_by"]) == ("accepted", body["reference"], "mia")


def test_accepting_without_levels_is_400(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    answer = api(cast.mia).post(f"{URL}{raised.reference}/accept/", {})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "impact"
    assert not Incident.objects.exists()


def test_accepting_for_somebody_else(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    given = {"impact": 1, "urgency": 1, "manager": "omar"}
    assert api(cast.mia).post(f"{URL}{raised.reference}/accept/", given).json()["manager"] == "omar"


@pytest.mark.parametrize("manager", ["nobody", "rosa"])
def test_a_manager_who_cannot_be_one_is_400(raised: Candidate, cast: SimpleNamespace, api: Api, manager: str) -> None:
    given = {"impact": 1, "urgency": 1, "manager": manager}
    answer = api(cast.mia).post(f"{URL}{raised.reference}/accept/", given)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "manager")


def test_second_to_accept_gets_409_and_the_name(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    levels = {"impact": 1, "urgency": 1}
    first = api(cast.mia).post(f"{URL}{raised.reference}/accept/", levels).json()
    answer = api(cast.omar).post(f"{URL}{raised.reference}/accept/", levels)
    assert answer.status_code == 409
    assert answer.json()["decided_by"] == "mia"
    assert answer.json()["incident"] == first["reference"]


def test_the_desk_cannot_accept_at_once(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    levels = {"impact": 1, "urgency": 1}
    assert api(cast.desmond).post(f"{URL}{raised.reference}/accept/", levels).status_code == 403
    assert api(cast.dara).post(f"{URL}{raised.reference}/accept/", levels).status_code == 403


def test_rejecting_needs_a_reason(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    url = f"{URL}{raised.reference}/reject/"
    assert api(cast.mia).post(url, {}).status_code == 400
    body = api(cast.mia).post(url, {"reason": "One user"}).json()
    assert (body["state"], body["decision_reason"]) == ("rejected", "One user")


def test_merging_into_a_running_incident(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    body = api(cast.desmond).post(f"{URL}{raised.reference}/merge/", {"into": incident.reference}).json()
    assert (body["state"], body["incident"]) == ("merged", incident.reference)
    other = kit.candidate(by=cast.desmond, service=incident.service)
    missing = api(cast.desmond).post(f"{URL}{other.reference}/merge/", {"into": "MI-2026-0404"})
    assert missing.status_code == 404


def test_questions_and_answers(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    url = f"{URL}{raised.reference}/clarifications/"
    asked = api(cast.mia).post(url, {"field": "where", "question": "Which floors?"})
    assert asked.status_code == 201
    answered = api(cast.desmond).post(f"{url}{asked.json()['id']}/answer/", {"answer": "Third floor"})
    assert (answered.status_code, answered.json()["answered_by"]) == (200, "desmond")
    assert [row["answer"] for row in api(cast.desmond).get(url).json()] == ["Third floor"]
    assert api(cast.desmond).post(f"{url}404/answer/", {"answer": "x"}).status_code == 404
    assert api(cast.desmond).post(url, {"field": "where", "question": "?"}).status_code == 403


def test_the_list_is_filtered_and_never_shows_drafts(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    candidates.save_draft(person=cast.desmond, facts={"title": "draft"}, draft_id=None, now=timezone.now())
    client = api(cast.mia)
    assert [row["reference"] for row in client.get(URL).json()["results"]] == [raised.reference]
    assert client.get(URL, {"state": "rejected"}).json()["results"] == []
    assert client.get(URL, {"state": "lost"}).status_code == 400
    assert client.get(URL, {"external_ref": "INC-9"}).json()["results"] == []


def test_a_private_incidents_candidate_is_private(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    incident = declaration.declare(
        person=cast.mia,
        title="Secret",
        service=raised.service,  # type: ignore[arg-type]
        impact=1,
        urgency=1,
        impact_statement={},
        manager=None,
        candidate=raised,
        is_private=True,
        now=timezone.now(),
    )
    assert api(cast.omar).get(f"{URL}{raised.reference}/").status_code == 404
    assert api(cast.omar).get(URL).json()["results"] == []
    assert api(cast.mia).get(f"{URL}{raised.reference}/").json()["incident"] == incident.reference


def test_an_unknown_candidate_is_404(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    assert client.get(f"{URL}CA-2026-0404/").status_code == 404
    assert client.post(f"{URL}CA-2026-0404/accept/", {"impact": 1, "urgency": 1}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(
    raised: Candidate, cast: SimpleNamespace, api: Api, django_assert_num_queries: Any, payroll: Any
) -> None:
    client = api(cast.mia)
    client.get(URL)
    for _ in range(3):
        kit.candidate(by=cast.dara, service=payroll, now=timezone.now())
    with django_assert_num_queries(3):  # token with its person, candidates, questions
        assert len(client.get(URL).json()["results"]) == 4
