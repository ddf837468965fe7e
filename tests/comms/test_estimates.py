"""Line four: an estimate that a second person stands for, with its age and its end, or the next decision."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.choices import Reading, UpdateKind
from comms.models import ApprovalPolicy, Audience, Estimate
from comms.queries import estimates as queries
from comms.rendering import estimates as words
from comms.services import estimates
from incidents.models import Incident
from incidents.queries import timeline
from incidents.services.accountability import people
from incidents.services.record import details
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from teams.models import Person
from tests import status_pages
from tests.comms import update_kit
from tests.constraints.kit import refused
from tests.incidents import kit

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
UTC = ZoneInfo("UTC")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=dbtime.now())


def say(incident: Incident, by: Person, *, hours: float | None = 2, **fields: Any) -> Estimate:
    now = dbtime.now()
    given: dict[str, Any] = {} if hours is None else {
        "earliest_at": now + timedelta(hours=hours - 1), "latest_at": now + timedelta(hours=hours),
        "confidence": "medium",
    }  # fmt: skip
    return estimates.say(reference=incident.reference, person=by, now=now, **given | fields)


def shown(incident: Incident) -> str:
    return words.line(queries.shown([incident.pk]).get(incident.pk), at=dbtime.now(), zone=UTC)


def test_a_second_person_stands_for_it(incident: Incident, cast: SimpleNamespace) -> None:
    made = say(incident, cast.mia)
    assert shown(incident) == "No estimate."
    with pytest.raises(Refusal, match="somebody else"):
        estimates.approve(estimate_id=made.pk, person=cast.mia, now=dbtime.now())
    with pytest.raises(Refusal, match="second reader or the technical lead"):
        estimates.approve(estimate_id=made.pk, person=cast.rosa, now=dbtime.now())
    estimates.approve(estimate_id=made.pk, person=cast.carla, now=dbtime.now())
    assert "Expected to work again between" in shown(incident)
    assert "confidence medium; given at" in shown(incident)
    with pytest.raises(Refusal, match="shown already"):
        estimates.approve(estimate_id=made.pk, person=cast.omar, now=dbtime.now())
    said = [timeline.words(entry) for entry in incident.timeline.filter(kind="estimate").order_by("seq")]
    assert said[0].startswith("Estimate for executives, waiting for a second person: between")
    assert said[1].startswith("Estimate for executives approved: between")


def test_the_technical_lead_may(incident: Incident, cast: SimpleNamespace) -> None:
    people.assign(reference=incident.reference, role="technical_lead", to=cast.rosa, person=cast.mia, now=dbtime.now())
    estimates.approve(estimate_id=say(incident, cast.mia).pk, person=cast.rosa, now=dbtime.now())
    assert "Expected" in shown(incident)


def test_a_house_that_asks_no_reader_shows_it_at_once(incident: Incident, cast: SimpleNamespace) -> None:
    executives = Audience.objects.get(code="executives")
    ApprovalPolicy.objects.update_or_create(kind="update", audience=executives, defaults={"reading": Reading.ALONE})
    assert say(incident, cast.mia).approved_by is None
    assert "Expected" in shown(incident)


def test_no_estimate_claims_nothing_and_names_the_next_decision(incident: Incident, cast: SimpleNamespace) -> None:
    say(incident, cast.mia, hours=None, next_decision_at=dbtime.now() + timedelta(minutes=30))
    assert shown(incident).startswith("No estimate. Next decision ")


def test_it_ends_honestly(incident: Incident, cast: SimpleNamespace) -> None:
    made = say(incident, cast.mia, next_decision_at=dbtime.now() + timedelta(hours=5))
    estimates.approve(estimate_id=made.pk, person=cast.carla, now=dbtime.now())
    row = queries.shown([incident.pk])[incident.pk]
    later = words.line(row, at=dbtime.now() + timedelta(hours=3), zone=UTC)
    assert "has passed, and there is no other one. Next decision" in later
    latest = words.line(row, at=dbtime.now() + timedelta(hours=6), zone=UTC)
    assert latest.endswith("there is no other one.")
    estimates.withdraw(estimate_id=made.pk, person=cast.mia, now=dbtime.now())
    assert shown(incident) == "No estimate."


@pytest.mark.parametrize(
    ("hours", "fields", "message"),
    [
        (-1, {}, "This range has passed"),
        (2, {"confidence": ""}, "Say how sure you are"),
        (2, {"confidence": "very"}, "low, medium or high"),
        (2, {"earliest_at": None}, "both times"),
        (None, {}, "when the next decision is made"),
    ],
)
def test_what_cannot_be_said(
    hours: float | None, fields: dict[str, Any], message: str, incident: Incident, cast: SimpleNamespace
) -> None:
    with pytest.raises(Refusal, match=message):
        say(incident, cast.mia, hours=hours, **fields)
    assert not Estimate.objects.exists()


def test_who_may_not(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(Refusal, match="writes updates gives"):
        say(incident, cast.rosa)
    made = say(incident, cast.mia)
    with pytest.raises(Refusal, match="takes an estimate back"):
        estimates.withdraw(estimate_id=made.pk, person=cast.rosa, now=dbtime.now())
    details.edit(reference=incident.reference, person=cast.mia, changes={"is_private": True}, now=dbtime.now())
    with pytest.raises(Refusal) as refusal:
        estimates.approve(estimate_id=made.pk, person=cast.carla, now=dbtime.now())
    assert refusal.value.status == 404


def test_an_ended_incident_has_none(incident: Incident, cast: SimpleNamespace) -> None:
    lifecycle.transition(
        reference=incident.reference, to="cancelled", person=cast.mia, reason="no incident", now=dbtime.now()
    )
    with pytest.raises(Refusal, match="has ended"):
        say(incident, cast.mia)


def test_executives_read_it_on_their_page_until_it_ends_and_the_public_never(
    incident: Incident, cast: SimpleNamespace
) -> None:
    page = status_pages.page(slug="executive", audience="executives", is_public=False, is_executive=True)
    public = status_pages.page()
    draft = update_kit.drafted(incident, cast.mia, "executives", "public", kind=UpdateKind.INITIAL)
    update_kit.published(draft, cast.mia, send_now=True)
    assert "No estimate." in status_pages.html(page, at=dbtime.now())
    made = say(incident, cast.mia)
    assert "No estimate." in status_pages.html(page, at=dbtime.now())
    estimates.approve(estimate_id=made.pk, person=cast.carla, now=dbtime.now())
    assert "Expected to work again between" in status_pages.html(page, at=dbtime.now())
    assert "there is no other one" in status_pages.html(page, at=dbtime.now() + timedelta(hours=3))  # rendered ahead
    for face in public.snapshots.all():
        assert b"Expected to work again" not in bytes(face.body)


def test_the_board_says_it_too(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    estimates.approve(estimate_id=say(incident, cast.mia).pk, person=cast.carla, now=dbtime.now())
    assert "Expected to work again between" in signed_in(cast.eve).get("/").content.decode()


def test_the_page(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mia, carla = signed_in(cast.mia), signed_in(cast.carla)
    address = f"/incidents/{incident.reference}/estimate/"
    assert "No estimate." in mia.get(address).content.decode()
    wrong = mia.post(address, {"earliest_at": "2030-01-01T10:00", "latest_at": "", "confidence": "low"})
    assert wrong.status_code == 422
    assert "both times" in wrong.content.decode()
    assert "2030-01-01T10:00" in wrong.content.decode()
    made = say(incident, cast.mia)
    assert "Approve it" not in mia.get(address).content.decode()
    assert "Approve it" in carla.get(address).content.decode()
    own = mia.post(f"{address}{made.pk}/approve/", follow=True).content.decode()
    assert "somebody else has to stand for it" in own
    assert "Executives read it now." in carla.post(f"{address}{made.pk}/approve/", follow=True).content.decode()
    assert carla.post(f"{address}{made.pk}/publish/").status_code == 404
    with django_assert_num_queries(5):
        mia.get(address)


def test_the_api(incident: Incident, cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    address = f"/api/v1/incidents/{incident.reference}/estimates/"
    now = dbtime.now()
    body = {
        "earliest_at": (now + timedelta(hours=1)).isoformat(),
        "latest_at": (now + timedelta(hours=2)).isoformat(),
        "confidence": "low",
    }
    made = api(cast.mia).post(address, body, format="json")
    assert made.status_code == 201
    assert (made.json()["approved_at"], made.json()["said_by"]) == (None, "mia")
    assert api(cast.mia).post(f"{address}{made.json()['id']}/approve/").status_code == 409
    assert api(cast.carla).post(f"{address}{made.json()['id']}/approve/").json()["approved_by"] == "carla"
    assert api(cast.mia).post(f"{address}{made.json()['id']}/withdraw/").json()["withdrawn_at"]
    assert [each["confidence"] for each in api(cast.mia).get(address).json()] == ["low"]
    half = api(cast.mia).post(address, {"earliest_at": body["earliest_at"]}, format="json")
    assert half.json()["errors"][0]["field"] == "latest_at"


def test_what_the_database_refuses(incident: Incident, cast: SimpleNamespace) -> None:
    now = dbtime.now()
    row = {"incident": incident, "said_by": cast.mia, "said_at": now}
    for fields in (
        {},
        {"earliest_at": now, "latest_at": now, "confidence": "low"},
        {"earliest_at": now, "latest_at": now + timedelta(hours=1)},
        {"latest_at": now, "confidence": "low"},
    ):
        with refused("estimate_is_a_range_or_none"):
            Estimate.objects.create(**row, **fields)
    says = {"next_decision_at": now, "approved_by": cast.carla}
    with refused("estimate_read_by_another"):
        Estimate.objects.create(**row, **says)
    with refused("estimate_read_by_another"):
        Estimate.objects.create(**row, **says | {"approved_by": cast.mia, "approved_at": now})
