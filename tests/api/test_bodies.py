"""What was sent and counts for nothing is answered at its name; nothing is passed over in silence."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 400, answer.content
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}


def test_a_typo_is_told_with_the_nearest_name(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    said = errors(api(cast.mia).patch(f"/api/v1/incidents/{incident.reference}/", {"titel": "Payroll"}))
    assert said == {"titel": "There is no field titel here. Do you mean title?"}


def test_a_name_like_no_other_is_told_with_all_names(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    said = errors(api(cast.mia).post(f"/api/v1/incidents/{incident.reference}/timeline/", {"text": "x", "qqqq": 1}))
    assert said["qqqq"].startswith("There is no field qqqq here. Fields are: ")
    assert "text" in said["qqqq"]


def test_it_is_told_beside_what_else_is_wrong(cast: SimpleNamespace, api: Api) -> None:
    given = {"title": "x", "impact": 1, "urgency": 9, "service": "payroll", "impact_statement": {"whoo": "all"}}
    said = errors(api(cast.mia).post("/api/v1/incidents/", given))
    assert said["impact_statement.whoo"].endswith("Do you mean who?")
    assert "urgency" in said


def test_the_desks_form_too(cast: SimpleNamespace, api: Api) -> None:
    given = {"service": "payroll", "cannot_do": "submit", "contact": "4411", "afected_count": "40"}
    assert errors(api(cast.desmond).post("/api/v1/candidates/", given)) == {
        "afected_count": "There is no field afected_count here. Do you mean affected_count?"
    }
    del given["contact"]
    assert set(errors(api(cast.desmond).post("/api/v1/candidates/", given))) == {"afected_count", "contact"}


def test_names_are_as_many_and_as_long_as_an_answer_can_carry(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    given = {f"{number}{'x' * 500}": 1 for number in range(200)}
    said = errors(api(cast.mia).patch(f"/api/v1/incidents/{incident.reference}/", given))
    assert len(said) == 20
    assert max(map(len, said)) == 60


@pytest.mark.parametrize("body", [{"reason": "done"}, ["done"]])
def test_an_address_without_fields_takes_none(cast: SimpleNamespace, api: Api, body: Any) -> None:
    answer = api(cast.ada).post("/api/v1/people/rosa/invitation/", body, format="json")
    [detail] = errors(answer).values()
    assert detail == "This address takes no fields. Nothing was done."


@pytest.mark.parametrize(
    ("to", "given", "field", "words"),
    [
        ("monitoring", {"confirmed_by": "desk", "evidence": "the logs"}, "evidence", "becomes identified"),
        ("investigating", {"confirmed_by": "desk"}, "confirmed_by", "becomes monitoring"),
        ("identified", {"confirmer": "omar", "evidence": "logs", "rollback": "back"}, "rollback", "becomes mitigating"),
    ],
)
def test_what_belongs_to_another_state_is_refused_at_its_field(
    cast: SimpleNamespace, api: Api, to: str, given: dict[str, str], field: str, words: str
) -> None:
    incident = kit.incident(manager=cast.mia)
    said = errors(api(cast.mia).post(f"/api/v1/incidents/{incident.reference}/transitions/", {"to": to, **given}))
    assert set(said) == {field}
    assert words in said[field]
    incident.refresh_from_db()
    assert incident.state == "declared"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"question": "Fail over?", "objections": "risky"}, {"objections"}),
        ({"question": "Fail over?", "chosen": "yes", "asked_of": "executives"}, {"asked_of"}),
        ({"question": "Fail over?", "chosen": "yes", "needed_by": "2099-01-01T00:00:00Z"}, {"needed_by"}),
    ],
)
def test_a_decision_is_asked_or_made(cast: SimpleNamespace, api: Api, given: dict[str, str], fields: set[str]) -> None:
    incident = kit.incident(manager=cast.mia)
    assert set(errors(api(cast.mia).post(f"/api/v1/incidents/{incident.reference}/decisions/", given))) == fields


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"at": "2026-11-23T09:00:00Z", "reason": "nobody looked"}, "reason"),
        ({"reason": "nobody looked", "precision": "approx"}, "precision"),
    ],
)
def test_a_time_is_known_or_not(cast: SimpleNamespace, api: Api, given: dict[str, str], field: str) -> None:
    incident = kit.incident(manager=cast.mia)
    address = f"/api/v1/incidents/{incident.reference}/times/"
    assert field in errors(api(cast.mia).post(address, {"name": "detected_at", **given}))
