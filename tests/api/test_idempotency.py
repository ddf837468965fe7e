"""Idempotency-Key on every POST."""

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents.models import Candidate, Incident
from mim_portal.models import IdempotencyKey
from teams.choices import Role, Scope
from teams.models import ApiToken
from tests import factories
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]
URL = "/api/v1/candidates/"
BODY = {"service": "payroll", "cannot_do": "submit timesheets", "contact": "Niamh"}


def key(name: str = "one") -> dict[str, str]:
    return {"Idempotency-Key": name}


def test_the_first_answer_comes_again(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.desmond)
    first = client.post(URL, BODY, headers=key())
    again = client.post(URL, BODY, headers=key())
    assert again.status_code == first.status_code == 201
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert again["Location"] == first["Location"]
    assert Candidate.objects.count() == 1


def test_another_body_is_422(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.desmond)
    client.post(URL, BODY, headers=key())
    answer = client.post(URL, BODY | {"contact": "Aoife"}, headers=key())
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert Candidate.objects.count() == 1


def test_another_address_is_422(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    reference = client.post(URL, BODY, headers=key()).json()["reference"]
    assert client.post(f"{URL}{reference}/reject/", BODY, headers=key()).status_code == 422


def test_keys_belong_to_people(cast: SimpleNamespace, api: Api) -> None:
    api(cast.desmond).post(URL, BODY, headers=key())
    assert "Idempotent-Replayed" not in api(cast.dara).post(URL, BODY, headers=key())
    assert Candidate.objects.count() == 2


def test_a_key_is_never_required(cast: SimpleNamespace, api: Api) -> None:
    for _ in range(2):
        assert api(cast.desmond).post(URL, BODY).status_code == 201
    assert not IdempotencyKey.objects.exists()


def test_a_refusal_does_not_use_the_key_up(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.desmond)
    assert client.post(URL, {}, headers=key()).status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert client.post(URL, BODY, headers=key()).status_code == 201


def test_a_stranger_uses_no_key_up(cast: SimpleNamespace, api: Api) -> None:
    assert api().post(URL, BODY, headers=key()).status_code == 401
    assert api(cast.eve).post(URL, BODY, headers=key()).status_code == 403
    assert not IdempotencyKey.objects.exists()


def test_reading_ignores_the_key(cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.desmond).get(URL, headers=key()).status_code == 200
    assert not IdempotencyKey.objects.exists()


def test_an_answer_without_content_comes_again(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    address = f"/api/v1/incidents/{incident.reference}/takeover/"
    client = api(cast.omar)
    answers = [client.post(address, {"reason": "unreachable"}, headers=key()).status_code for _ in range(2)]
    assert answers == [204, 204]
    assert incident.timeline.filter(kind="takeover").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_instant_make_one() -> None:
    mia = factories.person(username="mia", roles=(Role.INCIDENT_MANAGER,))
    factories.service(slug="payroll", name="Payroll")
    _, token = ApiToken.objects.create(user=mia, scopes=list(Scope.values))
    start, answers = threading.Barrier(2), []
    body = {"title": "Payroll", "service": "payroll", "impact": 1, "urgency": 1}

    def declare() -> None:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        start.wait()
        answers.append(client.post("/api/v1/incidents/", body, headers=key()))
        connection.close()

    threads = [threading.Thread(target=declare) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Incident.objects.count() == 1
