"""deadlines/ and incidents/{ref}/deadlines/."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from comms.models import UpdateDeadline
from comms.queries.promises import deadlines, promises
from incidents.choices import IncidentState
from incidents.models import Incident, IncidentMember
from mim_portal.lib import dbtime
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def minutes(count: float) -> datetime:
    return dbtime.now() + timedelta(minutes=count)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    """Late for the executives, kept late for the public, open for the service owners."""
    made = promise_kit.declare(manager=cast.mia, at=minutes(-16), audiences=["public", "executives", "service_owners"])
    UpdateDeadline.objects.filter(audience__code="service_owners").update(due_at=minutes(4))
    promise_kit.publish(made, "public", author=cast.mia)
    return made


def results(client: APIClient, address: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{address}", query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def seen(rows: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    return [(row["audience"], row["state"], row["is_late"]) for row in rows]


def test_an_incidents_promises_in_the_order_in_which_they_were_due(
    incident: Incident, cast: SimpleNamespace, api: Api
) -> None:
    rows = results(api(cast.audra), f"incidents/{incident.reference}/deadlines/")

    assert seen(rows) == [
        ("public", "kept", True),
        ("executives", "open", True),
        ("service_owners", "open", False),
        ("public", "open", False),
    ] or seen(rows) == [
        ("executives", "open", True),
        ("public", "kept", True),
        ("service_owners", "open", False),
        ("public", "open", False),
    ]
    kept = next(row for row in rows if row["state"] == "kept")
    assert 55 <= kept["late_seconds"] <= 65
    assert kept["kept_by"] is not None
    assert kept["missed_at"] is not None
    assert kept["incident"] == incident.reference
    assert datetime.fromisoformat(kept["due_at"]).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("state", "audiences"),
    [
        ("open", ["executives", "service_owners", "public"]),
        ("kept", ["public"]),
        ("missed", ["public"]),
        ("ended", []),
    ],
)
def test_by_state(incident: Incident, cast: SimpleNamespace, api: Api, state: str, audiences: list[str]) -> None:
    rows = results(api(cast.mia), "deadlines/", state=state)
    assert [row["audience"] for row in rows] == audiences


def test_due_before_and_audience(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    soon = results(client, "deadlines/", state="open", due_before=minutes(10).isoformat())
    assert [row["audience"] for row in soon] == ["executives", "service_owners"]
    assert len(results(client, "deadlines/", audience="public")) == 2


@pytest.mark.parametrize(("field", "value"), [("state", "late"), ("due_before", "tomorrow"), ("audience", "nobody")])
def test_a_filter_that_makes_no_sense_is_refused_with_the_field_named(
    cast: SimpleNamespace, api: Api, field: str, value: str
) -> None:
    answer = api(cast.mia).get("/api/v1/deadlines/", {field: value})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_ended_promises_say_why(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    promise_kit.move_to(incident, IncidentState.CANCELLED, closed_at=dbtime.now())

    rows = results(api(cast.mia), f"incidents/{incident.reference}/deadlines/", state="ended")

    assert {(row["audience"], row["end_reason"]) for row in rows} == {
        ("executives", "cancelled"), ("service_owners", "cancelled"), ("public", "cancelled"),
    }  # fmt: skip
    assert [row["audience"] for row in rows if row["is_late"]] == ["executives"]


def test_a_private_incidents_promises_do_not_exist_for_others(cast: SimpleNamespace, api: Api) -> None:
    private = promise_kit.declare(manager=cast.mia, is_private=True)
    assert results(api(cast.omar), "deadlines/") == []
    assert api(cast.omar).get(f"/api/v1/incidents/{private.reference}/deadlines/").status_code == 404
    assert len(results(api(cast.mia), "deadlines/")) == 6

    IncidentMember.objects.create(incident=private, person=cast.omar)
    assert len(results(api(cast.omar), f"incidents/{private.reference}/deadlines/")) == 6


def test_who_may_read(cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.eve).get("/api/v1/deadlines/").status_code == 200
    assert api(cast.mia, scopes=["raise"]).get("/api/v1/deadlines/").status_code == 403
    assert api(cast.olaf).get("/api/v1/deadlines/").status_code == 403
    assert api().get("/api/v1/deadlines/").status_code == 401
    assert api(cast.mia).post("/api/v1/deadlines/", {}).status_code in {403, 405}


def test_pages_by_cursor_with_a_fixed_number_of_queries(
    cast: SimpleNamespace, api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        promise_kit.declare(manager=cast.mia)
    client = api(cast.mia)
    client.get("/api/v1/deadlines/")
    with django_assert_num_queries(2):  # the token with its person; the page
        answer = client.get("/api/v1/deadlines/", {"page_size": 10}).json()
    assert len(answer["results"]) == 10
    rest = client.get(answer["next"]).json()
    assert len(rest["results"]) == 8
    ids = [row["id"] for row in answer["results"] + rest["results"]]
    assert len(set(ids)) == 18


class TestQueries:
    def test_the_board_shows_what_is_due_soonest(self, incident: Incident, cast: SimpleNamespace) -> None:
        other = promise_kit.declare(manager=cast.omar, audiences=["technical"], at=minutes(-2))
        promise_kit.declare(manager=cast.omar, audiences=["technical"], at=minutes(-2), is_private=True)

        rows = deadlines.soonest(cast.mia)

        assert [(row.incident_id, row.audience.code) for row in rows] == [
            (incident.pk, "executives"),
            (other.pk, "technical"),
            (incident.pk, "service_owners"),
            (incident.pk, "public"),
        ]

    def test_the_facet_has_one_promise_an_audience_in_the_order_of_sending(
        self, incident: Incident, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        other = promise_kit.declare(manager=cast.mia, priority="P4")
        with django_assert_num_queries(2):  # clock, promises
            found = promises.facet([incident.pk, other.pk])

        rows = found[incident.pk]["deadlines"]
        assert seen(rows) == [
            ("service_owners", "open", False),
            ("executives", "open", True),
            ("public", "open", False),
        ]
        assert found[other.pk] == {"deadlines": []}

    def test_after_the_end_the_facet_shows_the_last_one(self, incident: Incident) -> None:
        promise_kit.move_to(incident, IncidentState.RESOLVED)
        rows = promises.facet([incident.pk])[incident.pk]["deadlines"]
        assert {(row["audience"], row["state"], row["end_reason"]) for row in rows} == {
            ("service_owners", "ended", "resolved"),
            ("executives", "ended", "resolved"),
            ("public", "ended", "resolved"),
        }

    def test_the_brief_names_what_was_promised_soonest_first(self, incident: Incident) -> None:
        told = promises.brief(incident)["promises"]
        assert [row["audience"] for row in told] == ["Executives", "Service owners", "Public"]
        assert [row["state"] for row in told] == ["late by 1 min", "on time so far", "on time so far"]
        assert "(UTC+0)" in told[0]["due"]
