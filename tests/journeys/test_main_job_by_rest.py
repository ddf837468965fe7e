"""A whole major incident by REST alone: from the desk's call to the signed-off review, on real servers."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from pytest_django import Settings
from rest_framework.test import APIClient

from comms.models import Delivery, Notice, Update, UpdateDeadline
from incidents.models import Candidate, CommandTenure, Engagement, Handover, ImpactStatement
from mim_portal.lib import dbtime
from reviews.models import Lapse
from tests.journeys import aftermath
from tests.journeys.aftermath import Readers
from tests.journeys.kit import AUDIENCES, READERS, SECOND_READER, Portal, parts
from tests.plugins.mail import MailSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("language_tool")]
FACTS = {
    "service": "payroll",
    "cannot_do": "Store staff cannot submit timesheets",
    "affected_count": "about 1,200",
    "where": "Ireland and Scotland; not affected: England",
    "since_when": "09:10 (UTC+0), first call to the desk",
    "business_consequence": "Wages for 1,200 people are paid late",
    "contact": "Dublin payroll office, Niamh Walsh, +353 1 555 0199",
    "safety_or_security": "no",
    "impact": 1,
    "urgency": 1,
}
BODY = (
    "Store staff in Ireland and Scotland cannot submit timesheets. Our engineers are working on it. "
    "Please keep your hours on paper until this works again."
)
STORY = [
    "declared",
    "command_started",
    "state_changed",
    "note",
    "impact_revised",
    "engagement_asked",
    "engagement_joined",
    "engagement_released",
    "update_published",
    "deadline_warned",
    "deadline_missed",
    "handover_offered",
    "handover_accepted",
]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def portal(cast: SimpleNamespace, api: Callable[..., APIClient], mail_sink: MailSink, settings: Settings) -> Portal:
    settings.WATCH_MINUTES = {"P1": 60}
    return Portal(cast, api, mail_sink)


@pytest.fixture
def readers(portal: Portal, settings: Settings, tmp_path: Path) -> Iterator[Readers]:
    made = Readers(portal, settings, tmp_path)
    yield made
    made.close()


def test_from_the_first_call_to_the_signed_off_review(portal: Portal, readers: Readers, settings: Settings) -> None:
    the_desk_raises_and_the_manager_declares(portal)
    the_room_is_worked_in(portal)
    the_team_is_engaged(portal)
    the_first_message_is_written_checked_and_sent(portal)
    the_public_reads_what_was_published(portal, readers)
    a_later_message_needs_a_second_reader(portal)
    a_promise_passes(portal)
    accountability_moves(portal)
    aftermath.the_service_is_restored_resolved_and_closed(portal, settings)
    aftermath.the_lapse_is_owned_and_given_a_plan(portal)
    aftermath.the_review_is_written_and_signed(portal)
    the_public_reads_that_it_works_again(portal, readers)
    the_log_tells_it_in_order(portal)


def the_desk_raises_and_the_manager_declares(portal: Portal) -> None:
    missing = portal.post("desmond", "candidates/", {"service": "payroll"}, status=400)
    assert {error["field"] for error in missing["errors"]} == {"cannot_do", "contact"}

    raised = portal.post("desmond", "candidates/", FACTS, key="call-4711")
    again = portal.client("desmond").post("/api/v1/candidates/", FACTS, headers={"Idempotency-Key": "call-4711"})
    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (201, raised, "true")
    other = {**FACTS, "contact": "Somebody else"}
    portal.post("desmond", "candidates/", other, status=422, key="call-4711")
    candidate = Candidate.objects.get()
    assert raised["reference"] == candidate.reference
    assert raised["reference"].startswith(f"CA-{timezone.now().year}-")
    assert raised["intake"]["score"] == candidate.intake_score
    assert 0 < raised["intake"]["score"] < 100
    assert raised["intake"]["band"] == candidate.intake_band
    assert {"basis", "evidence", "checks_done"} <= set(raised["intake"]["missing"])
    assert candidate.raised_by == portal.cast.desmond

    address = f"candidates/{raised['reference']}/"
    asked = portal.post("mia", f"{address}clarifications/", {"field": "basis", "question": "Who counted?"})
    portal.post(
        "desmond", f"{address}clarifications/{asked['id']}/answer/", {"answer": "Headcount of both sites"}, status=200
    )
    scored = portal.get("desmond", address)
    assert scored["basis"] == "Headcount of both sites"
    assert scored["intake"]["score"] == raised["intake"]["score"]  # that of the moment when it was raised
    assert "basis" not in scored["intake"]["missing"]

    portal.post("desmond", f"{address}accept/", {}, status=403)
    before = dbtime.now()
    incident = portal.post("mia", f"{address}accept/", {"audiences": AUDIENCES})
    portal.reference = incident["reference"]
    portal.post("omar", f"{address}accept/", {}, status=409)
    portal.post("mia", f"{address}reject/", {"reason": "Too late"}, status=409)
    assert (incident["state"], incident["priority"], incident["manager"]) == ("declared", "P1", "mia")
    assert "timesheets" in incident["impact_statement"]["sentence"]
    tenure = CommandTenure.objects.get()
    assert (tenure.manager, tenure.ended_at) == (portal.cast.mia, None)
    opened = portal.open_deadlines()
    assert sorted(opened) == sorted(AUDIENCES)
    assert all(row["is_first"] and not row["is_late"] for row in opened.values())
    assert UpdateDeadline.objects.filter(due_at__gt=before).count() == len(AUDIENCES)
    assert {row["id"] for row in incident["deadlines"]} == {row["id"] for row in opened.values()}

    rejected = portal.post("desmond", "candidates/", {**FACTS, "cannot_do": "Change the theme"})
    portal.post("mia", f"candidates/{rejected['reference']}/reject/", {}, status=400)
    answer = portal.post(
        "mia", f"candidates/{rejected['reference']}/reject/", {"reason": "One person, and cosmetic"}, status=200
    )
    assert (answer["state"], answer["decision_reason"]) == ("rejected", "One person, and cosmetic")


def the_room_is_worked_in(portal: Portal) -> None:
    refused = portal.post("mia", f"{portal.incident}transitions/", {"to": "closed"}, status=409)
    assert refused["allowed"] == ["investigating", "identified", "mitigating", "monitoring", "cancelled"]
    moved = portal.post("mia", f"{portal.incident}transitions/", {"to": "investigating"}, status=200)
    assert moved["state"] == "investigating"
    note = portal.post("rosa", f"{portal.incident}timeline/", {"text": "The queue of the batch is full."})
    assert (note["kind"], note["actor"]) == ("note", "rosa")
    version = portal.post(
        "mia",
        f"{portal.incident}impact-statements/",
        {"count": "1,340", "count_basis": "till errors", "revision_reason": "new_information"},
    )
    assert version["version"] == 2
    assert list(ImpactStatement.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    read = portal.client("mia").get(f"/api/v1/{portal.incident}")
    edit = {"title": "Payroll: staff cannot submit timesheets"}
    portal.patch("mia", portal.incident, edit, etag=read["ETag"])
    portal.patch("mia", portal.incident, {"title": "Mine"}, status=412, etag=read["ETag"])
    assert portal.row().title == edit["title"]


def the_team_is_engaged(portal: Portal) -> None:
    asked = portal.post("mia", f"{portal.incident}engagements/", {"team": "payroll-team"})
    address = f"{portal.incident}engagements/{asked['id']}/"
    assert (asked["state"], asked["profile_version"]) == ("asked", 1)
    assert "timesheets" in asked["message"]
    portal.post("nils", f"{address}acknowledge/", status=403)
    for step, state in (("acknowledge", "acknowledged"), ("join", "joined"), ("release", "released")):
        assert portal.post("rosa", f"{address}{step}/", status=200)["state"] == state
    engagement = Engagement.objects.get()
    times = [engagement.asked_at, engagement.acknowledged_at, engagement.joined_at, engagement.released_at]
    assert times == sorted(time for time in times if time is not None)
    [called] = [mail for mail in portal.mails() if mail["X-Envelope-To"] == "rosa@example.org"]
    assert portal.reference in called["Subject"]


def drafted(portal: Portal, kind: str, *, body: str = BODY, minutes: int = 15, **fields: Any) -> Any:
    at = (dbtime.now() + minutes * MINUTE).isoformat()
    given = {"kind": kind, "audiences": AUDIENCES, "body": body, "subject": "staff cannot submit timesheets"}
    return portal.post("carla", f"{portal.incident}updates/", {**given, "next_update_at": at, **fields})


def the_first_message_is_written_checked_and_sent(portal: Portal) -> None:
    before = portal.open_deadlines()
    draft = drafted(portal, "initial", body=BODY.replace("engineers", "enginers"))
    address = f"{portal.incident}updates/{draft['id']}/"
    checked = portal.post("carla", f"{address}check/", status=200)
    [typo] = [finding for finding in checked["findings"] if finding["text"] == "enginers"]
    assert "engineers" in typo["suggestions"]
    assert draft["body"][typo["start"] : typo["end"]] == "enginers"
    refused = portal.post("mia", f"{address}publish/", status=409)
    assert refused["code"] == "blocked"
    assert "enginers" in [finding["text"] for finding in refused["findings"]]
    assert not Delivery.objects.filter(message__update=draft["id"]).exists()

    portal.patch("carla", address, {"body": BODY}, etag='"1"')
    portal.patch("mia", address, {"body": "Mine"}, status=412, etag='"1"')
    sent = portal.post("mia", f"{address}publish/", status=200)
    assert (sent["state"], sent["sequence"]) == ("published", 1)
    assert sent["deliveries"] == {
        "total": len(READERS),
        "sent": 0,
        "lost": 0,
        "otherwise": 0,
        "left_out": 0,
        "withdrawal": None,
    }
    portal.post("mia", f"{address}publish/", status=409)

    kept = UpdateDeadline.objects.filter(kept_by=draft["id"])
    assert {row.pk for row in kept} == {row["id"] for row in before.values()}
    assert all(row.missed_at is None and row.kept_at is not None and row.kept_at <= row.due_at for row in kept)
    opened = portal.open_deadlines()
    assert sorted(opened) == sorted(AUDIENCES)
    assert not {row["id"] for row in opened.values()} & {row["id"] for row in before.values()}

    mails = {mail["X-Envelope-To"]: mail for mail in portal.mails()}
    assert set(mails) == READERS
    for mail in mails.values():
        plain, html = parts(mail)
        assert mail["Subject"].startswith("[P1] [INITIAL] Payroll: staff cannot submit timesheets | next ")
        assert mail["Subject"].endswith(portal.reference)
        assert mail["References"] == mail["In-Reply-To"] == f"<{portal.reference}@example.org>"
        assert "Please keep your hours on paper" in plain
        assert "Please keep your hours on paper" in html
        assert "<html" in html
        assert "Rosa" not in plain
    assert len({mail["Message-ID"] for mail in mails.values()}) == len(READERS)
    assert portal.get("carla", address)["deliveries"] == {
        "total": len(READERS),
        "sent": len(READERS),
        "lost": 0,
        "otherwise": 0,
        "withdrawal": None,
        "left_out": 0,
    }


def a_later_message_needs_a_second_reader(portal: Portal) -> None:
    draft = drafted(portal, "update", body=f"{BODY} A repair is being prepared.", minutes=20)
    address = f"{portal.incident}updates/{draft['id']}/"
    portal.post("carla", f"{address}check/", status=200)
    refused = portal.post("mia", f"{address}publish/", status=409)
    assert refused["code"] == "second_reader"
    release_at = parse_datetime(refused["release_at"])
    assert release_at is not None
    assert 2 * MINUTE < release_at - dbtime.now() <= 3 * MINUTE
    assert portal.post("carla", f"{address}approve/", status=409)["code"] == "own_update"
    approved = portal.post("omar", f"{address}approve/", status=200)
    assert approved["approved_by"] == "omar"
    assert portal.post("mia", f"{address}publish/", status=200)["sequence"] == 2
    row = Update.objects.get(pk=draft["id"])
    assert row.approved_hash == row.published_hash
    mails = portal.mails()
    asked = [mail for mail in mails if mail["X-Envelope-To"] == SECOND_READER]
    assert asked  # of those on the rota, or who hold the role: at once, with the text
    assert {mail["X-Envelope-To"] for mail in mails} - {SECOND_READER} == READERS
    sent = {mail["Subject"].partition(" Payroll")[0] for mail in mails if mail not in asked}
    assert sent == {"[P1] [UPDATE 2]"}


def a_promise_passes(portal: Portal) -> None:
    """Warned at T-4, recorded and told at T+0, the deputy at T+2, the practice lead at T+5; each once."""
    due_in = min(row.due_at for row in UpdateDeadline.objects.filter(ended_at=None, kept_at=None)) - dbtime.now()
    told: list[set[tuple[str, str]]] = []
    for length in (due_in - 4 * MINUTE, 4.05 * MINUTE, 2 * MINUTE, 3 * MINUTE):
        portal.pass_time(length)
        portal.tick()
        portal.tick()
        told.append({(mail["X-Envelope-To"], mail["Subject"].partition(":")[0]) for mail in portal.mails()})
    assert [{address for address, _subject in step} for step in told] == [
        {"mia@example.org"},
        {"mia@example.org"},
        {"dan@example.org"},
        {"petra@example.org"},
    ]
    assert {subject for _address, subject in told[1] | told[2] | told[3]} == {"Late"}
    assert sorted(Notice.objects.values_list("step", "person__username")) == [
        ("deputy", "dan"), ("overdue", "mia"), ("practice_lead", "petra"), ("warn", "mia"),
    ]  # fmt: skip
    missed = portal.get("eve", "deadlines/?state=missed")["results"]
    assert sorted(row["audience"] for row in missed) == sorted(AUDIENCES)
    assert all(row["state"] == "open" and row["is_late"] and row["missed_at"] for row in missed)
    assert portal.kinds().count("deadline_missed") == 1
    assert portal.kinds().count("deadline_warned") == 1
    assert Lapse.objects.count() > 0
    assert not Lapse.objects.exclude(state="suggested").exclude(shown_after=None).exists()
    for who in portal.cast.__dict__:
        if who != "olaf":
            assert portal.get(who, "lapses/")["results"] == [], who

    draft = drafted(portal, "holding", body="We are still working on it. Nothing new is known yet.")
    portal.post("mia", f"{portal.incident}updates/{draft['id']}/publish/", {"send_now": True}, status=200)
    late = UpdateDeadline.objects.filter(kept_by=draft["id"])
    assert late.count() == len(AUDIENCES)
    assert all(row.missed_at and row.kept_at and row.kept_at > row.due_at for row in late)
    assert all(not row["is_late"] for row in portal.open_deadlines().values())
    assert len(portal.mails()) == len(READERS)


def accountability_moves(portal: Portal) -> None:
    offer = portal.post(
        "mia",
        f"{portal.incident}handovers/",
        {"to": "omar", "contingency": "If the batch fails again, print the forms"},
    )
    (offered,) = portal.mails()
    assert offered["X-Envelope-To"] == portal.cast.omar.email
    assert offered["Subject"] == f"Handover waits for you: {portal.reference}"
    address = f"{portal.incident}handovers/{offer['id']}/"
    assert offer["brief"]["state_and_trend"].startswith("Investigating")
    assert portal.get("mia", portal.incident)["manager"] == "mia"
    portal.post("dan", f"{address}accept/", {"restatement": "Next update"}, status=403)
    portal.post("omar", f"{address}accept/", {"restatement": ""}, status=400)
    accepted = portal.post("omar", f"{address}accept/", {"restatement": "Next update to everybody"}, status=200)
    assert accepted["state"] == "accepted"
    assert portal.get("mia", portal.incident)["manager"] == "omar"
    first, second = CommandTenure.objects.order_by("started_at")
    assert first.ended_at == second.started_at
    assert (first.manager, second.manager) == (portal.cast.mia, portal.cast.omar)
    assert Handover.objects.get().restatement == "Next update to everybody"


def the_public_reads_what_was_published(portal: Portal, readers: Readers) -> None:
    portal.tick()
    readers.look()
    page = readers.get("/status/public/")
    assert "cannot submit timesheets" in page
    assert "Please keep your hours on paper" in page
    assert not any(name in page for name in ("Rosa", "Mia", "Carla"))
    summary = json.loads(readers.get("/status/public/api/v2/summary.json"))
    [component] = summary["components"]
    [incident] = summary["incidents"]
    assert component["name"] == "Payroll"
    assert component["status"] != "operational"
    assert incident["status"] == "investigating"
    assert "Please keep your hours on paper" in incident["incident_updates"][0]["body"]


def the_public_reads_that_it_works_again(portal: Portal, readers: Readers) -> None:
    portal.tick()
    readers.look()
    summary = json.loads(readers.get("/status/public/api/v2/summary.json"))
    assert [component["status"] for component in summary["components"]] == ["operational"]
    assert summary["incidents"] == []
    assert "can submit timesheets again" in readers.get("/status/public/")
    assert "can submit timesheets again" in readers.get("/status/public/history/")


def the_log_tells_it_in_order(portal: Portal) -> None:
    """One log, numbered without gaps, that nobody can edit; and the clock that kept it says that it runs."""
    told = [kind for kind in portal.kinds() if kind in STORY]
    assert list(dict.fromkeys(told)) == STORY
    entries = portal.get("audra", f"{portal.incident}timeline/?page_size=200")["results"]
    assert [entry["seq"] for entry in entries] == list(range(len(entries), 0, -1))
    assert all(entry["words"] for entry in entries)
    assert portal.client("mia").get("/readyz").json()["components"]["clock"] == "ok"
