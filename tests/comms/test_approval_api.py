"""Sent back, scheduled and marked over REST."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.models import Update
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


def address(update: Update, *parts: str) -> str:
    return "/".join(["/api/v1/incidents", update.incident.reference, "updates", str(update.pk), *parts]) + "/"


def in_minutes(minutes: float) -> str:
    return (dbtime.now() + timedelta(minutes=minutes)).isoformat()


def test_a_reader_sends_it_back(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    rita = api(cast.rita)
    answer = rita.post(address(made, "return"), {"comment": "Which stores?"}).json()
    assert (answer["state"], answer["returned_by"], answer["return_comment"]) == ("draft", "rita", "Which stores?")
    empty = rita.post(address(made, "return"), {})
    assert (empty.status_code, empty["Content-Type"]) == (400, "application/problem+json")
    assert api(cast.carla).post(address(made, "return"), {"comment": "Mine."}).json()["code"] == "own_update"


def test_the_same_word_sent_twice_is_one(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    rita = api(cast.rita)
    first = rita.post(address(made, "return"), {"comment": "Which stores?"}, HTTP_IDEMPOTENCY_KEY="back-1")
    again = rita.post(address(made, "return"), {"comment": "Which stores?"}, HTTP_IDEMPOTENCY_KEY="back-1")
    assert first.json() == again.json()


def test_schedule_and_stop(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.mia, "service_owners", minutes=30)
    mia = api(cast.mia)
    answer = mia.post(address(made, "schedule"), {"publish_at": in_minutes(5)})
    assert answer.status_code == 200, answer.json()
    assert answer.json()["publish_at"] is not None
    stopped = mia.delete(address(made, "schedule")).json()
    assert (stopped["publish_at"], stopped["held_at"], stopped["held_reasons"]) == (None, None, [])
    assert mia.delete(address(made, "schedule")).json()["code"] == "not_scheduled"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"publish_at": -1}, 400, "invalid"),
        ({"publish_at": 20}, 400, "invalid"),  # later than the promise to these readers
        ({"publish_at": None}, 400, None),
    ],
)
def test_times_that_cannot_stand(
    api: Api, cast: SimpleNamespace, incident: Incident, fields: dict[str, Any], status: int, code: str | None
) -> None:
    made = update_kit.drafted(incident, cast.mia, "service_owners", minutes=40)
    minutes = fields["publish_at"]
    given = {} if minutes is None else {"publish_at": in_minutes(minutes)}
    answer = api(cast.mia).post(address(made, "schedule"), given)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


def test_marks_and_the_gate(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    mia = api(cast.mia)
    marked = mia.patch(f"/api/v1/incidents/{incident.reference}/", {"marks": ["safety", "security"]})
    assert marked.json()["marks"] == ["security", "safety"]
    assert mia.patch(f"/api/v1/incidents/{incident.reference}/", {"marks": ["odd"]}).status_code == 400
    made = update_kit.drafted(incident, cast.mia, "end_users")
    refused = mia.post(address(made, "publish"), {})
    assert refused.status_code == 409
    assert (refused.json()["code"], "neutral_words" in refused.json()) == ("gate", True)
    let_out = api(cast.leo).post(address(made, "approve")).json()
    assert (let_out["state"], let_out["cleared_by"]) == ("approved", "leo")
    assert mia.post(address(made, "publish"), {}).json()["state"] == "published"


def test_the_desks_yes_marks_the_incident(api: Api, cast: SimpleNamespace) -> None:
    raised = api(cast.desmond).post(
        "/api/v1/candidates/",
        {
            "service": factories.service(slug="tills").slug,
            "cannot_do": "pay by card",
            "contact": "the desk",
            "safety_or_security": "yes",
        },
    )
    accepted = api(cast.mia).post(
        f"/api/v1/candidates/{raised.json()['reference']}/accept/", {"impact": 1, "urgency": 1}
    )
    assert accepted.json()["marks"] == ["desk_said"]
