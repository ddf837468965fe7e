"""Statuspage's public API and the feeds, as existing clients read them."""

import json
import os
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import StatusPage
from comms.queries import status
from comms.queries.status_history import PageHistory
from comms.rendering import status_page, statuspage_v2
from mim_portal.lib import times
from tests import factories, status_pages
from tests.comms import maintenance_kit
from tests.status_pages import START, body, folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db
REAL = Path(os.environ.get("MIM_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "status-pages"
ATOM = "{http://www.w3.org/2005/Atom}"


# --- Statuspage's API ------------------------------------------------------------------------------------------------
def test_the_api_says_what_the_page_says(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial", body="First.", next_in=20)
    tell(payroll, body="Second.", minutes=10, incident_state="identified", component_state="partial_outage")
    summary = body(payroll, "summary")

    assert summary["status"] == {"indicator": "major", "description": "Partial System Outage"}
    assert [(each["name"], each["status"]) for each in summary["components"]] == [
        ("Payroll", "partial_outage"),
        ("Mail", "operational"),
    ]
    (incident,) = summary["incidents"]
    assert incident["name"] == "Payroll: staff cannot submit timesheets"
    assert (incident["status"], incident["impact"]) == ("identified", "major")
    assert incident["created_at"] == "2026-11-23T12:00:00.000Z"
    assert incident["updated_at"] == "2026-11-23T12:10:00.000Z"
    assert (incident["monitoring_at"], incident["resolved_at"]) == (None, None)
    assert [each["body"] for each in incident["incident_updates"]] == ["Second.", "First."]
    assert [
        (each["old_status"], each["new_status"])
        for update in incident["incident_updates"]
        for each in update["affected_components"]
    ] == [("major_outage", "partial_outage"), ("operational", "major_outage")]
    assert incident["components"] == [summary["components"][0]]
    assert incident["incident_updates"][0]["affected_components"][0]["code"] == summary["components"][0]["id"]


def test_a_resolved_incident_leaves_the_unresolved_and_keeps_its_times(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial")
    tell(payroll, kind="restored", minutes=30, incident_state="monitoring")
    tell(payroll, kind="closure", minutes=60, incident_state="resolved")
    assert body(payroll, "incidents/unresolved")["incidents"] == []
    assert body(payroll, "summary")["incidents"] == []
    assert body(payroll, "status")["status"]["indicator"] == "none"
    (incident,) = body(payroll, "incidents")["incidents"]
    assert incident["status"] == "resolved"
    assert incident["monitoring_at"] == "2026-11-23T12:30:00.000Z"
    assert incident["resolved_at"] == "2026-11-23T13:00:00.000Z"


def test_fifty_are_listed_and_older_ones_that_last_are_asked_for_by_themselves(
    payroll: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Statuspage's API: its clients page by nothing else."""
    monkeypatch.setattr("comms.rendering.statuspage_v2.LISTED", 1)
    tell(payroll)
    newer = status_pages.incident(service=payroll.incident.service)
    status_pages.publish(of=newer, author=payroll.author, minutes=5)
    for hours in (1, 2):
        maintenance_kit.plan(by=payroll.author, now=START, start=START + timedelta(hours=hours))
    (listed,) = body(payroll, "incidents")["incidents"]
    assert listed["shortlink"].endswith(f"/{newer.reference}/")
    assert len(body(payroll, "incidents/unresolved")["incidents"]) == 2
    (window,) = body(payroll, "scheduled-maintenances")["scheduled_maintenances"]
    assert window["scheduled_for"] == times.iso(START + timedelta(hours=2))
    assert len(body(payroll, "scheduled-maintenances/upcoming")["scheduled_maintenances"]) == 2


def test_groups_stand_before_their_members(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    for name, group in (("Tills", "Shops"), ("Stock", "Shops"), ("Mail", "")):
        status_pages.component(of=page, service=factories.service(name=name), group=group, state="operational")
    page.components.filter(service__name="Stock").update(state="partial_outage")
    listed = json.loads(statuspage_v2.bodies(status.page_facts(page))["api/v2/components.json"])["components"]
    group, tills, stock, mail = listed
    assert (group["name"], group["group"], group["status"]) == ("Shops", True, "partial_outage")
    assert group["components"] == [tills["id"], stock["id"]]
    assert (tills["group_id"], stock["group_id"], mail["group_id"]) == (group["id"], group["id"], None)


def test_ids_are_stable_and_look_like_statuspages(payroll: SimpleNamespace) -> None:
    assert re.fullmatch(r"[0-9a-z]{12}", statuspage_v2.stable_id("incident", 1))
    assert statuspage_v2.stable_id("page", 1) == "87ifksl9a37p"  # clients have stored it: it never changes
    assert statuspage_v2.stable_id("incident", 1) != statuspage_v2.stable_id("update", 1)


def shape(value: Any) -> Any:
    """Keys in their order with the types of what they hold, down to the leaves; of a list its first entry."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def real(name: str) -> dict[str, Any]:
    path = REAL / name
    if not path.exists():
        pytest.skip("the real bodies of the shared data are not here")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_summary_has_the_keys_types_and_order_of_a_real_one(payroll: SimpleNamespace) -> None:
    theirs = real("statuspage_v2_summary.json")
    tell(payroll, kind="initial")
    ours = body(payroll, "summary")
    wanted, found = shape(theirs), shape(ours)
    for described in (*wanted["components"], *wanted["incidents"][0]["components"]):
        described["description"] = "NoneType"  # ours have none; a real one may have none too
    assert json.dumps(found) == json.dumps(wanted)


def test_incidents_have_the_keys_and_formats_of_real_ones(payroll: SimpleNamespace) -> None:
    theirs = real("statuspage_v2_incidents_15.json")["incidents"]
    tell(payroll, kind="initial")
    tell(payroll, kind="restored", minutes=30, incident_state="monitoring")
    (ours,) = body(payroll, "incidents")["incidents"]
    for incident in theirs:
        assert list(ours) == list(incident)
        assert list(ours["incident_updates"][0]) == list(incident["incident_updates"][0])
        assert list(ours["components"][0]) == list(incident["components"][0])
        assert {update["status"] for update in incident["incident_updates"]} <= {
            "investigating",
            "identified",
            "monitoring",
            "resolved",
        }
        times = [update["created_at"] for update in incident["incident_updates"]]
        assert times == sorted(times, reverse=True)
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    assert all(moment.fullmatch(theirs[0][key]) and moment.fullmatch(ours[key]) for key in ("created_at", "started_at"))
    assert re.fullmatch(r"[0-9a-z]{12}", theirs[0]["id"])


def test_maintenance_is_asked_for_and_empty(payroll: SimpleNamespace) -> None:
    for name in ("scheduled-maintenances", "scheduled-maintenances/active", "scheduled-maintenances/upcoming"):
        assert body(payroll, name)["scheduled_maintenances"] == []


# --- feeds -----------------------------------------------------------------------------------------------------------
def test_feeds_have_one_entry_an_incident_with_an_id_that_stays(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial", body="First.")
    before = ET.fromstring(status_pages.html(payroll.page, at=START, path="feed.atom"))
    tell(payroll, body="Second line one.\nSecond line two.", minutes=10)
    after = ET.fromstring(status_pages.html(payroll.page, at=START, path="feed.atom"))
    entries = after.findall(f"{ATOM}entry")
    assert len(entries) == 1
    assert entries[0].findtext(f"{ATOM}id") == before.find(f"{ATOM}entry").findtext(f"{ATOM}id")  # type: ignore[union-attr]
    assert entries[0].findtext(f"{ATOM}updated") == "2026-11-23T12:10:00+00:00"
    content = entries[0].findtext(f"{ATOM}summary") or ""
    assert content.index("Second line one.<br>Second line two.") < content.index("First.")
    rss = ET.fromstring(status_pages.html(payroll.page, at=START, path="feed.rss"))
    assert rss.findtext("channel/item/title") == "Payroll: staff cannot submit timesheets"


def test_the_same_facts_make_the_same_bytes(payroll: SimpleNamespace) -> None:
    tell(payroll)
    facts = status.page_facts(StatusPage.objects.get(pk=payroll.page.pk))
    first, second = (
        {
            face.path: face.body
            for face in status_page.render(facts, at=START + timedelta(seconds=shift), history=PageHistory())
        }
        for shift in (0, 5)
    )
    assert first == second
