"""handovers/, impact-statements/, timeline/ and engagements/ of one incident."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Incident
from teams.models import Team
from tests import factories
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]
WORDS = {"restatement": "End users hear at 12:30, then the failover decision."}


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=timezone.now() - timedelta(minutes=5))


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="database", name="Database", members=(cast.rosa,))
    factories.profile(of=made)
    return made


def url(incident: Incident, rest: str) -> str:
    return f"/api/v1/incidents/{incident.reference}/{rest}"


def test_a_handover_from_offer_to_acceptance(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    offers = url(incident, "handovers/")
    offered = api(cast.mia).post(offers, {"to": "omar", "contingency": "roll back at 13:00"})
    body = offered.json()
    assert offered.status_code == 201
    assert (body["state"], body["contingency"], body["hypotheses"]) == ("offered", "roll back at 13:00", "none")
    assert "cannot submit timesheets" in body["brief"]["impact"]
    accept = f"{offers}{body['id']}/accept/"
    assert api(cast.dan).post(accept, WORDS).status_code == 403
    assert api(cast.omar).post(accept, {"restatement": "ok"}).status_code == 400
    accepted = api(cast.omar).post(accept, WORDS)
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert api(cast.mia).get(url(incident, "")).json()["manager"] == "omar"
    assert api(cast.omar).post(accept, WORDS).status_code == 409
    assert [row["id"] for row in api(cast.audra).get(offers).json()["results"]] == [body["id"]]


def test_declining_and_withdrawing(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    offers = url(incident, "handovers/")
    first = api(cast.mia).post(offers, {"to": "omar"}).json()["id"]
    assert api(cast.omar).post(f"{offers}{first}/decline/", {"reason": "busy"}).json()["answer_reason"] == "busy"
    second = api(cast.mia).post(offers, {"to": "dan"}).json()["id"]
    assert api(cast.mia).post(f"{offers}{second}/withdraw/", {}).json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("given", "field"), [({}, "to"), ({"to": "nobody"}, "to"), ({"to": "omar", "mood": "fine"}, "mood")]
)
def test_an_offer_that_cannot_be_used(
    incident: Incident, cast: SimpleNamespace, api: Api, given: dict[str, str], field: str
) -> None:
    answer = api(cast.mia).post(url(incident, "handovers/"), given)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_handover_of_another_incident_is_404(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    other = kit.incident(manager=cast.mia)
    pk = api(cast.mia).post(url(incident, "handovers/"), {"to": "omar"}).json()["id"]
    assert api(cast.omar).post(url(other, f"handovers/{pk}/accept/"), WORDS).status_code == 404


def test_taking_over(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    takeover = url(incident, "takeover/")
    assert api(cast.omar).post(takeover, {}).status_code == 400
    assert api(cast.omar).post(takeover, {"reason": "Mia is unreachable"}).status_code == 204
    assert api(cast.mia).get(url(incident, "")).json()["manager"] == "omar"


def test_impact_versions(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    versions = url(incident, "impact-statements/")
    given = {"count": "1,500", "count_basis": "tickets", "revision_reason": "new_information"}
    made = api(cast.carla).post(versions, given)
    assert made.status_code == 201
    assert (made.json()["version"], made.json()["who"], made.json()["author"]) == (2, "store staff", "carla")
    assert [row["version"] for row in api(cast.eve).get(versions).json()["results"]] == [2, 1]
    assert api(cast.carla).post(versions, given).status_code == 409
    assert api(cast.carla).post(versions, {"count": "3"}).status_code == 400
    assert api(cast.carla).post(versions, given | {"revision_reason": "initial"}).status_code == 400
    assert api(cast.carla).post(versions, given | {"confidence": "sure"}).status_code == 400
    assert api(cast.rosa).post(versions, given).status_code == 403


def test_each_fact_says_how_sure_it_is_and_who_says_so(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    versions = url(incident, "impact-statements/")
    given = {
        "count": "not yet known, being checked, by 10:45 (UTC+0)",
        "critical_time": "payroll closes 12:00 (UTC+0)",
        "data_state": "delayed",
        "confidence": {"who": "confirmed", "critical_time": "estimated"},
        "sources": {"who": "Dublin desk", "critical_time": "payroll team"},
        "revision_reason": "new_information",
        "evidence_at": "2026-11-23T09:00:00Z",
    }
    made = api(cast.mia).post(versions, given, format="json").json()
    assert made["confidence"] == given["confidence"]
    assert made["sources"] == given["sources"]
    assert (made["data_state"], made["critical_time"]) == ("delayed", given["critical_time"])
    assert (made["missing"], made["being_checked"]) == (["where", "workaround", "consequence"], ["count"])
    assert "Data is delayed. Not yet known, being checked: how many, by 10:45 (UTC+0)." in made["sentence"]
    assert incident.timeline.latest("seq").data["evidence_at"] == "2026-11-23T09:00:00.000Z"


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": {"colour": "red"}},
        {"sources": {"who": "x" * 201}},
        {"sources": "desk"},
        {"data_state": "gone"},
        {"confidence": {"colour": "confirmed"}},
        {"until": "2000-01-01T00:00:00Z"},
        {"since": "2999-01-01T00:00:00Z"},
    ],
)
def test_what_cannot_be_a_fact_is_named(
    incident: Incident, cast: SimpleNamespace, api: Api, wrong: dict[str, Any]
) -> None:
    sent = {"revision_reason": "new_information", **wrong}
    answer = api(cast.mia).post(url(incident, "impact-statements/"), sent, format="json")
    assert answer.status_code == 400
    assert next(iter(wrong)) in str(answer.json())


def test_if_match_keeps_a_newer_version(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    versions = url(incident, "impact-statements/")
    seen = api(cast.mia).get(versions)["ETag"]
    assert seen == '"1"'
    first = api(cast.omar).post(
        versions, {"count": "900", "revision_reason": "new_information"}, format="json", headers={"If-Match": seen}
    )
    assert (first.status_code, first["ETag"]) == (201, '"2"')
    mine = {"count": "800", "revision_reason": "new_information"}
    late = api(cast.mia).post(versions, mine, format="json", headers={"If-Match": seen})
    assert late.status_code == 412
    assert "version 2" in late.json()["detail"]
    assert api(cast.mia).get(versions).json()["results"][0]["count"] == "900"
    assert api(cast.mia).post(versions, mine, format="json", headers={"If-Match": '"2"'}).status_code == 201
    assert api(cast.mia).post(versions, mine, format="json", headers={"If-Match": "two"}).status_code == 400


def test_the_timeline_is_read_and_notes_are_added(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    log = url(incident, "timeline/")
    noted = api(cast.rosa).post(log, {"text": "Failover done"})
    assert (noted.status_code, noted.json()["words"], noted.json()["actor"]) == (201, "Failover done", "rosa")
    assert noted.json()["recorded_at"] is not None
    rows = api(cast.audra).get(log).json()["results"]
    assert [row["kind"] for row in rows] == ["note", "command_started", "impact_stated", "declared"]
    assert rows[1]["words"] == "Mia Example is accountable."
    assert api(cast.rosa).post(log, {"text": " "}).status_code == 400


def test_executives_do_not_read_the_technical_timeline(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.eve).get(url(incident, "timeline/")).status_code == 403
    assert api(cast.audra).post(url(incident, "timeline/"), {"text": "x"}).status_code == 403


def test_a_team_is_asked_answers_and_gives_feedback(
    incident: Incident, team: Team, cast: SimpleNamespace, api: Api
) -> None:
    calls = url(incident, "engagements/")
    asked = api(cast.mia).post(calls, {"team": "database", "note": "Please join."})
    body = asked.json()
    assert asked.status_code == 201
    assert (body["team"], body["state"], body["profile_version"]) == ("database", "asked", 1)
    assert "not known, asked" in body["message"]
    one = f"{calls}{body['id']}/"
    assert api(cast.mia).post(f"{one}ask-again/").status_code == 409
    rosa = api(cast.rosa)
    states = [rosa.post(f"{one}{step}/").json()["state"] for step in ("acknowledge", "join", "useful-action")]
    assert states == ["acknowledged", "joined", "useful_action"]
    assert api(cast.nils).post(f"{one}release/").status_code == 403
    ratings = {"told_what_was_needed": 5, "could_work": 4, "glad_to_work_again": 5, "keep": "the graph"}
    assert rosa.post(f"{one}feedback/", ratings).status_code == 409
    released = api(cast.mia).post(f"{one}release/").json()
    assert released["released_at"] is not None
    given = rosa.post(f"{one}feedback/", ratings)
    assert (given.status_code, given.json()["side"], "rosa" in str(given.json())) == (201, "team", False)
    assert rosa.post(f"{one}feedback/", ratings | {"could_work": 6}).status_code == 400
    assert [row["id"] for row in rosa.get(calls).json()["results"]] == [body["id"]]


def test_a_team_is_not_asked_twice(incident: Incident, team: Team, cast: SimpleNamespace, api: Api) -> None:
    calls = url(incident, "engagements/")
    first = api(cast.mia).post(calls, {"team": "database"}).json()
    again = api(cast.mia).post(calls, {"team": "database"})
    assert (again.status_code, again.json()["engagement"]) == (409, first["id"])
    assert api(cast.mia).post(calls, {"team": "nowhere"}).status_code == 400
    assert api(cast.mia).post(f"{calls}404/join/").status_code == 404


@pytest.mark.parametrize("rest", ["handovers/", "impact-statements/", "timeline/", "engagements/"])
def test_a_private_room_is_404_for_others(cast: SimpleNamespace, api: Api, rest: str) -> None:
    private = kit.incident(manager=cast.mia, is_private=True)
    assert api(cast.omar).get(url(private, rest)).status_code == 404
    assert api(cast.mia).get(url(private, rest)).status_code == 200


def test_the_timeline_costs_a_fixed_number_of_queries(
    incident: Incident, cast: SimpleNamespace, api: Api, django_assert_num_queries: Any
) -> None:
    client = api(cast.mia)
    for person in ("rosa", "nils", "omar", "carla"):
        api(getattr(cast, person)).post(url(incident, "timeline/"), {"text": "x"})
    client.get(url(incident, "timeline/"))
    with django_assert_num_queries(4):  # token with its person, incident, entries, people
        assert len(client.get(url(incident, "timeline/")).json()["results"]) == 7
