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


def test_a_name_like_no_field_is_served_and_named_in_the_answer(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    address = f"/api/v1/incidents/{incident.reference}/timeline/"
    answer = api(cast.mia).post(address, {"text": "x", "qqqq": 1, "é, b": 2})
    assert answer.status_code == 201
    assert answer.headers["Ignored-Fields"] == "qqqq, %C3%A9%2C%20b"
    again = api(cast.mia).post(address, {"text": "x"})
    assert "Ignored-Fields" not in again.headers


def test_an_answer_may_be_sent_back_whole(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    address = f"/api/v1/incidents/{incident.reference}/"
    whole = api(cast.mia).get(address).json()
    answer = api(cast.mia).patch(address, {"title": "Payroll", "state": "closed", "reference": whole["reference"]})
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["state"]) == ("Payroll", "declared")
    assert set(answer.headers["Ignored-Fields"].split(", ")) == {"state", "reference"}


def test_a_repeated_answer_says_it_again(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    for _turn in range(2):
        answer = api(cast.mia).post(
            f"/api/v1/incidents/{incident.reference}/timeline/",
            {"text": "x", "qqqq": 1},
            headers={"Idempotency-Key": "one"},
        )
        assert answer.headers["Ignored-Fields"] == "qqqq"


def test_it_is_told_beside_what_else_is_wrong(cast: SimpleNamespace, api: Api) -> None:
    given = {"title": "x", "impact": 1, "urgency": 9, "service": "payroll", "impact_statement": {"whoo": "all"}}
    said = errors(api(cast.mia).post("/api/v1/incidents/", given))
    assert said["impact_statement.whoo"].endswith("Do you mean who?")
    assert "urgency" in said


def test_not_even_a_slip_stops_the_desk(cast: SimpleNamespace, api: Api) -> None:
    given = {"service": "payroll", "cannot_do": "submit", "contact": "4411", "afected_count": "40"}
    answer = api(cast.desmond).post("/api/v1/candidates/", given)
    assert (answer.status_code, answer.headers["Ignored-Fields"]) == (201, "afected_count")


def test_many_and_long_names_do_not_blow_the_answer_up(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    given: dict[str, Any] = {f"{number}{'x' * 500}": 1 for number in range(200)}
    answer = api(cast.mia).patch(f"/api/v1/incidents/{incident.reference}/", given | {"title": "Payroll"})
    assert answer.status_code == 200
    assert len(answer.headers["Ignored-Fields"].split(", ")) == 20
    assert len(answer.headers["Ignored-Fields"]) < 1300


@pytest.mark.parametrize(("body", "ignored"), [({"reason": "done"}, "reason"), (["done"], "body")])
def test_an_address_without_fields_says_that_it_takes_none(
    cast: SimpleNamespace, api: Api, body: Any, ignored: str
) -> None:
    answer = api(cast.ada).post("/api/v1/people/rosa/invitation/", body, format="json")
    assert answer.headers["Ignored-Fields"] == ignored


@pytest.mark.parametrize(
    ("to", "given", "ignored"),
    [
        ("investigating", {"confirmed_by": "desk", "evidence": "the logs"}, "evidence, confirmed_by"),
        ("identified", {"confirmer": "omar", "evidence": "logs", "rollback": "back"}, "rollback"),
    ],
)
def test_what_belongs_to_another_state_is_named_and_does_not_stop_the_step(
    cast: SimpleNamespace, api: Api, to: str, given: dict[str, str], ignored: str
) -> None:
    incident = kit.incident(manager=cast.mia)
    answer = api(cast.mia).post(f"/api/v1/incidents/{incident.reference}/transitions/", {"to": to, **given})
    assert (answer.status_code, answer.headers["Ignored-Fields"]) == (200, ignored)
    assert answer.json()["state"] == to


@pytest.mark.parametrize(
    ("given", "ignored"),
    [
        ({"question": "Fail over?", "objections": "risky"}, "objections"),
        ({"question": "Fail over?", "chosen": "yes", "asked_of": "executives"}, "asked_of"),
        ({"question": "Fail over?", "chosen": "yes", "needed_by": "2099-01-01T00:00:00Z"}, "needed_by"),
    ],
)
def test_a_decision_is_asked_or_made(cast: SimpleNamespace, api: Api, given: dict[str, str], ignored: str) -> None:
    incident = kit.incident(manager=cast.mia)
    answer = api(cast.mia).post(f"/api/v1/incidents/{incident.reference}/decisions/", given)
    assert (answer.status_code, answer.headers["Ignored-Fields"]) == (201, ignored)


def test_a_time_is_known_or_not(cast: SimpleNamespace, api: Api) -> None:
    """A reason says why nobody knows it; beside a time it counts for nothing."""
    incident = kit.incident(manager=cast.mia)
    address = f"/api/v1/incidents/{incident.reference}/times/"
    given = {"name": "detected_at", "reason": "nobody looked", "precision": "approx"}
    assert api(cast.mia).post(address, given).headers["Ignored-Fields"] == "precision"
