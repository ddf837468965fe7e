"""incidents/: list, declare, read, edit, move."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Incident
from incidents.models.incident import TIME_FIELDS
from tests import factories
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]
URL = "/api/v1/incidents/"


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    service = factories.service(slug="payroll", name="Payroll")
    return kit.incident(manager=cast.mia, service=service, now=timezone.now() - timedelta(minutes=5))


def url(incident: Incident, rest: str = "") -> str:
    return f"{URL}{incident.reference}/{rest}"


def test_declaring(cast: SimpleNamespace, api: Api) -> None:
    factories.service(slug="payroll", name="Payroll")
    answer = api(cast.mia).post(
        URL,
        {
            "title": "Payroll: staff cannot submit timesheets",
            "service": "payroll",
            "impact": 1,
            "urgency": 2,
            "impact_statement": {
                "who": "store staff",
                "activity": "submit timesheets",
                "count": 1200,
                "since": "2026-11-23T09:10:00Z",
                "confidence": {"count": "confirmed"},
            },
            "manager": "omar",
            "external_ref": "INC-1",
        },
    )
    body = answer.json()
    assert answer.status_code == 201
    assert answer["ETag"] == f'"{body["reference"]}.1"'
    assert (body["priority"], body["manager"], body["service"], body["external_ref"]) == (
        "P2",
        "omar",
        "payroll",
        "INC-1",
    )
    assert body["impact_statement"]["sentence"].startswith("1,200 store staff cannot submit timesheets in Payroll")
    assert body["impact_statement"]["confidence"] == {"count": "confirmed"}
    assert body["times"]["impact_started_at"] == "2026-11-23T09:10:00Z"
    assert set(body["times"]) == set(TIME_FIELDS)


def test_declaring_needs_title_service_and_levels(cast: SimpleNamespace, api: Api) -> None:
    answer = api(cast.mia).post(URL, {"service": "nowhere"})
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"title", "service", "impact", "urgency"}


def test_one_incident(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    body = api(cast.eve).get(url(incident)).json()
    assert (body["manager"], body["state"], body["priority"]) == ("mia", "declared", "P1")
    assert "cannot submit timesheets" in body["impact_statement"]["sentence"]
    assert body["deadlines"] == []
    assert body["allowed_transitions"][-1] == "cancelled"
    assert body["time_warnings"] == []


def test_other_apps_add_their_part(incident: Incident, cast: SimpleNamespace, api: Api, alone: Any) -> None:
    alone.INCIDENT_FACETS = ["tests.incidents.listeners.deadlines"]
    assert api(cast.mia).get(url(incident)).json()["deadlines"] == ["12:30"]
    assert api(cast.mia).get(URL).json()["results"][0]["deadlines"] == ["12:30"]


def test_times_that_stand_the_wrong_way_round_are_told(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    Incident.objects.filter(pk=incident.pk).update(detected_at=incident.declared_at + timedelta(hours=1))
    assert len(api(cast.mia).get(url(incident)).json()["time_warnings"]) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=declared", True),
        ("state=closed,declared", True),
        ("state=closed&state=cancelled", False),
        ("priority=P1", True),
        ("service=payroll", True),
        ("service=shop", False),
        ("q=timesheets", True),
        ("live=true", True),
        ("live=false", False),
        ("from=2026-01-01", True),
        ("from=2026-01-01T00:00:00+01:00", True),
        ("to=2026-01-01T00:00:00Z", False),
        ("exercise=true", False),
    ],
)
def test_filters(incident: Incident, cast: SimpleNamespace, api: Api, query: str, found: bool) -> None:
    answer = api(cast.mia).get(f"{URL}?{query}")
    assert answer.status_code == 200
    assert bool(answer.json()["results"]) is found


@pytest.mark.parametrize(
    ("query", "field"),
    [("state=lost", "state"), ("priority=P9", "priority"), ("live=perhaps", "live"), ("from=then", "from")],
)
def test_a_filter_that_means_nothing_is_400(cast: SimpleNamespace, api: Api, query: str, field: str) -> None:
    answer = api(cast.mia).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_pages_follow_each_other(cast: SimpleNamespace, api: Api) -> None:
    made = [kit.incident(manager=cast.mia).reference for _ in range(5)]
    client, seen, address = api(cast.mia), [], f"{URL}?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["reference"] for row in page["results"]]
        address = page["next"]
    assert seen == made[::-1]


def test_editing_changes_the_tag_and_a_stale_tag_is_412(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    tag = client.get(url(incident))["ETag"]
    answer = client.patch(url(incident), {"title": "Payroll is down"}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["title"]) == (200, "Payroll is down")
    assert answer["ETag"] != tag
    stale = api(cast.omar).patch(url(incident), {"title": "Mine"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert client.patch(url(incident), {"title": "x"}, headers={"If-Match": '"abc"'}).status_code == 412
    assert client.patch(url(incident), {"title": "x"}, headers={"If-Match": "*"}).status_code == 200


def test_priority_by_edit(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    assert client.patch(url(incident), {"priority": "P3"}).status_code == 400
    body = client.patch(url(incident), {"priority": "P3", "reason": "one small site"}).json()
    assert (body["priority"], body["priority_computed"], body["override_reason"]) == ("P3", "P1", "one small site")
    assert client.patch(url(incident), {"urgency": 2}).json()["priority"] == "P2"  # up again: nothing is asked


def test_times_by_edit(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    body = client.patch(url(incident), {"times": {"detected_at": "2026-11-23T09:05:00+00:00"}}).json()
    assert body["times"]["detected_at"] == "2026-11-23T09:05:00Z"
    assert client.patch(url(incident), {"times": {"declared_at": "2026-11-23T09:05:00Z"}}).status_code == 400


def test_restored_is_monitoring_and_needs_a_user(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    missing = client.post(url(incident, "transitions/"), {"to": "monitoring"})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (400, "confirmed_by")
    at = (timezone.now() - timedelta(minutes=2)).isoformat()
    body = client.post(url(incident, "transitions/"), {"to": "monitoring", "at": at, "confirmed_by": "desk"}).json()
    assert body["state"] == "monitoring"
    assert body["times"]["service_restored_at"][:19] == at[:19]
    assert body["resolvable_at"] > body["times"]["service_restored_at"]


def test_an_impossible_step_is_409_with_the_possible_ones(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    answer = api(cast.mia).post(url(incident, "transitions/"), {"to": "closed"})
    assert answer.status_code == 409
    assert answer.json()["allowed"] == ["investigating", "identified", "mitigating", "monitoring", "cancelled"]
    unknown = api(cast.mia).post(url(incident, "transitions/"), {"to": "fixed"})
    assert (unknown.status_code, unknown.json()["allowed"][0]) == (400, "investigating")


@pytest.mark.parametrize("username", ["desmond", "rosa", "eve", "audra", "petra", "ada"])
def test_only_managers_command(incident: Incident, cast: SimpleNamespace, api: Api, username: str) -> None:
    client = api(getattr(cast, username))
    assert client.post(URL, {}).status_code == 403
    assert client.patch(url(incident), {"title": "x"}).status_code == 403
    assert client.post(url(incident, "transitions/"), {"to": "investigating"}).status_code == 403


def test_without_a_token_nothing_is_answered(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    answer = api().get(url(incident))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert api(cast.olaf).get(URL).status_code == 403
    assert api(cast.mia, scopes=["raise"]).get(URL).status_code == 403


def test_a_private_incident_is_404_for_others(cast: SimpleNamespace, api: Api) -> None:
    private = kit.incident(manager=cast.mia, is_private=True)
    client = api(cast.omar)
    assert client.get(url(private)).status_code == 404
    assert client.patch(url(private), {"title": "x"}).status_code == 404
    assert client.post(url(private, "transitions/"), {"to": "investigating"}).status_code == 404
    assert client.get(URL).json()["results"] == []
    assert api(cast.mia).get(url(private)).json()["is_private"] is True


def test_lists_and_details_cost_a_fixed_number_of_queries(
    cast: SimpleNamespace, api: Api, django_assert_num_queries: Any
) -> None:
    client = api(cast.mia)
    client.get(URL)
    made = [kit.incident(manager=cast.mia) for _ in range(4)]
    with django_assert_num_queries(5):  # token with its person, private ones, incidents, managers, statements
        assert len(client.get(URL).json()["results"]) == 4
    with django_assert_num_queries(4):  # the same for one
        client.get(url(made[0]))
