import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.choices import UpdateKind, UpdateState
from comms.models import StatusPage
from comms.queries import status
from comms.rendering import status_words
from comms.services import snapshots
from incidents.choices import RevisionReason
from incidents.models import ImpactStatement, Incident
from teams.models import Person
from tests import factories, status_pages
from tests.status_pages import START, body, folder, payroll, tell, text

__all__ = ["folder", "payroll"]  # fixtures

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert('x')</script> & \"quoted\" \x0b\u202e ﷽ 👩‍💻 {{ 7*7 }} {% raw %}"


def test_with_nothing_wrong_the_page_says_so(payroll: SimpleNamespace) -> None:
    html = status_pages.html(payroll.page, at=START)
    assert re.search(r'<h1[^>]*data-state="good"[^>]*>Everything works.</h1>', html)
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
    assert f'/status/public/incidents/{payroll.incident.reference}/"' in html
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
    assert len(rows) == 23
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


def test_facts_cost_a_fixed_number_of_queries_whatever_the_history(
    payroll: SimpleNamespace, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(20):
        other = status_pages.incident(service=factories.service(), declared_at=START - timedelta(days=number))
        status_pages.update(of=other, author=payroll.author, minutes=-number)
    page = StatusPage.objects.select_related("audience").get(pk=payroll.page.pk)
    # components; logo; latest incidents, older ones still worked on, their updates; windows open and over
    with django_assert_num_queries(7):
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
        (
            {"A": "under_maintenance", "B": "under_maintenance", "C": "operational"},
            "A and B are under maintenance. Everything else works.",
        ),
        (
            dict.fromkeys("ABCD", "under_maintenance") | {"E": "operational"},
            "4 services are under maintenance. The other one works.",
        ),
        (
            {"A": "major_outage", "B": "under_maintenance", "C": "operational"},
            "A does not work. B is under maintenance. Everything else works.",
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


def test_what_follows_a_group_does_not_look_like_part_of_it(cast: SimpleNamespace) -> None:
    page = status_pages.page(other_languages=["de"])
    for name, group in (("Intranet", ""), ("Tills", "Stores"), ("Mail", "")):
        status_pages.component(of=page, service=factories.service(name=name), group=group)
    shown = status_pages.html(page, at=START)
    assert re.findall(r'<h3 class="status-group">([^<]*)', shown) == ["Stores", "Other services"]
    assert shown.index("Intranet") < shown.index("Stores") < shown.index("Other services") < shown.index("Mail")
    assert "Weitere Dienste" in status_pages.html(page, at=START, path="de/")


def test_the_pages_own_zone_is_used_with_its_offset(payroll: SimpleNamespace) -> None:
    StatusPage.objects.update(time_zone="Asia/Kolkata")
    tell(payroll, next_in=30)
    assert "Next update by 18:00 (UTC+5:30)" in text(status_pages.html(payroll.page, at=START))


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
