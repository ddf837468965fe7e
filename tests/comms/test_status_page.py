import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.choices import UpdateKind, UpdateState
from comms.models import StatusPage
from comms.queries import status
from comms.rendering import status_page, status_words, statuspage_v2
from comms.services import snapshots
from incidents.choices import RevisionReason
from incidents.models import ImpactStatement, Incident
from teams.models import Person
from tests import factories, status_pages
from tests.status_pages import START

pytestmark = pytest.mark.django_db
REAL = Path(os.environ.get("MIM_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "status-pages"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert('x')</script> & \"quoted\" \x0b\u202e ﷽ 👩‍💻 {{ 7*7 }} {% raw %}"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"


@pytest.fixture
def payroll(cast: SimpleNamespace) -> SimpleNamespace:
    """A public page with payroll, which has an incident, and mail, which works."""
    page = status_pages.page()
    service = factories.service(name="Payroll")
    status_pages.component(of=page, service=service)
    status_pages.component(of=page, service=factories.service(name="Mail"))
    return SimpleNamespace(page=page, incident=status_pages.incident(service=service, impact=1), author=cast.mia)


def tell(payroll: SimpleNamespace, **fields: Any) -> None:
    status_pages.publish(of=payroll.incident, author=payroll.author, **fields)


def body(payroll: SimpleNamespace, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(status_pages.html(payroll.page, at=START, path=f"api/v2/{name}.json"))
    return found


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"</?time[^>]*>", "", html)))


def test_with_nothing_wrong_the_page_says_so(payroll: SimpleNamespace) -> None:
    html = status_pages.html(payroll.page, at=START)
    assert re.search(r'<h1[^>]*data-state="good"[^>]*aria-live="polite"[^>]*>Everything works.</h1>', html)
    assert "Incidents that are over will stand here." in html


def test_the_page_says_what_one_cannot_do_what_one_can_do_and_when_the_next_word_comes(
    payroll: SimpleNamespace,
) -> None:
    tell(payroll, kind="initial", body="We are looking into it.", next_in=20)
    tell(payroll, kind="workaround", body="Use the paper form.", minutes=5, next_in=15)
    tell(payroll, body="The repair has begun.", minutes=10, next_in=30)
    html = status_pages.html(payroll.page, at=START + timedelta(minutes=11))
    shown = text(html)

    assert re.search(r'<h1[^>]*data-state="major"[^>]*>Payroll does not work. Everything else works.</h1>', html)
    assert "What you cannot do Staff cannot submit timesheets" in shown
    assert "What you can do Use the paper form." in shown
    assert "Last update 12:10 (UTC+0) The repair has begun." in shown
    assert "Next update by 12:40 (UTC+0)" in shown
    assert 'data-in=", in {length}"' in html
    assert "All 3 updates" in shown
    assert "We are looking into it." in shown
    assert re.search(r"Payroll\s*</span>\s*<span[^>]*>Not working|Payroll</span> <span[^>]*>Not working", html)
    assert payroll.incident.reference in shown


def test_what_hurts_most_stands_first(payroll: SimpleNamespace) -> None:
    tell(payroll)
    for name, impact in (("Door locks", 3), ("Tills", 1)):
        other = status_pages.incident(service=factories.service(name=name), impact=impact)
        status_pages.publish(of=other, author=payroll.author, minutes=impact)
    html = status_pages.html(payroll.page, at=START)
    assert re.findall(r"<h3[^>]*>([^<]*)</h3>", html) == ["Tills", "Payroll", "Door locks"]


def test_a_promise_that_passes_is_called_late_without_anybody_rendering_again(payroll: SimpleNamespace) -> None:
    tell(payroll, next_in=20)
    other = status_pages.incident(service=factories.service(name="Door locks"))
    status_pages.publish(of=other, author=payroll.author, next_in=45)
    snapshots.render_due(now=START)

    faces = list(payroll.page.snapshots.filter(path="").order_by("valid_from"))
    assert [face.valid_from for face in faces] == [START + timedelta(minutes=at) for at in (0, 20, 45)]
    assert len({face.etag for face in faces}) == 3
    late = [text(bytes(face.body).decode()).count("This update is late since") for face in faces]
    assert late == [0, 1, 2]
    assert "This update is late since 12:20 (UTC+0)." in text(bytes(faces[1].body).decode())
    assert payroll.page.snapshots.filter(path="history/").count() == 1


def test_an_incident_that_is_over_moves_to_the_history(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial", next_in=20)
    tell(payroll, kind="restored", minutes=30, no_further_updates=True, incident_state="monitoring")
    html = status_pages.html(payroll.page, at=START + timedelta(minutes=40))
    history = text(status_pages.html(payroll.page, at=START, path="history/"))

    assert "Everything works." in html
    assert "late" not in text(html)
    assert f'/status/public/history/#{payroll.incident.reference}"' in html
    assert "November 2026 Payroll: staff cannot submit timesheets" in history
    assert history.count("We are working on it. Use the paper form.") == 2


def test_a_corrected_update_says_so_and_a_withdrawn_one_keeps_nothing_but_its_time(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial", body="Wrong by a mile.", state=UpdateState.CORRECTED)
    tell(payroll, body="The heron told us.", minutes=5, state=UpdateState.WITHDRAWN)
    tell(payroll, kind="correction", body="Right now.", minutes=10)
    page = text(status_pages.html(payroll.page, at=START))
    everything = b"".join(bytes(face.body) for face in payroll.page.snapshots.all())

    assert "Wrong by a mile." in page
    assert "corrected by a later update" in page
    assert "An update of Mon 23 Nov 2026, 12:05 (UTC+0) was withdrawn." in page
    assert b"heron" not in everything


def test_nothing_of_the_record_reaches_a_public_page_except_what_was_published(payroll: SimpleNamespace) -> None:
    """Titles, statements, names and drafts stay inside: every byte of every address is read."""
    secret = "kingfisher"
    Incident.objects.filter(pk=payroll.incident.pk).update(title=secret, external_ref=secret, bridge_url=secret)
    Person.objects.filter(pk=payroll.author.pk).update(first_name=secret, last_name=secret, email=secret)
    statement = ImpactStatement.objects.create(
        incident=payroll.incident,
        version=1,
        **dict.fromkeys(("who", "activity", "count", "count_basis", "where", "workaround", "consequence"), secret),
        revision_reason=RevisionReason.INITIAL,
        as_of=START,
    )
    tell(payroll, impact_statement=statement, release_reason=secret)
    status_pages.update(of=payroll.incident, author=payroll.author, body=secret, audiences=("technical",), sequence=9)
    status_pages.update(
        of=payroll.incident,
        author=payroll.author,
        body=secret,
        subject=secret,
        sequence=None,
        state=UpdateState.DRAFT,
        published_at=None,
    )
    snapshots.render_due(now=START)

    rows = payroll.page.snapshots.all()
    assert len(rows) == 12
    assert [row.path for row in rows if secret.encode() in bytes(row.body).lower()] == []


def test_hostile_text_is_shown_and_harmless(payroll: SimpleNamespace) -> None:
    tell(payroll, subject=HOSTILE, body=HOSTILE)
    html = status_pages.html(payroll.page, at=START)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert "{{ 7*7 }}" in html
    assert body(payroll, "incidents")["incidents"][0]["incident_updates"][0]["body"] == HOSTILE
    for feed in ("feed.atom", "feed.rss"):
        root = ET.fromstring(status_pages.html(payroll.page, at=START, path=feed))
        assert "alert('x')" in ET.tostring(root, encoding="unicode").replace("&#x27;", "'").replace("&amp;#x27;", "'")


def test_the_page_needs_no_script_and_no_more_than_sixty_kilobytes(payroll: SimpleNamespace) -> None:
    for number in range(48):
        status_pages.update(of=payroll.incident, author=payroll.author, minutes=30 * number, body="word " * 120)
    snapshots.want(audiences=[payroll.page.audience_id])
    html = status_pages.html(payroll.page, at=START)
    assert len(html.encode()) < 60 * 1024
    assert re.findall(r"<script[^>]*>", html) == ['<script src="/static/status.js" defer>']
    assert "style=" not in html
    assert '<html lang="en-GB">' in html


def test_facts_cost_four_queries_whatever_the_history(
    payroll: SimpleNamespace, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(20):
        other = status_pages.incident(service=factories.service(), declared_at=START - timedelta(days=number))
        status_pages.update(of=other, author=payroll.author, minutes=-number)
    page = StatusPage.objects.get(pk=payroll.page.pk)
    with django_assert_num_queries(4):  # components, latest incidents, older ones still worked on, their updates
        facts = status.page_facts(page)
    assert len(facts.incidents) == 20
    assert [each.started_at for each in facts.incidents] == sorted(
        (each.started_at for each in facts.incidents), reverse=True
    )


def test_old_incidents_that_are_still_worked_on_stay_on_the_page(
    payroll: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "LISTED_INCIDENTS", 2)
    old = status_pages.incident(service=factories.service(), declared_at=START - timedelta(days=90))
    gone = status_pages.incident(
        service=factories.service(),
        state="closed",
        closed_at=START,
        declared_at=START - timedelta(days=91),
    )
    recent = [status_pages.incident(service=factories.service()) for _ in range(2)]
    for incident in (old, gone, *recent):
        status_pages.update(of=incident, author=payroll.author)
    facts = status.page_facts(StatusPage.objects.get(pk=payroll.page.pk))
    assert {each.id for each in facts.incidents} == {old.pk, *(each.pk for each in recent)}


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({"A": "degraded_performance", "B": "operational"}, "A is slow or unreliable. Everything else works."),
        ({"A": "partial_outage"}, "A works only in part."),
        ({"A": "under_maintenance", "B": "operational"}, "A is under maintenance. Everything else works."),
        (
            {"A": "major_outage", "B": "partial_outage", "C": "operational"},
            "A and B have problems. Everything else works.",
        ),
        ({"A": "major_outage", "B": "partial_outage", "C": "major_outage"}, "A, B and C have problems."),
        (
            dict.fromkeys("ABCD", "major_outage") | {"E": "operational"},
            "4 services have problems. The other one works.",
        ),
        (
            dict.fromkeys("ABCD", "major_outage") | dict.fromkeys("EF", "operational"),
            "4 services have problems. The other 2 work.",
        ),
    ],
)
def test_one_sentence_for_everything(states: dict[str, str], sentence: str, db: None) -> None:
    page = status_pages.page()
    for name, state in states.items():
        status_pages.component(of=page, service=factories.service(name=name), state=state)
    assert status_words.headline(status.page_facts(page))[1] == sentence


def test_a_watched_service_works_and_is_named(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="restored", incident_state="monitoring", next_in=30)
    facts = status.page_facts(payroll.page)
    assert status_words.headline(facts) == ("good", "Everything works. We keep watching Payroll.")


def test_executives_read_four_lines_an_incident(cast: SimpleNamespace) -> None:
    page = status_pages.page(slug="executive", audience="executives", is_public=False, is_executive=True)
    incident = status_pages.incident(service=factories.service(name="Payroll"), impact=1)
    statement = ImpactStatement.objects.create(
        incident=incident,
        version=1,
        who="store staff",
        activity="submit timesheets",
        count="1,200",
        where="Ireland and Scotland",
        consequence="1,200 people are not paid on Friday.",
        as_of=START,
    )
    status_pages.publish(
        of=incident,
        author=cast.mia,
        audiences=("executives",),
        body="The database is being restored.",
        impact_statement=statement,
        next_in=30,
    )
    html = status_pages.html(page, at=START)
    assert html.count("<dt>") == 4
    assert (
        "So what 1,200 people are not paid on Friday. Size 1,200, store staff, Ireland and Scotland "
        "Being done The database is being restored. Next No estimate. Next update by 12:30 (UTC+0)"
    ) in text(html)
    assert "This update is late since 12:30 (UTC+0)." in text(status_pages.html(page, at=START + timedelta(minutes=30)))


def test_the_pages_own_zone_is_used_with_its_offset(payroll: SimpleNamespace) -> None:
    StatusPage.objects.update(time_zone="Asia/Kolkata")
    tell(payroll, next_in=30)
    assert "Next update by 18:00 (UTC+5:30)" in text(status_pages.html(payroll.page, at=START))


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
        {face.path: face.body for face in status_page.render(facts, at=START + timedelta(seconds=shift))}
        for shift in (0, 5)
    )
    assert first == second


# --- through Django --------------------------------------------------------------------------------------------------
def test_a_public_page_is_read_without_sign_in(payroll: SimpleNamespace, client: Client) -> None:
    snapshots.render_due()
    answer = client.get("/status/public/")
    assert answer.status_code == 200
    assert b"Everything works." in answer.content
    assert client.get("/status/public/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/status/public/api/v2/summary.json")["Access-Control-Allow-Origin"] == "*"
    assert client.get("/status/public/history", follow=False)["Location"] == "/status/public/history/"
    assert client.head("/status/public/").status_code == 200
    assert client.post("/status/public/").status_code == 405
    assert client.get("/status/public/nothing").status_code == 404
    assert client.get("/status/unknown/").status_code == 404


@pytest.mark.parametrize(
    ("username", "code"),
    [("eve", 200), ("mia", 200), ("ada", 200), ("carla", 200), ("rosa", 404), ("desmond", 404), ("olaf", 404)],
)
def test_a_page_behind_sign_in_is_for_its_audience(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client], username: str, code: int
) -> None:
    status_pages.page(slug="executive", audience="executives", is_public=False, is_executive=True)
    snapshots.render_due()
    answer = signed_in(getattr(cast, username)).get("/status/executive/")
    assert answer.status_code == code
    if code == 200:
        assert answer["Cache-Control"] == "private, no-cache"


def test_a_page_behind_sign_in_asks_for_it(client: Client) -> None:
    status_pages.page(slug="executive", audience="executives", is_public=False)
    answer = client.get("/status/executive/")
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_django_shows_what_holds_now(payroll: SimpleNamespace, client: Client) -> None:
    made = status_pages.update(of=payroll.incident, author=payroll.author, kind=UpdateKind.INITIAL)
    late = made.published_at
    assert late is not None
    payroll.page.wanted_version = 2
    payroll.page.save()
    snapshots.render_due()
    payroll.page.snapshots.filter(path="").update(valid_from=START + timedelta(days=3650))
    assert client.get("/status/public/").status_code == 200  # a clock behind the database's sees the first face
