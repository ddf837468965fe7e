"""reviews/ and actions/ over REST."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents.choices import EntryKind
from reviews.models import ContributingFactor, ImprovementAction, Review
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
ACTION = {
    "title": "Alert before expiry",
    "owner": "rosa",
    "due_date": "2026-12-24",
    "strength": "strong",
    "done_means": "An alert is seen in a test",
}
FACTOR = {"statement": "No alert on expiry", "kind": "enabling", "layer": "tool", "evidence": "log"}


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    return rows.review(of=rows.incident(manager=cast.mia))


@pytest.fixture
def url(review: Review) -> str:
    return f"/api/v1/reviews/{review.incident.reference}/"


def test_listed_with_filters(cast: SimpleNamespace, api: Api, review: Review) -> None:
    rows.review(of=rows.incident(manager=cast.mia), state="published")
    rows.review(of=rows.incident(manager=cast.mia, is_private=True))
    client = api(cast.audra)
    assert len(client.get("/api/v1/reviews/").json()["results"]) == 2
    (draft,) = client.get("/api/v1/reviews/", {"state": "draft"}).json()["results"]
    assert (draft["incident"], draft["publish_due_date"]) == (review.incident.reference, "2026-12-07")
    (one,) = client.get("/api/v1/reviews/", {"incident": review.incident.reference}).json()["results"]
    assert one == draft


def test_executives_and_strangers_have_no_reviews(cast: SimpleNamespace, api: Api, url: str) -> None:
    assert api(cast.eve).get(url).status_code == 403
    assert api(cast.olaf).get(url).status_code == 403
    assert api(cast.audra).patch(url, {"sections": {}}).status_code == 403
    assert api(cast.mia).get("/api/v1/reviews/MI-2026-9999/").status_code == 404


def test_two_writers_do_not_overwrite_each_other(cast: SimpleNamespace, api: Api, url: str) -> None:
    seen = api(cast.mia).get(url)
    assert seen["ETag"] == '"1"'
    written = api(cast.mia).patch(url, {"sections": {"summary": "Mine"}}, HTTP_IF_MATCH=seen["ETag"])
    assert (written.status_code, written["ETag"]) == (200, '"2"')
    late = api(cast.omar).patch(url, {"sections": {"summary": "Theirs"}}, HTTP_IF_MATCH=seen["ETag"])
    assert (late.status_code, late["Content-Type"]) == (412, "application/problem+json")
    assert late.json()["version"] == 2
    assert api(cast.mia).get(url).json()["sections"]["summary"] == "Mine"
    assert api(cast.mia).patch(url, {"sections": {"summary": "x"}}, HTTP_IF_MATCH='"soon"').status_code == 400


def test_from_draft_to_published(cast: SimpleNamespace, api: Api, review: Review, url: str) -> None:
    rows.entry(of=review.incident, kind=EntryKind.NOTE, text="Rosa Example restarted it", actor=cast.rosa)
    client = api(cast.mia)
    assert client.post(f"{url}sign-off/").status_code == 409
    assert client.post(f"{url}submit/").json()["state"] == "in_review"
    refused = client.post(f"{url}sign-off/").json()
    assert refused["code"] == "not_ready"
    factor = client.post(f"{url}factors/", FACTOR)
    assert factor.status_code == 201
    action = client.post(f"{url}actions/", ACTION | {"factor": factor.json()["id"]})
    assert (action.status_code, action.json()["owner"]) == (201, "rosa")
    client.patch(url, {"sections": {"summary": "Caused by human error of Rosa Example."}})
    blocked = client.post(f"{url}sign-off/")
    assert (blocked.status_code, blocked.json()["code"]) == (409, "blocked")
    (finding,) = blocked.json()["findings"]
    override = {"part": finding["part"], "code": finding["code"], "text": finding["text"], "reason": "Quoted title"}
    signed = client.post(f"{url}sign-off/", {"overrides": [override]}).json()
    assert (signed["state"], signed["signed_off_by"]) == ("published", "mia")
    assert signed["sections"]["summary"] == "Caused by human error of an engineer."
    assert "Rosa" not in str(signed["timeline"])
    assert client.patch(url, {"sections": {"summary": "x"}}).status_code == 409


def test_sent_back_and_overridden(cast: SimpleNamespace, api: Api, review: Review, url: str) -> None:
    client = api(cast.mia)
    client.patch(url, {"sections": {"summary": "Obviously late."}})
    (finding,) = client.get(url).json()["findings"]
    assert (finding["code"], finding["blocking"]) == ("B06", True)
    row = {"part": "summary", "code": "B06", "text": finding["text"], "reason": "A quoted headline"}
    (kept,) = client.post(f"{url}overrides/", row).json()["findings"]
    assert (kept["blocking"], kept["override_reason"]) == (False, "A quoted headline")
    client.post(f"{url}submit/")
    assert client.post(f"{url}send-back/").json()["state"] == "draft"


def test_who_may_sign(cast: SimpleNamespace, api: Api, url: str) -> None:
    assert api(cast.rosa).post(f"{url}sign-off/").status_code == 403
    assert api(cast.petra).post(f"{url}sign-off/").status_code == 409


def test_factors_change_and_go(cast: SimpleNamespace, api: Api, review: Review, url: str) -> None:
    client = api(cast.rosa)
    number = client.post(f"{url}factors/", FACTOR).json()["id"]
    assert client.post(f"{url}factors/", FACTOR | {"layer": "person"}).status_code == 400
    changed = client.put(f"{url}factors/{number}/", FACTOR | {"layer": "supplier"})
    assert changed.json()["layer"] == "supplier"
    assert client.delete(f"{url}factors/{number}/").status_code == 204
    assert client.delete(f"{url}factors/{number}/").status_code == 404
    assert not ContributingFactor.objects.exists()


def test_actions_over_all_reviews(cast: SimpleNamespace, api: Api, review: Review) -> None:
    client = api(cast.rosa)
    made = client.post("/api/v1/actions/", ACTION | {"incident": review.incident.reference, "due_date": "2020-01-01"})
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    rows.action(of=rows.review(of=rows.incident(manager=cast.mia, is_private=True)), owner=cast.rosa)

    def found(**query: str) -> list[int]:
        return [row["id"] for row in client.get("/api/v1/actions/", query).json()["results"]]

    assert found() == found(owner="rosa") == found(overdue="true") == found(state="open") == [number]
    assert found(owner="nils") == found(state="done") == found(incident="MI-2026-9999") == []
    changed = client.patch(f"/api/v1/actions/{number}/", {"owner": "nils"})
    assert changed.json()["owner"] == "nils"
    assert client.patch(f"/api/v1/actions/{number}/", {"owner": "nobody"}).status_code == 400
    assert client.patch(f"/api/v1/actions/{number}/", {"done_means": ""}).status_code == 400
    assert client.post(f"/api/v1/actions/{number}/done/").json()["state"] == "done"
    assert client.post(f"/api/v1/actions/{number}/verified/").json()["state"] == "verified"
    assert client.post(f"/api/v1/actions/{number}/open/").status_code == 409
    assert client.post(f"/api/v1/actions/{number}/nowhere/").status_code == 409
    assert client.get(f"/api/v1/actions/{number}/").json()["state"] == "verified"
    assert client.get(f"/api/v1/actions/{number + 99}/").status_code == 404


@pytest.mark.parametrize("missing", ["title", "owner", "due_date", "done_means", "incident"])
def test_the_gate_names_the_field(cast: SimpleNamespace, api: Api, review: Review, missing: str) -> None:
    body = ACTION | {"incident": review.incident.reference}
    del body[missing]
    answer = api(cast.rosa).post("/api/v1/actions/", body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [missing]
    assert not ImprovementAction.objects.exists()


def test_the_same_key_agrees_on_one_action(cast: SimpleNamespace, api: Api, url: str) -> None:
    client: Any = api(cast.rosa)
    first = client.post(f"{url}actions/", ACTION, HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post(f"{url}actions/", ACTION, HTTP_IDEMPOTENCY_KEY="k1")
    assert first.json() == again.json()
    assert ImprovementAction.objects.count() == 1
