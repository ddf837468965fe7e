"""What was promised to a team: the team sees it, it is kept or stays open, and the timeline has both."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents.models import Commitment, Incident
from incidents.queries import people as queries
from incidents.queries import timeline
from incidents.services.accountability import commitments
from incidents.services.locking import UnknownIncident
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid
from teams.models import Person, Team
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return factories.team(slug="database", name="Database", members=(cast.rosa,))


def make(incident: Incident, team: Team, by: Person, text: str = "Relief at six.", **options: Any) -> Commitment:
    return commitments.make(
        reference=incident.reference, team=team, text=text, person=by, now=options.pop("now", NOON), **options
    )


def test_it_is_said_once_and_seen_by_the_team(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    due_at = NOON + timedelta(hours=2)
    later = make(incident, team, cast.mia, " No call before the rollback. ")
    sooner = make(incident, team, cast.mia, due_at=due_at)
    assert later.text == "No call before the rollback."
    assert list(queries.open_commitments_to(cast.rosa)) == [sooner, later]
    assert list(queries.open_commitments_to(cast.nils)) == []
    entry = incident.timeline.latest("seq")
    assert timeline.words(entry) == "Promised to Database by Mon 23 Nov, 14:00 (UTC+0): Relief at six."
    assert timeline.words(incident.timeline.get(seq=entry.seq - 1)).startswith("Promised to Database: No call")


def test_a_member_or_a_manager_says_that_it_is_kept(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    made = make(incident, team, cast.mia)
    with pytest.raises(Forbidden):
        commitments.keep(commitment_id=made.pk, person=cast.nils, now=NOON)
    kept = commitments.keep(commitment_id=made.pk, person=cast.rosa, now=NOON)
    assert kept.kept_at == NOON
    assert timeline.words(incident.timeline.latest("seq")) == "Kept, as promised to Database: Relief at six."
    assert list(queries.open_commitments_to(cast.rosa)) == []
    with pytest.raises(commitments.CommitmentRefused):
        commitments.keep(commitment_id=made.pk, person=cast.mia, now=NOON)
    with pytest.raises(UnknownIncident):
        commitments.keep(commitment_id=0, person=cast.mia, now=NOON)


@pytest.mark.parametrize(
    ("text", "due", "field"), [("  ", None, "text"), ("x" * 501, None, "text"), ("Relief.", -1, "due_at")]
)
def test_what_cannot_be_promised(
    incident: Incident, team: Team, cast: SimpleNamespace, text: str, due: int | None, field: str
) -> None:
    due_at = None if due is None else NOON + timedelta(minutes=due)
    with pytest.raises(Invalid) as refused:
        make(incident, team, cast.mia, text, due_at=due_at)
    assert refused.value.field == field


def test_only_whoever_commands_promises_and_only_while_it_runs(
    incident: Incident, team: Team, cast: SimpleNamespace
) -> None:
    with pytest.raises(Forbidden):
        make(incident, team, cast.rosa)
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=NOON, reason="in error")
    with pytest.raises(commitments.CommitmentRefused):
        make(incident, team, cast.mia)


def test_a_private_incident_hides_what_was_promised(team: Team, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, is_private=True)
    make(incident, team, cast.mia)
    assert list(queries.open_commitments_to(cast.rosa)) == []


def test_by_the_api(incident: Incident, team: Team, cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    address = f"/api/v1/incidents/{incident.reference}/commitments/"
    made = api(cast.mia).post(address, {"team": "database", "text": "Relief at six."})
    assert made.status_code == 201
    assert made.json()["made_by"] == "mia"
    kept = api(cast.rosa).post(f"{address}{made.json()['id']}/keep/")
    assert kept.json()["kept_at"] is not None
    assert [row["text"] for row in api(cast.nils).get(address).json()["results"]] == ["Relief at six."]
    assert api(cast.mia).post(f"{address}0/keep/").status_code == 404
    assert api(cast.mia).post(address, {"team": "none", "text": ""}).status_code == 400


def test_on_pages(incident: Incident, team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    mia, room = signed_in(cast.mia), f"/incidents/{incident.reference}/"
    assert "Promise something to a team" in mia.get(f"{room}commitments/").content.decode()
    past = (dbtime.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    wrong = mia.post(f"{room}commitments/", {"team": "database", "text": "Relief at six.", "due_at": past})
    assert wrong.status_code == 422
    assert "A promise is due in the future." in wrong.content.decode()
    assert mia.post(f"{room}commitments/", {"team": "", "text": ""}).status_code == 422
    assert mia.post(f"{room}commitments/", {"team": "database", "text": "Relief at six."}).status_code == 302
    rosa = signed_in(cast.rosa)
    text = rosa.get(f"{room}panels/roles/").content.decode()
    assert "Relief at six." in text
    made = Commitment.objects.get()
    rosa.post(f"{room}commitments/{made.pk}/kept/")
    made.refresh_from_db()
    assert made.kept_at is not None
    assert rosa.post(f"{room}commitments/0/kept/").status_code == 404
    assert rosa.post(f"{room}roles/0/end/").status_code == 404
