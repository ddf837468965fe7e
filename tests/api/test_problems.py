"""Errors as problem documents with a field-by-field list."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from mim_portal.api import problems
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == status
    assert body["type"].startswith("urn:mim-portal:problem:")
    assert body["title"] == problems.TITLES[status]
    assert body["detail"]
    return body


def test_fields_are_listed_one_by_one(cast: SimpleNamespace, api: Api) -> None:
    body = is_problem(api(cast.desmond).post("/api/v1/candidates/", {"impact": 9}), 400)
    assert {(error["field"], error["code"]) for error in body["errors"]} == {
        ("service", "required"),
        ("cannot_do", "required"),
        ("contact", "required"),
        ("impact", "invalid_choice"),
    }


def test_nested_fields_have_a_path(cast: SimpleNamespace, api: Api) -> None:
    given = {"title": "x", "impact": 1, "urgency": 1, "service": "x", "impact_statement": {"who": "x" * 301}}
    body = is_problem(api(cast.mia).post("/api/v1/incidents/", given), 400)
    assert "impact_statement.who" in {error["field"] for error in body["errors"]}


def test_a_refusal_carries_its_plain_data(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    address = f"/api/v1/incidents/{incident.reference}/transitions/"
    body = is_problem(api(cast.mia).post(address, {"to": "closed"}), 409)
    assert (body["code"], body["state"]) == ("not_allowed", "declared")
    assert "investigating" in body["allowed"]


def test_who_what_and_how(cast: SimpleNamespace, api: Api) -> None:
    is_problem(api().get("/api/v1/incidents/"), 401)
    is_problem(api(cast.olaf).get("/api/v1/incidents/"), 403)
    is_problem(api(cast.mia).get("/api/v1/incidents/MI-2026-0404/"), 404)
    is_problem(api(cast.mia).delete("/api/v1/incidents/MI-2026-0404/"), 403)


def test_a_method_that_is_open_and_missing(cast: SimpleNamespace, api: Api) -> None:
    is_problem(api(cast.mia).generic("PATCH", "/api/v1/people/me/"), 403)


@pytest.mark.parametrize(
    ("body", "content_type", "status"), [("{", "application/json", 400), ("a=1", "text/plain", 415)]
)
def test_only_json(cast: SimpleNamespace, api: Api, body: str, content_type: str, status: int) -> None:
    is_problem(api(cast.desmond).generic("POST", "/api/v1/candidates/", body, content_type=content_type), status)


def test_answers_made_outside_a_view_look_the_same() -> None:
    answer = problems.problem(status=404, code="not_found", detail="There is nothing here.")
    assert answer["Content-Type"] == "application/problem+json"
    assert b'"detail": "There is nothing here."' in answer.content
