"""/maintenance/ and maintenances/: planners announce, begin, tell, cancel; everybody in the room reads."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.models import Maintenance
from mim_portal.lib import dbtime
from teams.models import ApiToken, Person
from tests.comms import maintenance_kit as kit
from tests.status_pages import folder

__all__ = ["folder"]  # fixture
pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(client: Client, cast: SimpleNamespace) -> Client:
    client.force_login(cast.mia)
    return client


def typed(**changed: Any) -> dict[str, Any]:
    start = dbtime.now() + timedelta(days=1)
    return {
        "title": "Payroll moves to new servers",
        "services": ["payroll"],
        "scheduled_for": f"{start:%Y-%m-%dT%H:%M}",
        "scheduled_until": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "body": "You cannot submit timesheets.",
        "pages": ["public"],
        "is_automatic": "on",
        "begins_with": "It has begun.",
        "ends_with": "It is done.",
        "repeat": "",
        "until": "",
    } | changed


def test_from_the_list_to_the_announced_window(mia: Client) -> None:
    kit.shown_page()
    assert "Windows that are announced will stand here" in mia.get("/maintenance/").content.decode()
    assert "It has begun." not in mia.get("/maintenance/+new/?service=payroll").content.decode()
    answer = mia.post("/maintenance/+new/", typed(), follow=True)
    html = answer.content.decode()
    assert "Announced. Its pages show it now." in html
    assert "by the clock" in html
    window = Maintenance.objects.get()
    assert f"/status/public/#maintenance-{window.pk}" in html
    listed = mia.get("/maintenance/").content.decode()
    assert "Payroll moves to new servers" in listed
    assert "table-stacks" in listed  # on a phone each window stands as a card, with the names of its cells
    assert re.findall(r'<td data-label="([^"]*)"', listed) == ["When", "State"]


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(mia: Client) -> None:
    kit.shown_page()
    answer = mia.post("/maintenance/+new/", typed(scheduled_until="2020-01-01T10:00", body="Kept words."))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "It ends after it begins: give a later time." in html
    assert "Kept words." in html
    assert not Maintenance.objects.exists()


def test_telling_moving_and_ending_a_series(mia: Client, cast: SimpleNamespace) -> None:
    window = kit.plan(by=cast.mia, repeat="weekly")
    address = f"/maintenance/{window.pk}/"
    assert mia.post(f"{address}tell/", {"body": "Bring tea."}).status_code == 302
    assert mia.post(f"{address}tell/", {"body": ""}).status_code == 422
    assert mia.post(f"{address}tell/", {"body": "", "to": "in_progress"}).status_code == 302
    html = mia.get(address).content.decode()
    assert "Bring tea." in html
    assert "The move has begun." in html
    assert "Running" in html
    refused = mia.post(f"{address}tell/", {"body": "Words that stay.", "to": "cancelled"})
    assert refused.status_code == 422
    assert "Words that stay." in refused.content.decode()
    assert mia.post(f"{address}tell/", {"body": "No more of these.", "to": "end_series"}).status_code == 302
    assert Maintenance.objects.filter(state="cancelled").count() == 3


def test_changing_what_was_announced(mia: Client, cast: SimpleNamespace) -> None:
    window = kit.plan(by=cast.mia)
    address = f"/maintenance/{window.pk}/edit/"
    assert "Payroll moves to new servers" in mia.get(address).content.decode()
    assert mia.post(address, typed(title="Payroll moves house")).status_code == 302
    window.refresh_from_db()
    assert window.title == "Payroll moves house"
    assert mia.post(address, typed(title="")).status_code == 422


def test_the_list_is_paged_and_costs_a_fixed_number_of_queries(
    mia: Client, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    window = kit.plan(by=cast.mia)
    now = dbtime.now()
    for number in range(53):
        start = now - timedelta(days=number + 1)
        made = Maintenance.objects.create(
            title=f"Old {number}",
            body="x",
            planned_by=cast.mia,
            scheduled_for=start,
            scheduled_until=start + timedelta(hours=1),
            state="completed",
            ended_at=start,
        )
        made.services.set(window.services.all())
    with django_assert_num_queries(9):
        html = mia.get("/maintenance/").content.decode()
    assert "Old 49" in html
    assert "Old 50" not in html
    before = Maintenance.objects.get(title="Old 49").pk
    older = mia.get(f"/maintenance/?before={before}").content.decode()
    assert "Old 52" in older
    assert "Old 49" not in older
    assert mia.get("/maintenance/?before=x9").status_code == 200


def test_one_window_costs_a_fixed_number_of_queries(
    mia: Client, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    window = kit.plan(by=cast.mia, repeat="weekly")
    with django_assert_num_queries(8):
        mia.get(f"/maintenance/{window.pk}/")
    assert mia.get("/maintenance/99999999/").status_code == 404


def test_who_only_reads_sees_no_buttons(client: Client, cast: SimpleNamespace) -> None:
    window = kit.plan(by=cast.mia)
    client.force_login(cast.desmond)
    html = client.get(f"/maintenance/{window.pk}/").content.decode()
    assert "What readers were told" in html
    assert "Tell readers" not in html
    assert client.post(f"/maintenance/{window.pk}/tell/", {"body": "x"}).status_code == 403


# --- REST -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def rest(api: Callable[[Person], APIClient], cast: SimpleNamespace) -> APIClient:
    kit.shown_page()
    made: APIClient = APIClient()
    _row, token = ApiToken.objects.create(user=cast.mia, scopes=["read", "comms"])
    made.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return made


def sent(**changed: Any) -> dict[str, Any]:
    values = kit.values(start=dbtime.now() + timedelta(days=1))
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()} | (
        changed
    )


def test_a_window_over_rest_from_announcement_to_end(rest: APIClient) -> None:
    made = rest.post("/api/v1/maintenances/", sent(), format="json")
    assert made.status_code == 201, made.data
    address = f"/api/v1/maintenances/{made.data['id']}/"
    assert (made.data["state"], made.data["services"], made.data["pages"]) == ("scheduled", ["payroll"], ["public"])
    assert rest.patch(address, {"title": "Moved"}, format="json").data["title"] == "Moved"
    assert rest.post(f"{address}updates/", {"body": "Soon."}, format="json").status_code == 201
    begun = rest.post(f"{address}transitions/", {"to": "in_progress"}, format="json")
    assert (begun.status_code, begun.data["state"]) == (200, "in_progress")
    wrong = rest.post(f"{address}transitions/", {"to": "cancelled", "body": "x"}, format="json")
    assert (wrong.status_code, wrong.data["errors"][0]["code"]) == (409, "wrong_state")
    done = rest.post(f"{address}transitions/", {"to": "completed"}, format="json")
    assert [each["state"] for each in done.data["updates"]] == [
        "scheduled",
        "scheduled",
        "scheduled",
        "in_progress",
        "completed",
    ]
    assert [row["id"] for row in rest.get("/api/v1/maintenances/?state=completed").data["results"]] == [made.data["id"]]
    assert rest.get("/api/v1/maintenances/?state=open").data["results"] == []
    assert rest.get("/api/v1/maintenances/?state=late").status_code == 400
    assert rest.get("/api/v1/maintenances/99999999/").status_code == 404


def test_a_series_over_rest(rest: APIClient) -> None:
    made = rest.post("/api/v1/maintenances/", sent(repeat="weekly", time_zone="Europe/London"), format="json").data
    assert made["repeat"] == "weekly"
    assert len(rest.get("/api/v1/maintenances/?state=open").data["results"]) == 4
    ended = rest.post(f"/api/v1/maintenance-series/{made['series']}/end/", {"body": "No more."}, format="json")
    assert ended.data == {"cancelled": 4}
    again = rest.post(f"/api/v1/maintenance-series/{made['series']}/end/", {"body": "No more."}, format="json")
    assert again.status_code == 404
    unknown = rest.post("/api/v1/maintenances/", sent(repeat="weekly", time_zone="Mars/Base"), format="json")
    assert unknown.status_code == 400
    assert "time_zone" in str(unknown.data)
