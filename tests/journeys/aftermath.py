"""The second half of the main job by REST: restored, resolved, closed; what is learned; what the public reads."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from comms.models import UpdateDeadline
from incidents.models import CommandTenure
from mim_portal.lib import dbtime
from mim_portal.web import front, published
from reviews.models import ImprovementAction, Lapse, Review
from tests import cast as people
from tests.journeys.kit import AUDIENCES, READERS, Portal

LEARNED = "A team that fills a queue hears of it before users do."


def move(portal: Portal, to: str, *, status: int = 200, **fields: str) -> Any:
    return portal.post("omar", f"{portal.incident}transitions/", {"to": to, **fields}, status=status)


def the_service_is_restored_resolved_and_closed(portal: Portal, settings: Settings) -> None:
    unconfirmed = move(portal, "monitoring", status=400)
    assert [error["field"] for error in unconfirmed["errors"]] == ["confirmed_by"]
    restored = move(portal, "monitoring", confirmed_by="desk")
    assert restored["times"]["service_restored_at"]
    assert portal.row().restored_confirmed_at is not None
    assert move(portal, "resolved", status=409)["state"] == "monitoring"  # watched for an hour
    settings.WATCH_MINUTES = {"P1": 0}
    unsaid = move(portal, "resolved", status=409)
    assert unsaid["code"] == "restored_not_sent"
    assert sorted(unsaid["audiences"]) == sorted(AUDIENCES)
    the_restored_message_goes_out(portal)
    assert portal.open_deadlines() == {}
    assert move(portal, "resolved")["times"]["resolved_at"]
    portal.tick()
    the_record_is_complete(portal)
    closed = move(portal, "closed")
    assert (closed["state"], closed["allowed_transitions"]) == ("closed", [])
    last = CommandTenure.objects.latest("started_at")
    assert last.ended_at == portal.row().closed_at
    portal.post("omar", f"{portal.incident}engagements/", {"team": "payroll-team"}, status=409)
    everything = UpdateDeadline.objects.filter(incident=portal.row())
    assert all((row.kept_at is None) != (row.ended_at is None) for row in everything)


def the_record_is_complete(portal: Portal) -> None:
    """What the record does not show is answered line by line; nobody closes a P1 alone."""
    open_lines = move(portal, "closed", status=409)
    assert open_lines["code"] == "checklist_open"
    portal.post("omar", f"{portal.incident}times/unknown/", {"reason": "Nobody wrote it down."}, status=200)
    lines = portal.get("omar", f"{portal.incident}closure/")["items"]
    assert {line["code"] for line in lines if line["met"]} >= {"restored_told", "closure_told", "times"}
    answers = {
        line["code"]: {"answer": line["answers"][0], "note": "PRB0004711"}
        for line in lines
        if line["is_open"] and line["code"] != "second_person"
    }
    still = portal.post("omar", f"{portal.incident}closure/", {"answers": answers}, status=200)
    assert still["open"] == ["second_person"]
    alone = {"answers": {"second_person": {"answer": "done"}}}
    portal.post("omar", f"{portal.incident}closure/", alone, status=400)
    assert portal.post("petra", f"{portal.incident}closure/", alone, status=200)["open"] == []


def the_restored_message_goes_out(portal: Portal) -> None:
    body = "Store staff can submit timesheets again. Hours kept on paper can be entered until Friday."
    draft = portal.post(
        "carla",
        f"{portal.incident}updates/",
        {
            "kind": "restored",
            "audiences": AUDIENCES,
            "subject": "staff can submit timesheets again",
            "body": body,
            "no_further_updates": True,
            "component_state": "operational",
        },
    )
    address = f"{portal.incident}updates/{draft['id']}/"
    portal.post("carla", f"{address}check/", status=200)
    portal.post("mia", f"{address}approve/", status=200)
    portal.post("omar", f"{address}publish/", status=200)
    mails = portal.mails()
    assert {mail["X-Envelope-To"] for mail in mails} == READERS
    assert all("[RESTORED 4]" in mail["Subject"] for mail in mails)


def the_lapse_is_owned_and_given_a_plan(portal: Portal) -> None:
    """Suggested to the manager of that moment alone, confirmed, owned in own words, and prevented."""
    suggested = portal.get("mia", "lapses/?state=suggested")["results"]
    assert {row["incident"] for row in suggested} == {portal.reference}
    assert all(row["yours"] and row["code"] in {"L01", "L02", "L03"} for row in suggested)
    assert all("Mia" not in row["sentence"] for row in suggested)
    for who in set(people.ROLES) - {"mia", "olaf"}:
        assert portal.get(who, "lapses/")["results"] == [], who
        portal.get(who, f"lapses/{suggested[0]['id']}/", status=404)
    first, *others = suggested
    address = f"lapses/{first['id']}/"
    refused = portal.client("petra").post(f"/api/v1/{address}confirm/")
    assert refused.status_code == 404
    for other in others:
        reason = {"reason": "One moment, one message: it stands for all of them."}
        assert portal.post("mia", f"lapses/{other['id']}/dismiss/", reason, status=200)["state"] == "dismissed"
    assert portal.post("mia", f"{address}confirm/", status=200)["state"] == "confirmed"
    assert [row["id"] for row in portal.get("audra", "lapses/")["results"]] == [first["id"]]
    own = {"acknowledgement": "I was on the bridge and did not see the notice.", "conditions": "One person, two jobs"}
    assert portal.post("mia", f"{address}own/", own, status=200)["state"] == "owned"
    correction = {"correction": "The update was sent, and said that it was late."}
    assert portal.post("mia", f"{address}correct/", correction, status=200)["state"] == "corrected"
    plan = {
        "plan": "A second person writes while the first leads the bridge.",
        "due_date": (timezone.localdate() + timedelta(days=14)).isoformat(),
        "measure": "No late update in 20 chances.",
    }
    planned = portal.post("mia", f"{address}plan/", plan, status=200)
    assert (planned["state"], planned["plan"]["owner"]) == ("planned", "mia")
    watched = portal.post("mia", f"{address}in-place/", status=200)
    assert (watched["state"], watched["watch"]["chances"]) == ("watching", 0)
    assert sorted(Lapse.objects.values_list("state", flat=True)) == ["dismissed"] * len(others) + ["watching"]


def the_review_is_written_and_signed(portal: Portal) -> None:
    address = f"reviews/{portal.reference}/"
    read = portal.client("rosa").get(f"/api/v1/{address}")
    opened = read.json()
    assert opened["state"] == "draft"
    assert opened["timeline"]
    portal.post("petra", f"{address}sign-off/", status=409)
    sections = {"sections": {"summary": "Store staff could not submit timesheets for an hour.", "went_well": LEARNED}}
    portal.patch("rosa", address, sections, etag=read["ETag"])
    portal.patch("mia", address, {"sections": {"summary": "Mine"}}, status=412, etag=read["ETag"])
    factor = {
        "statement": "The length of the queue was watched by nobody.",
        "kind": "enabling",
        "layer": "tool",
        "evidence": "log",
    }
    added = portal.post("rosa", f"{address}factors/", factor)
    action = {
        "title": "Raise an alert when the queue grows",
        "due_date": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "done_means": "A full queue pages the team within a minute.",
        "factor": added["id"],
    }
    incomplete = portal.post("mia", f"{address}actions/", action, status=400)
    assert [error["field"] for error in incomplete["errors"]] == ["owner"]
    agreed = portal.post("mia", f"{address}actions/", {**action, "owner": "rosa"})
    assert (agreed["owner"], agreed["state"], agreed["incident"]) == ("rosa", "open", portal.reference)
    assert portal.post("mia", f"{address}submit/", status=200)["state"] == "in_review"
    portal.post("rosa", f"{address}sign-off/", status=403)
    signed = portal.post("petra", f"{address}sign-off/", status=200)
    assert (signed["state"], signed["signed_off_by"]) == ("published", "petra")
    portal.patch("mia", address, {"sections": {"summary": "Later"}}, etag="*", status=409)
    review = Review.objects.get()
    assert (review.incident, review.signed_off_by) == (portal.row(), portal.cast.petra)
    assert review.published_at is not None
    assert ImprovementAction.objects.get().owner == portal.cast.rosa
    assert portal.get("rosa", "actions/?state=open")["results"][0]["id"] == agreed["id"]


class Readers:
    """People who open the status page: the front answers from memory, Django is never asked."""

    def __init__(self, portal: Portal, settings: Settings, folder: Path) -> None:
        settings.SNAPSHOT_DIR = folder / "rendered"
        self._library = published.Library(headers=front.headers())
        self._follower = published.Follower(
            self._library, folder=folder / "front", connection=connection.get_connection_params()
        )
        self._front = front.Front(self._nobody, self._library, clock=lambda: dbtime.now().timestamp())

    @staticmethod
    def _nobody(environ: Any, start_response: Any) -> list[bytes]:
        raise AssertionError(f"{environ['PATH_INFO']} reached Django")

    def look(self) -> None:
        self._follower.look()

    def close(self) -> None:
        self._follower.stop()
        self._follower._forget_connection()

    def get(self, path: str) -> str:
        statuses: list[str] = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET"}
        body = b"".join(self._front(environ, lambda status, headers: statuses.append(status)))
        assert statuses == ["200 OK"]
        return body.decode()
