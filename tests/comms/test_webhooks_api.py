"""webhooks/ over REST."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from comms.models import Delivery, Endpoint, Message
from mim_portal.models import IdempotencyKey
from tests import factories
from tests.http_sink import Sink, sink

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
LIST = "/api/v1/webhooks/"
NEW = {"code": "tickets", "name": "Tickets", "address": "https://tickets.example.org/in?key=abc"}


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        yield kept


@pytest.fixture
def ada(cast: SimpleNamespace, api: Api) -> APIClient:
    return api(cast.ada)


def test_added_read_changed_and_its_secret_told_once(ada: APIClient) -> None:
    made = ada.post(LIST, NEW | {"events": ["incident.closed"]})
    assert made.status_code == 201
    assert made.data["secret"].startswith("whsec_")
    assert "abc" not in str(made.data)
    read = ada.get(f"{LIST}tickets/")
    assert "secret" not in read.data
    assert (read.data["kind"], read.data["host"], read.data["events"]) == (
        "webhook", "tickets.example.org", ["incident.closed"],
    )  # fmt: skip
    tag = read["ETag"]
    changed = ada.patch(f"{LIST}tickets/", {"per_minute": 5}, HTTP_IF_MATCH=tag)
    assert (changed.status_code, changed.data["per_minute"]) == (200, 5)
    assert ada.patch(f"{LIST}tickets/", {"per_minute": 6}, HTTP_IF_MATCH=tag).status_code == 412
    rotated = ada.post(f"{LIST}tickets/secret/")
    assert rotated.data["secret"] not in ("", made.data["secret"])
    assert rotated.data["old_secret_until"] is not None


def test_an_answer_that_is_given_again_has_no_secret(ada: APIClient) -> None:
    first = ada.post(LIST, NEW, HTTP_IDEMPOTENCY_KEY="k1")
    second = ada.post(LIST, NEW, HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, second.status_code, second["Idempotent-Replayed"]) == (201, 201, "true")
    assert (bool(first.data["secret"]), second.json()["secret"]) == (True, "")
    assert second["Idempotent-Left-Out"] == "secret"
    assert first.data["secret"] not in str(IdempotencyKey.objects.values().get())
    assert Endpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "attr"),
    [({"address": "https://10.0.0.1:x/"}, "address"), ({"kind": "email"}, "kind"), ({"fallback": "no"}, "fallback")],
)
def test_what_cannot_be_used_is_a_problem_at_its_field(ada: APIClient, changes: dict[str, Any], attr: str) -> None:
    answer = ada.post(LIST, NEW | changes)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert attr in str(answer.json())


def test_the_list_is_paged_and_filtered(ada: APIClient) -> None:
    for kind in ("slack", "teams", "webhook", "webhook"):
        factories.endpoint(kind=kind)
    page = ada.get(LIST, {"page_size": 3}).json()
    assert (len(page["results"]), page["next"] is None) == (3, False)
    assert [one["kind"] for one in ada.get(LIST, {"kind": "teams"}).json()["results"]] == ["teams"]


def test_deliveries_and_redelivery(ada: APIClient) -> None:
    endpoint = factories.endpoint(code="tickets")
    event = Message.objects.create(subject="incident.closed MI-1", event="incident.closed", text="{}", thread="MI-1")
    rows = [
        Delivery.objects.create(
            message=event, channel="webhook", address=f"tickets{state}", endpoint_id=endpoint.pk, state=state,
            last_error="There is nothing at this address (404)." if state == "dead" else "",
        )
        for state in ("sent", "dead")
    ]  # fmt: skip
    listed = ada.get(f"{LIST}tickets/deliveries/").json()["results"]
    assert [(one["id"], one["event"], one["state"]) for one in listed] == [
        (rows[1].pk, "incident.closed", "dead"), (rows[0].pk, "incident.closed", "sent"),
    ]  # fmt: skip
    (dead,) = ada.get(f"{LIST}tickets/deliveries/", {"state": "dead"}).json()["results"]
    assert "(404)" in dead["last_error"]
    again = ada.post(f"{LIST}tickets/deliveries/{dead['id']}/redeliver/")
    assert (again.status_code, again.json()["state"], again.json()["attempts"]) == (200, "pending", 0)
    twice = ada.post(f"{LIST}tickets/deliveries/{dead['id']}/redeliver/")
    assert (twice.status_code, twice.json()["code"]) == (409, "on_its_way")
    assert ada.post(f"{LIST}tickets/deliveries/0/redeliver/").status_code == 404
    assert ada.get(f"{LIST}nothing/deliveries/").status_code == 404


def test_a_test_answers_in_words(ada: APIClient, server: Sink) -> None:
    factories.endpoint(code="tickets", address=f"{server.url}/in")
    assert ada.post(f"{LIST}tickets/test/").json() == {"is_taken": True, "words": "It was taken."}
    server.says(404)
    said = ada.post(f"{LIST}tickets/test/").json()
    assert (said["is_taken"], "nothing at this address" in said["words"]) == (False, True)


@pytest.mark.parametrize("who", ["mia", "desmond", "petra"])
def test_only_administrators(cast: SimpleNamespace, api: Api, who: str) -> None:
    client = api(getattr(cast, who))
    assert client.get(LIST).status_code == 403
    assert client.post(LIST, NEW).status_code == 403


def test_the_scope_is_needed_as_well(cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.ada, scopes=["read", "comms"]).get(LIST).status_code == 403
