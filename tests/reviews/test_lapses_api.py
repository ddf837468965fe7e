"""lapses/ over REST."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from reviews.choices import LapseState
from reviews.models import Lapse
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
URL = "/api/v1/lapses/"


@pytest.fixture
def suggested(cast: SimpleNamespace) -> Lapse:
    return rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)


def listed(client: APIClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


@pytest.mark.parametrize("name", ["ada", "omar", "carla", "petra", "dan", "audra", "rosa", "eve", "desmond"])
def test_a_suggestion_exists_for_no_other_token(cast: SimpleNamespace, api: Api, suggested: Lapse, name: str) -> None:
    client = api(getattr(cast, name))
    assert listed(client) == []
    assert client.get(f"{URL}{suggested.pk}/").status_code == 404
    for verb in ("confirm", "dismiss", "own", "plan"):
        assert client.post(f"{URL}{suggested.pk}/{verb}/", {}).status_code in {400, 403, 404}
    suggested.refresh_from_db()
    assert suggested.state == LapseState.SUGGESTED


def test_the_addressee_reads_a_sentence_without_a_name(cast: SimpleNamespace, api: Api, suggested: Lapse) -> None:
    (row,) = listed(api(cast.mia))
    assert row["sentence"] == "An update promised to end users was 6 min late."
    assert (row["code"], row["state"], row["yours"]) == ("L02", "suggested", True)
    assert row["incident"] == suggested.incident.reference
    assert "mia" not in str(row).lower()


def test_who_has_no_role_is_refused(cast: SimpleNamespace, api: Api, suggested: Lapse) -> None:
    assert api(cast.olaf).get(URL).status_code == 403
    assert api().get(URL).status_code == 401
    assert api(cast.mia, scopes=["read"]).post(f"{URL}{suggested.pk}/confirm/").status_code == 403


def test_filters(cast: SimpleNamespace, api: Api, suggested: Lapse) -> None:
    other = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, code="L01", state="confirmed")
    client = api(cast.mia)
    assert [row["id"] for row in listed(client, code="L01")] == [other.pk]
    assert [row["id"] for row in listed(client, state="suggested")] == [suggested.pk]
    assert [row["id"] for row in listed(client, incident=other.incident.reference)] == [other.pk]


def test_from_suggested_to_watched(cast: SimpleNamespace, api: Api, suggested: Lapse) -> None:
    client, url = api(cast.mia), f"{URL}{suggested.pk}/"
    assert client.post(f"{url}confirm/").json()["state"] == "confirmed"
    owned = client.post(f"{url}own/", {"acknowledgement": "We did not keep the 12:00 promise."})
    assert (owned.status_code, owned.json()["state"]) == (200, "owned")
    assert client.post(f"{url}correct/", {"correction": "Sent at 12:06."}).json()["state"] == "corrected"
    plan = {"plan": "Reminder earlier", "due_date": "2999-01-01", "measure": "No repeat in 20 chances"}
    planned = client.post(f"{url}plan/", plan).json()
    assert planned["state"] == "planned"
    assert (planned["plan"]["owner"], planned["plan"]["strength"]) == ("mia", "intermediate")
    watched = client.post(f"{url}in-place/").json()
    untried = {"chances": 0, "repeats": 0, "unclear": 0, "upper_bound": 1.0}
    assert (watched["state"], watched["watch"]) == ("watching", untried)
    assert [row["state"] for row in listed(api(cast.audra))] == ["watching"]


def test_dismissed_with_a_reason(cast: SimpleNamespace, api: Api, suggested: Lapse) -> None:
    client, url = api(cast.mia), f"{URL}{suggested.pk}/dismiss/"
    assert client.post(url, {}).json()["errors"][0]["field"] == "reason"
    assert client.post(url, {"reason": "Agreed by phone"}).json()["state"] == "dismissed"
    assert listed(api(cast.petra)) == []


def test_the_wrong_step_is_a_conflict_with_the_right_ones(cast: SimpleNamespace, api: Api, suggested: Lapse) -> None:
    answer = api(cast.mia).post(f"{URL}{suggested.pk}/correct/", {"correction": "Sent"})
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["confirmed", "dismissed"])


def test_a_list_costs_the_same_for_one_and_many(
    cast: SimpleNamespace, api: Api, django_assert_max_num_queries: Any
) -> None:
    incident = rows.incident(manager=cast.mia)
    for _ in range(12):
        lapse = rows.lapse(of=incident, addressee=cast.mia, state="watching")
        rows.plan(of=lapse, owner=cast.mia, in_place_at=NOON)
    client = api(cast.mia)
    with django_assert_max_num_queries(7):  # token, its last use, lapses, plans, chances, repeats
        assert len(listed(client)) == 12


def test_one_that_came_back_leads_to_the_other(cast: SimpleNamespace, api: Api) -> None:
    """For whoever may see both; a later one that nobody confirmed is in neither."""
    first = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, state="recurred")
    rows.plan(of=first, owner=cast.mia, in_place_at=NOON + timedelta(hours=1))
    later = rows.lapse(
        of=rows.incident(manager=cast.omar),
        addressee=cast.omar,
        state="confirmed",
        occurred_at=NOON + timedelta(days=1),
    )
    rows.lapse(of=rows.incident(manager=cast.omar), addressee=cast.omar, occurred_at=NOON + timedelta(days=2))
    client = api(cast.mia)
    (other,) = client.get(f"{URL}{first.pk}/").json()["came_back"]
    assert (other["id"], other["incident"], other["state"]) == (later.pk, later.incident.reference, "confirmed")
    assert other["sentence"] == "An update promised to end users was 6 min late."
    read = client.get(f"{URL}{later.pk}/").json()
    assert [one["id"] for one in read["planned_before"]] == [first.pk]
    assert read["came_back"] == []
