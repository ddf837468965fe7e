"""Fifteen incidents of a real status page go through the portal and come out in the shape in which they went in.

The real bodies are not part of the project: without them nothing is compared. Structure only: keys and their order,
types, states, order, limits and the format of times; words, times and ids are the portal's own.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from rest_framework.test import APIClient

from comms.choices import Reading
from comms.models import ApprovalPolicy, StatusPage
from comms.queries import maintenance, status
from comms.rules import public_state
from comms.services import snapshots
from mim_portal.lib import dbtime
from tests import factories, status_pages

pytestmark = pytest.mark.django_db
FOLDER: Final = (
    Path(os.environ.get("MIM_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "status-pages"
)
REAL: Final = FOLDER / "statuspage_v2_incidents_15.json"
REAL_WINDOWS: Final = FOLDER / "statuspage_v2_scheduled_maintenances_5.json"
Body = dict[str, Any]
# How bad an incident is in Statuspage's words, as impact and urgency that make the priority which says so.
LEVELS: Final = {"critical": (1, 1), "major": (1, 2), "minor": (2, 2), "none": (3, 3)}
# What may be empty here and is not in these bodies, or the other way round: Statuspage documents all as nullable.
NULLABLE: Final = frozenset({"monitoring_at", "resolved_at", "tweet_id", "custom_tweet", "description", "start_date"})
BACK: Final = "The service works again. You do not need to do anything. This is our last message."
ENDED: Final = 5


@pytest.fixture
def real() -> list[Body]:
    """The real incidents, in the order in which they began."""
    if not REAL.exists():
        pytest.skip("the real bodies of the shared data are not here")
    found: list[Body] = json.loads(REAL.read_text(encoding="utf-8"))["incidents"]
    return sorted(found, key=lambda each: str(each["created_at"]))


class Replay:
    """A house with the page, the services and the policy of those incidents, driven through the REST API."""

    def __init__(self, incidents: list[Body], *, client: APIClient) -> None:
        self.client = client
        self.page = status_pages.page()
        self.services: dict[str, Any] = {}
        for kind in ("update", "restored"):  # a house that asks no second reader
            ApprovalPolicy.objects.update_or_create(
                kind=kind, audience=self.page.audience, defaults={"reading": Reading.ALONE}
            )
        for name in dict.fromkeys(name for each in incidents for name in whole_names(each)):
            group, _, own = name.partition(" - ")
            service = factories.service(name=own)
            self.services[name] = service
            status_pages.component(of=self.page, service=service, group=group)

    def run(self, incident: Body) -> str:
        """Declared, and told update by update as it was told then; the reference it got."""
        impact, urgency = LEVELS[incident["impact"]]
        name = main_component(incident)
        made = self.post(
            "incidents/",
            title=incident["name"],
            service=self.services[name].slug,
            impact=impact,
            urgency=urgency,
            impact_statement={"activity": incident["name"]},
            audiences=["public"],
        )
        reference = str(made["reference"])
        state, kind = "declared", "initial"
        for update in reversed(incident["incident_updates"]):
            if update["status"] != state:
                state = self.move(reference, update["status"])
            component = next(each for each in update["affected_components"] if each["name"] == name)
            self.say(
                reference,
                kind=kind if state != "monitoring" else "restored",
                subject=incident["name"],
                body=update["body"],
                component_state=component["new_status"],
            )
            kind = "update"
        return reference

    def move(self, reference: str, to: str) -> str:
        confirmed = {"confirmed_by": "desk"} if to == "monitoring" else {}
        self.post(f"incidents/{reference}/transitions/", to=to, reason="as it was then", **confirmed)
        return to

    def say(self, reference: str, **fields: Any) -> None:
        """Drafted, checked, and published with a reason for whatever is found in words that others wrote."""
        fields.setdefault("next_update_at", (dbtime.now() + timedelta(minutes=25)).isoformat())
        address = f"incidents/{reference}/updates/"
        number = self.post(address, audiences=["public"], **fields)["id"]
        found = self.post(f"{address}{number}/check/")["findings"]
        codes = sorted({each["code"] for each in found if each["severity"] == "error"})
        reasons = [{"code": code, "reason": "as it was published then"} for code in codes]
        self.post(f"{address}{number}/publish/", send_now=True, overrides=reasons)

    def post(self, address: str, **body: Any) -> Body:
        answer = self.client.post(f"/api/v1/{address}", body, format="json")
        assert answer.status_code in (200, 201), answer.content.decode()
        found: Body = answer.json()
        return found

    def read(self, name: str) -> Body:
        snapshots.render_due()
        face = self.page.snapshots.get(path=f"api/v2/{name}.json")
        found: Body = json.loads(bytes(face.body))
        return found


def whole_names(incident: Body) -> Iterator[str]:
    for update in reversed(incident["incident_updates"]):
        yield from (component["name"] for component in update["affected_components"] or ())


def main_component(incident: Body) -> str:
    """The one that hurt most when it began: an incident of the portal is about one service."""
    first = incident["incident_updates"][-1]["affected_components"]
    worst = max(first, key=lambda each: public_state.SEVERITY.index(each["new_status"]))
    return str(worst["name"])


@pytest.fixture
def replay(
    real: list[Body], cast: SimpleNamespace, api: Callable[..., APIClient], settings: Any, tmp_path: Path
) -> Replay:
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    return Replay(real, client=api(cast.mia))


def compare(ours: Any, theirs: list[Any], where: str = "") -> None:
    """Keys in the same order and types that some real body has at the same place, down to the leaves."""
    kinds = {type(each).__name__ for each in theirs} | ({"NoneType"} if where.rpartition(".")[2] in NULLABLE else set())
    if where.endswith("_at"):
        kinds |= {"str"}
    assert type(ours).__name__ in kinds, f"{where}: {ours!r}"
    if isinstance(ours, dict):
        real = [each for each in theirs if isinstance(each, dict)]
        assert {tuple(ours)} == {tuple(each) for each in real}, where
        for key, value in ours.items():
            compare(value, [each[key] for each in real], f"{where}.{key}")
    elif isinstance(ours, list):
        for each in ours:
            compare(each, [value for one in theirs if isinstance(one, list) for value in one], where + "[]")
    elif isinstance(ours, str) and where.endswith("_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", ours), where
    elif isinstance(ours, str) and where.endswith(("id", "code")):
        assert re.fullmatch(r"[0-9a-z]{12}", ours), where


def told(incident: Body, name: str) -> list[tuple[str, str]]:
    """Of each update, oldest first: the incident's state and what its main component became."""
    found = []
    for update in reversed(incident["incident_updates"]):
        component = next(each for each in update["affected_components"] if each["name"] == name)
        found.append((update["status"], component["new_status"]))
    return found


@pytest.mark.usefixtures("language_tool")
def test_fifteen_real_incidents_come_out_as_they_went_in(replay: Replay, real: list[Body]) -> None:
    references = [replay.run(incident) for incident in real]
    ours = replay.read("incidents/unresolved")["incidents"]

    assert len(ours) == len(real) == 15
    for incident in ours:
        compare(incident, real)
    newest_first = list(zip(ours, reversed(real), strict=True))
    for mine, theirs in newest_first:
        name = main_component(theirs)
        assert (mine["status"], mine["impact"]) == (theirs["status"], theirs["impact"])
        assert told(mine, name) == told(theirs, name)
        assert [each["body"] for each in mine["incident_updates"]] == [
            each["body"].strip() for each in theirs["incident_updates"]
        ]
        assert bool(mine["monitoring_at"]) == bool(theirs["monitoring_at"])
        assert mine["resolved_at"] is theirs["resolved_at"] is None
        assert mine["components"][0]["name"] in {each["name"] for each in theirs["components"]}
        times = [each["created_at"] for each in mine["incident_updates"]]
        assert times == sorted(times, reverse=True)
        assert {each["incident_id"] for each in mine["incident_updates"]} == {mine["id"]}
    assert replay.read("incidents")["incidents"] == ours == replay.read("summary")["incidents"]
    ends_as_statuspages_do(replay, references, real)


def ends_as_statuspages_do(replay: Replay, references: list[str], real: list[Body]) -> None:
    """The end of some, which the real bodies do not have: the state, its time, and where it is listed from then on."""
    for reference, incident in zip(references[:ENDED], real, strict=False):
        if incident["incident_updates"][0]["status"] != "monitoring":
            replay.move(reference, "monitoring")
        replay.say(reference, kind="restored", body=BACK, no_further_updates=True, next_update_at=None)
    listed = replay.read("incidents")["incidents"]
    ended = [each for each in listed if each["status"] == "resolved"]
    assert ended == listed[-ENDED:]
    for incident in ended:
        compare(incident, real)
        assert incident["resolved_at"] == incident["updated_at"] == incident["incident_updates"][0]["created_at"]
        states = [each["status"] for each in reversed(incident["incident_updates"])]
        assert states[-1] == "resolved"
        assert set(states[:-1]) <= {"investigating", "identified", "monitoring"}
    assert replay.read("incidents/unresolved")["incidents"] == listed[:-ENDED] == replay.read("summary")["incidents"]


@pytest.fixture
def real_windows() -> list[Body]:
    """The real windows, all of them running when they were fetched, in the order in which they begin."""
    if not REAL_WINDOWS.exists():
        pytest.skip("the real bodies of the shared data are not here")
    found: list[Body] = json.loads(REAL_WINDOWS.read_text(encoding="utf-8"))["scheduled_maintenances"]
    return sorted(found, key=lambda each: str(each["scheduled_for"]))


def announced(replay: Replay, window: Body, *, after: timedelta) -> int:
    """Announced for later today with the words that were used then, told as often as it was, and begun; its number."""
    begins = dbtime.now() + after
    words, *more = [each["body"] for each in reversed(window["incident_updates"]) if each["status"] == "scheduled"]
    taken = {"send_anyway": "as it was published then"}
    made = replay.post(
        "maintenances/",
        title=window["name"],
        body=words,
        services=[replay.services[name].slug for name in dict.fromkeys(whole_names(window))],
        pages=[replay.page.slug],
        scheduled_for=begins.isoformat(),
        scheduled_until=(begins + timedelta(hours=1)).isoformat(),
        begins_with=BACK,
        ends_with=BACK,
        **taken,
    )
    number = int(made["id"])
    for text in more:
        replay.post(f"maintenances/{number}/updates/", body=text, **taken)
    begun = next(each["body"] for each in window["incident_updates"] if each["status"] == "in_progress")
    replay.post(f"maintenances/{number}/transitions/", to="in_progress", body=begun, **taken)
    return number


@pytest.mark.usefixtures("language_tool")
def test_five_real_windows_come_out_as_they_went_in(
    real_windows: list[Body], cast: SimpleNamespace, api: Callable[..., APIClient], settings: Any, tmp_path: Path
) -> None:
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    replay = Replay(real_windows, client=api(cast.mia))
    numbers = [announced(replay, window, after=timedelta(minutes=5 + each)) for each, window in enumerate(real_windows)]
    ours = replay.read("scheduled-maintenances/active")["scheduled_maintenances"]
    assert len(ours) == len(real_windows) == 5
    by_name = {each["name"]: each for each in real_windows}
    for mine in ours:
        theirs = by_name[mine["name"]]
        compare(mine, real_windows)
        assert (mine["status"], mine["impact"], mine["resolved_at"]) == ("in_progress", "maintenance", None)
        assert [each["status"] for each in mine["incident_updates"]] == [
            each["status"] for each in theirs["incident_updates"]
        ]
        assert [each["body"] for each in mine["incident_updates"]] == [
            each["body"].strip() for each in theirs["incident_updates"]
        ]
        affected = mine["incident_updates"][0]["affected_components"]
        assert {(each["old_status"], each["new_status"]) for each in affected} == {("operational", "under_maintenance")}
        assert {each["name"] for each in affected} == set(whole_names(theirs))
    assert [each["scheduled_for"] for each in ours] == sorted(each["scheduled_for"] for each in ours)
    summary = replay.read("summary")
    assert summary["scheduled_maintenances"] == ours
    assert summary["status"] == {"indicator": "maintenance", "description": "Service Under Maintenance"}
    replay.post(f"maintenances/{numbers[0]}/transitions/", to="completed")
    assert len(replay.read("scheduled-maintenances/active")["scheduled_maintenances"]) == 4
    every = replay.read("scheduled-maintenances")["scheduled_maintenances"]
    (done,) = [each for each in every if each["status"] == "completed"]
    compare(done, real_windows)
    assert done["resolved_at"] == done["updated_at"]


def test_lists_are_as_long_as_statuspages() -> None:
    """Fifty incidents and fifty windows, the newest."""
    assert status.LISTED_INCIDENTS == maintenance.LISTED == 50


def test_a_component_away_from_its_list_is_named_with_its_group(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    for name, group in (("Tills", "Shops"), ("Mail", "")):
        service = factories.service(name=name)
        status_pages.component(of=page, service=service, group=group)
        status_pages.publish(of=status_pages.incident(service=service), author=cast.mia)
    snapshots.render_due(now=factories.NOON)
    face = StatusPage.objects.get(pk=page.pk).snapshots.get(path="api/v2/incidents.json")
    named = [
        component["name"]
        for incident in json.loads(bytes(face.body))["incidents"]
        for component in incident["incident_updates"][0]["affected_components"]
    ]
    assert sorted(named) == ["Mail", "Shops - Tills"]
