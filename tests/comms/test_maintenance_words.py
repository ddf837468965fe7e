"""The words of planned maintenance are read as those of an update: a slip stops them, a reason lets them leave."""

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.models import Maintenance, MaintenanceUpdate
from comms.services.maintenance import windows, wording
from mim_portal.lib import dbtime
from mim_portal.models import AuditEntry
from teams.models import Person
from tests.comms import maintenance_kit

pytestmark = pytest.mark.django_db
API = "/api/v1/maintenances/"
WRONG = "You canot submit timesheets."
REASON = "It is a name or a quotation."


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> memory.Language:
    twin = memory.Language(misspelt={"canot": "cannot"})
    monkeypatch.setattr(languagetool, "check", twin.check)
    return twin


@pytest.fixture
def now() -> datetime:
    maintenance_kit.shown_page()
    return dbtime.now()


@pytest.fixture
def rest(cast: SimpleNamespace, api: Callable[..., APIClient], now: datetime) -> APIClient:
    return api(cast.mia)


def planned(now: datetime, **changed: Any) -> dict[str, Any]:
    values = maintenance_kit.values(start=now + timedelta(days=1), **changed)
    return values | {name: values[name].isoformat() for name in ("scheduled_for", "scheduled_until")}


class TestRest:
    def test_a_slip_stops_it_and_names_place_and_fix(self, rest: APIClient, now: datetime) -> None:
        answer = rest.post(API, planned(now, body=WRONG), format="json")
        assert (answer.status_code, answer.json()["code"]) == (409, "findings")
        (finding,) = answer.json()["findings"]
        assert (finding["field"], finding["code"], finding["text"]) == ("body", "C09", "canot")
        assert finding["suggestions"] == ["cannot"]
        assert not Maintenance.objects.exists()
        assert rest.post(API, planned(now, body=WRONG.replace("canot", "cannot")), format="json").status_code == 201

    def test_a_reason_lets_it_leave_and_stays_in_the_audit(self, rest: APIClient, now: datetime) -> None:
        answer = rest.post(API, planned(now, body=WRONG, send_anyway=REASON), format="json")
        assert answer.status_code == 201
        kept = AuditEntry.objects.get(verb="maintenance.planned").data
        assert (kept["sent_anyway"], kept["reason"]) == ("C09", REASON)
        pk = answer.json()["id"]
        later = {"scheduled_until": (now + timedelta(days=1, hours=3)).isoformat()}
        assert rest.patch(f"{API}{pk}/", later, format="json").status_code == 200, "what stands is not asked for again"
        assert rest.patch(f"{API}{pk}/", {"ends_with": "Done: {{ when }}"}, format="json").status_code == 409

    def test_every_way_to_say_something(self, rest: APIClient, now: datetime) -> None:
        pk = rest.post(API, planned(now, repeat="weekly"), format="json").json()["id"]
        series = Maintenance.objects.get(pk=pk).series_id
        for way, body in (
            (f"{API}{pk}/updates/", {"body": WRONG}),
            (f"{API}{pk}/transitions/", {"to": "in_progress", "body": WRONG}),
            (f"/api/v1/maintenance-series/{series}/end/", {"body": WRONG}),
        ):
            assert rest.post(way, body, format="json").status_code == 409, way
        said = MaintenanceUpdate.objects.count()
        assert (
            rest.post(f"{API}{pk}/updates/", {"body": WRONG, "send_anyway": REASON}, format="json").status_code == 201
        )
        assert MaintenanceUpdate.objects.count() == said + 1

    def test_without_the_checker_our_own_rules_hold(
        self, rest: APIClient, now: datetime, language: memory.Language
    ) -> None:
        language.down = True
        assert rest.post(API, planned(now, body="We restart [SERVER]."), format="json").status_code == 409
        assert rest.post(API, planned(now, body=WRONG), format="json").status_code == 201


def test_the_page_says_it_at_the_field_and_then_asks_why(
    cast: SimpleNamespace, now: datetime, signed_in: Callable[[Person], Client]
) -> None:
    mia = signed_in(cast.mia)
    values = maintenance_kit.values(start=now + timedelta(days=1), body=WRONG)
    typed = values | {name: f"{values[name]:%Y-%m-%dT%H:%M}" for name in ("scheduled_for", "scheduled_until")}
    assert 'type="hidden" name="send_anyway"' in mia.get("/maintenance/+new/").content.decode()
    stopped = mia.post("/maintenance/+new/", typed)
    page = html.unescape(stopped.content.decode())
    assert stopped.status_code == 422
    assert "“canot”" in page
    assert "Announce it as it stands, because" in page
    assert WRONG in page
    assert not Maintenance.objects.exists()
    assert mia.post("/maintenance/+new/", typed | {"send_anyway": REASON}).status_code == 302
    made = Maintenance.objects.get()
    tell = f"/maintenance/{made.pk}/tell/"
    assert "Announce it as it stands, because" in mia.post(tell, {"body": WRONG}).content.decode()
    assert mia.post(tell, {"body": WRONG, "send_anyway": REASON}).status_code == 302


def test_words_that_were_not_read_are_held_by_our_own_rules(cast: SimpleNamespace, now: datetime) -> None:
    made = maintenance_kit.plan(by=cast.mia)
    with pytest.raises(wording.Stopped) as stopped:
        windows.say(pk=made.pk, body="The the move. [TEAM] [TIME] [DATE] [NAME] [SITE]", person=cast.mia, now=now)
    assert stopped.value.field == "body"
    assert "And 1 more." in stopped.value.message
