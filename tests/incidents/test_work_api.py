"""Tasks, decisions, hypotheses and workstreams by REST: every verb, versions, who was first, who may see."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents.models import Incident, Task
from tests import factories
from tests.incidents import kit, work_kit

Api = Callable[..., APIClient]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def at(incident: Incident, rest: str) -> str:
    return f"/api/v1/incidents/{incident.reference}/{rest}"


def test_a_task_from_opened_to_done(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.rosa)
    made = client.post(at(incident, "tasks/"), {"title": "Call Dublin", "owner": "desmond"})
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    address = at(incident, f"tasks/{made.json()['id']}/")
    edited = client.patch(address, {"due_at": "2026-11-23T12:45:00Z"}, headers={"If-Match": '"1"'})
    assert (edited.status_code, edited["ETag"], edited.json()["due_at"]) == (200, '"2"', "2026-11-23T12:45:00Z")
    stale = client.patch(address, {"title": "Call Niamh"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    done = client.post(f"{address}done/", {"outcome": "Confirmed"}).json()
    assert (done["state"], done["outcome"], done["ended_by"]) == ("done", "Confirmed", "rosa")
    second = api(cast.mia).post(f"{address}drop/", {})
    assert second.status_code == 409
    assert (second.json()["code"], second.json()["ended_by"]) == ("already_settled", "rosa")
    assert client.post(f"{address}reopen/", {}).json()["state"] == "open"
    assert client.get(address).json()["version"] == 4
    assert [row["title"] for row in client.get(at(incident, "tasks/")).json()["results"]] == ["Call Dublin"]


def test_a_task_of_a_team_in_a_workstream(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    factories.team(slug="database")
    client = api(cast.mia)
    stream = client.post(
        at(incident, "workstreams/"), {"name": "Rollback", "task": "Bring it back", "lead": "rosa"}
    ).json()
    made = client.post(at(incident, "tasks/"), {"title": "Fail over", "team": "database", "workstream": stream["id"]})
    assert (made.json()["team"], made.json()["workstream"]) == ("database", stream["id"])
    other = work_kit.workstream(kit.incident(manager=cast.mia), cast.mia)
    wrong = client.post(at(incident, "tasks/"), {"title": "Fail over", "workstream": other.pk})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "workstream")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("tasks/", {}, "title"),
        ("tasks/", {"title": "x", "owner": "nobody"}, "owner"),
        ("tasks/", {"title": "x", "owner": "olaf"}, "owner"),
        ("decisions/", {"question": "x", "asked_of": "executives"}, "options"),
        ("decisions/", {"question": "x", "options": ["a"] * 7}, "options"),
        ("hypotheses/", {"statement": "x", "confidence": "sure"}, "confidence"),
        ("workstreams/", {"name": "x", "task": "y"}, "lead"),
    ],
)
def test_what_cannot_be_used_is_named(
    incident: Incident, cast: SimpleNamespace, api: Api, path: str, body: dict[str, Any], field: str
) -> None:
    answer = api(cast.mia).post(at(incident, path), body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].split(".")[0] == field


def test_a_decision_is_answered_once(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    asked = {"question": "Roll back?", "options": ["Yes", "No"], "asked_of": "executives"}
    made = api(cast.mia).post(at(incident, "decisions/"), asked).json()
    assert (made["state"], made["asked_by"]) == ("needed", "mia")
    executive = api(cast.eve)
    assert [row["id"] for row in executive.get(at(incident, "decisions/")).json()["results"]] == [made["id"]]
    decided = executive.post(at(incident, f"decisions/{made['id']}/decide/"), {"chosen": "Yes"})
    assert (decided.status_code, decided.json()["decided_by"]) == (200, "eve")
    second = api(cast.mia).post(at(incident, f"decisions/{made['id']}/decide/"), {"chosen": "No"})
    assert (second.status_code, second.json()["decided_by"], second.json()["chosen"]) == (409, "eve", "Yes")


def test_executives_see_what_they_are_asked_only(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    ours = work_kit.decision(incident, cast.mia)
    executive = api(cast.eve)
    assert executive.get(at(incident, "decisions/")).json()["results"] == []
    assert executive.post(at(incident, f"decisions/{ours.pk}/decide/"), {"chosen": "Roll back"}).status_code == 404
    for path in ("tasks/", "hypotheses/", "workstreams/", "attachments/"):
        assert executive.get(at(incident, path)).status_code == 403


def test_a_decision_is_recorded_or_withdrawn(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    recorded = client.post(
        at(incident, "decisions/"), {"question": "Freeze?", "chosen": "Yes", "objections": "Nils: late"}
    ).json()
    assert (recorded["state"], recorded["objections"]) == ("decided", "Nils: late")
    asked = client.post(at(incident, "decisions/"), {"question": "Wait?"}).json()
    gone = client.post(at(incident, f"decisions/{asked['id']}/withdraw/"), {"reason": "Back by itself"})
    assert gone.json()["state"] == "withdrawn"
    assert api(cast.rosa).post(at(incident, f"decisions/{asked['id']}/decide/"), {"chosen": "x"}).status_code == 403


def test_a_hypothesis_from_stated_to_cause(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.rosa)
    made = client.post(at(incident, "hypotheses/"), {"statement": "Certificate", "confidence": "medium"})
    address = at(incident, f"hypotheses/{made.json()['id']}/")
    edited = client.patch(address, {"confidence": "high"}, headers={"If-Match": made["ETag"]})
    assert edited.json()["confidence"] == "high"
    assert client.patch(address, {"confidence": "low"}, headers={"If-Match": made["ETag"]}).status_code == 412
    assert client.post(f"{address}confirm/", {}).status_code == 400
    assert client.post(f"{address}confirm/", {"evidence": "seen", "is_cause": True}).status_code == 403
    assert api(cast.mia).post(f"{address}confirm/", {"evidence": "seen", "is_cause": True}).status_code == 200
    incident.refresh_from_db()
    assert incident.cause_confirmed_at is not None
    other = client.post(at(incident, "hypotheses/"), {"statement": "Network"}).json()
    ruled_out = client.post(at(incident, f"hypotheses/{other['id']}/rule-out/"), {"evidence": "No loss"})
    assert ruled_out.json()["state"] == "ruled_out"
    assert len(client.get(at(incident, "hypotheses/")).json()["results"]) == 2


def test_a_workstream_from_formed_to_ended(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    made = client.post(at(incident, "workstreams/"), {"name": "Rollback", "task": "Bring it back", "lead": "rosa"})
    address = at(incident, f"workstreams/{made.json()['id']}/")
    assert api(cast.rosa).post(f"{address}report/", {"text": "80 %"}).json()["report"] == "80 %"
    assert api(cast.rosa).patch(address, {"task": "x"}).status_code == 403
    assert client.patch(address, {"lead": "nils"}, headers={"If-Match": '"1"'}).json()["lead"] == "nils"
    assert client.get(address)["ETag"] == '"2"'
    assert client.post(f"{address}end/", {"outcome": "Back"}).json()["outcome"] == "Back"
    assert client.post(f"{address}end/", {}).status_code == 409
    assert len(client.get(at(incident, "workstreams/")).json()["results"]) == 1


def test_the_same_key_opens_one_task(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    for _ in range(2):
        client.post(at(incident, "tasks/"), {"title": "Call Dublin"}, headers={"Idempotency-Key": "t1"})
    assert Task.objects.count() == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org", "https://a@example.org"])
def test_the_bridge_is_a_web_address(incident: Incident, cast: SimpleNamespace, api: Api, address: str) -> None:
    client = api(cast.mia)
    answer = client.patch(at(incident, ""), {"bridge_url": address})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "bridge_url")
    good = "https://meet.example.org/42"
    assert client.patch(at(incident, ""), {"bridge_url": good}).json()["bridge_url"] == good
