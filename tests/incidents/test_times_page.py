"""The times of an incident, by page and by API: every value stays, what nobody knows is said with its reason."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents.choices import EntryKind
from incidents.models import Incident, RecordedTime
from incidents.queries import times as queries
from incidents.rules import times as rules
from incidents.services.record import details
from incidents.services.work import engagements
from mim_portal.lib import dbtime
from teams.models import Person
from tests import factories
from tests.comms import promise_kit
from tests.incidents import kit

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    """Declared an hour ago."""
    return kit.incident(manager=cast.mia, now=dbtime.now() - timedelta(hours=1))


@pytest.fixture
def manager(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.mia)


def address(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.reference}/times/{rest}"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class TestPage:
    def test_everything_stands_there_with_its_source(
        self, incident: Incident, cast: SimpleNamespace, manager: Client
    ) -> None:
        team = factories.team(slug="database", name="Database team")
        engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=dbtime.now())
        promise_kit.publish(incident, "service_desk", author=cast.mia)
        text = text_of(manager.get(address(incident)))
        for words in ("Impact started", "Declared", "Database team", "Service desk", "approximate", "Still missing"):
            assert words in text

    def test_a_correction_keeps_both_values(self, incident: Incident, manager: Client) -> None:
        for minute in ("10", "20"):
            answer = manager.post(address(incident, "detected_at/"), {"at": f"2026-11-22T09:{minute}"})
            assert answer["Location"] == address(incident)
        rows = RecordedTime.objects.filter(incident=incident, field="detected_at").order_by("id")
        assert [f"{row.at:%H:%M} {row.precision}" for row in rows] == ["09:10 exact", "09:20 exact"]
        text = text_of(manager.get(address(incident)))
        assert "1 value before" in text
        assert "09:10" in text
        assert "09:20" in text_of(manager.get(address(incident, "detected_at/")))

    def test_what_nobody_knows_is_said_with_its_reason(self, incident: Incident, manager: Client) -> None:
        manager.post(address(incident, "detected_at/"), {"reason": "The supplier does not say"})
        assert "not known: The supplier does not say" in text_of(manager.get(address(incident)))
        assert "detected_at" not in queries.missing(incident)
        entry = incident.timeline.latest("seq")
        assert (entry.kind, entry.data["reason"]) == (EntryKind.TIME_RECORDED, "The supplier does not say")

    def test_one_reason_answers_for_all_that_is_missing(self, incident: Incident, manager: Client) -> None:
        before = incident.impact_started_at
        assert manager.post(address(incident, "unknown/"), {"reason": ""}).status_code == 422
        manager.post(address(incident, "unknown/"), {"reason": "Nobody wrote it down"})
        incident.refresh_from_db()
        assert incident.impact_started_at == before
        assert queries.missing_so_far(incident) == ()
        assert "service_restored_at" in queries.missing(incident)  # nobody gives it up while users wait
        assert "Still missing" not in text_of(manager.get(address(incident)))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"at": ""}, "Give the time, or say below"),
            ({"at": "2026-11-22T09:00", "reason": "lost"}, "Give either the time or the reason"),
            ({"at": "2126-01-01T00:00"}, "This time has not come yet."),
            ({"at": "tomorrow"}, "such as 2026-11-23 14:30"),
        ],
    )
    def test_what_cannot_be_is_asked_again(
        self, incident: Incident, manager: Client, typed: dict[str, str], words: str
    ) -> None:
        answer = manager.post(address(incident, "detected_at/"), typed)
        assert answer.status_code == 422
        assert words in text_of(answer)
        incident.refresh_from_db()
        assert incident.version == 1

    def test_a_time_that_the_clocks_left_out_says_so(
        self, incident: Incident, cast: SimpleNamespace, manager: Client
    ) -> None:
        cast.mia.time_zone = "Europe/Dublin"
        cast.mia.save()
        answer = manager.post(address(incident, "detected_at/"), {"at": "2026-03-29T01:30"})
        assert "did not exist in Europe/Dublin" in text_of(answer)
        manager.post(address(incident, "detected_at/"), {"at": "2026-10-25 01:30 +00:00"})
        row = RecordedTime.objects.get(incident=incident, field="detected_at")
        assert (row.at and row.at.hour, row.time_zone) == (1, "Europe/Dublin")

    def test_an_end_before_its_start_is_saved_and_told(self, incident: Incident, manager: Client) -> None:
        before = (incident.declared_at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        answer = manager.post(address(incident, "resolved_at/"), {"at": before}, follow=True)
        assert "“Resolved” (" in text_of(answer)
        assert "is before “declared”" in text_of(answer)
        incident.refresh_from_db()
        assert incident.resolved_at is not None

    @pytest.mark.parametrize("name", ["declared_at", "closed_at", "lunch_at"])
    def test_the_portals_own_times_have_no_form(self, incident: Incident, manager: Client, name: str) -> None:
        assert manager.get(address(incident, f"{name}/")).status_code == 404

    def test_readers_read(self, incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        text = text_of(signed_in(cast.audra).get(address(incident)))
        assert "Impact started" in text
        assert "Correct" not in text
        assert "Record all of these" not in text

    def test_it_costs_a_fixed_number_of_queries(
        self, incident: Incident, cast: SimpleNamespace, manager: Client, django_assert_num_queries: Any
    ) -> None:
        """Session, person, private ones, incident, recorded times, teams;
        of other apps: clock, promises, first messages,
        review; the clock of the frame."""
        manager.get(address(incident))
        with django_assert_num_queries(11):
            manager.get(address(incident))
        for minute in range(10):
            details.record_times(
                reference=incident.reference,
                given={"detected_at": incident.declared_at - timedelta(minutes=minute)},
                person=cast.mia,
                now=dbtime.now(),
            )
        for number in range(3):
            team = factories.team(slug=f"team{number}")
            engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=dbtime.now())
        with django_assert_num_queries(11):
            manager.get(address(incident))


class TestApi:
    def url(self, incident: Incident, rest: str = "") -> str:
        return f"/api/v1/incidents/{incident.reference}/times/{rest}"

    def test_each_time_with_every_value(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        client = api(cast.mia)
        for at in ("2026-11-22T09:00:00Z", "2026-11-22T10:00:00+01:00", "2026-11-22T09:30:00Z"):
            answer = client.post(self.url(incident), {"name": "detected_at", "at": at, "precision": "approx"})
            assert answer.status_code == 200
        body = client.get(self.url(incident)).json()
        (detected,) = [row for row in body["times"] if row["name"] == "detected_at"]
        assert detected["at"] == "2026-11-22T09:30:00Z"
        assert [value["at"] for value in detected["history"]] == ["2026-11-22T09:30:00Z", "2026-11-22T09:00:00Z"]
        assert detected["history"][0] | {"recorded_at": ""} == {
            "at": "2026-11-22T09:30:00Z", "time_zone": "UTC", "precision": "approx", "source": "person", "reason": "",
            "recorded_at": "", "recorded_by": "mia",
        }  # fmt: skip
        assert "detected_at" not in body["missing"]
        assert set(body["missing"]) < set(rules.NEEDED)

    def test_times_of_teams_and_audiences_come_from_their_own_sources(
        self, incident: Incident, cast: SimpleNamespace, api: Api
    ) -> None:
        team = factories.team(slug="database", members=(cast.rosa,))
        engagement = engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=dbtime.now())
        engagements.join(engagement_id=engagement.pk, person=cast.rosa, now=dbtime.now())
        promise_kit.publish(incident, "public", "service_desk", author=cast.mia)
        promise_kit.publish(incident, "service_desk", author=cast.mia)
        body = api(cast.mia).get(self.url(incident)).json()
        (asked,) = body["teams"]
        assert asked["team"] == "database"
        assert asked["engaged_at"] is not None
        assert list(body["first_comms_at"]) == ["service_desk", "public"]
        assert body["first_comms_at"]["service_desk"] == body["first_comms_at"]["public"]
        assert body["review_published_at"] is None
        whole = api(cast.mia).get(f"/api/v1/incidents/{incident.reference}/").json()
        assert whole["first_comms_at"] == body["first_comms_at"]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": "detected_at"}, "reason"),
            ({"name": "lunch_at", "at": "2026-11-22T09:00:00Z"}, "name"),
            ({"name": "declared_at", "at": "2026-11-22T09:00:00Z"}, "name"),
            ({"name": "detected_at", "at": "2126-11-22T09:00:00Z"}, "at"),
            ({"name": "detected_at", "at": "soon"}, "at"),
            ({"name": "detected_at", "at": "2026-11-22T09:00:00Z", "precision": "nearly"}, "precision"),
        ],
    )
    def test_what_cannot_be_is_400_at_its_field(
        self, incident: Incident, cast: SimpleNamespace, api: Api, given: dict[str, str], field: str
    ) -> None:
        answer = api(cast.mia).post(self.url(incident), given)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)

    def test_not_known_is_an_answer(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        client = api(cast.mia)
        body = client.post(self.url(incident), {"name": "logged_at", "reason": "The ticket tool was down."}).json()
        (logged,) = [row for row in body["times"] if row["name"] == "logged_at"]
        assert (logged["at"], logged["unknown_because"]) == (None, "The ticket tool was down.")
        named = client.post(self.url(incident, "unknown/"), {"names": ["reported_at"], "reason": "None."}).json()
        assert named["missing"] == ["detected_at"]  # and nobody is asked for what may still happen
        rest = client.post(self.url(incident, "unknown/"), {"reason": "Nobody wrote it down."}).json()
        assert rest["missing"] == []
        again = incident.timeline.count()
        assert client.post(self.url(incident, "unknown/"), {"reason": "Nobody."}).status_code == 200
        assert incident.timeline.count() == again

    def test_the_right_order_is_asked_for(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        at = incident.declared_at + timedelta(minutes=30)
        body = api(cast.mia).post(self.url(incident), {"name": "impact_started_at", "at": at.isoformat()}).json()
        assert len(body["warnings"]) == 1
        assert "Please check both." in body["warnings"][0]

    def test_a_stale_tag_is_412(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        client = api(cast.mia)
        tag = client.get(self.url(incident))["ETag"]
        first = {"name": "detected_at", "at": "2026-11-22T09:00:00Z"}
        assert client.post(self.url(incident), first, headers={"If-Match": tag}).status_code == 200
        assert client.post(self.url(incident), first, headers={"If-Match": tag}).status_code == 412

    def test_of_a_private_incident_nobody_learns(self, cast: SimpleNamespace, api: Api, signed_in: Browser) -> None:
        private = kit.incident(manager=cast.mia, is_private=True)
        assert api(cast.omar).get(self.url(private)).status_code == 404
        assert api(cast.omar).post(self.url(private), {"name": "logged_at", "reason": "x"}).status_code == 404
        assert signed_in(cast.omar).get(address(private)).status_code == 404
