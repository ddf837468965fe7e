"""An incident keeps an address of its own below a status page, with everything that readers were told of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from django.conf import settings as portal
from django.test import Client

from comms.choices import UpdateState
from comms.models import StatusPage
from comms.queries import status
from comms.services import snapshots
from comms.services.pages import pages
from incidents.models import Incident
from mim_portal.lib import snapshot_files
from mim_portal.web.front import Front, headers
from mim_portal.web.published import Library
from teams.models import Person
from tests import factories, status_pages
from tests.status_pages import START, folder, payroll, tell, text

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db


def address(payroll: SimpleNamespace) -> str:
    return f"incidents/{payroll.incident.reference}/"


def test_it_says_everything_that_was_told_and_how_late_the_next_word_is(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial", body="First word.", next_in=20)
    tell(payroll, body="Second word.", minutes=10, next_in=20)
    shown = status_pages.html(payroll.page, at=START, path=address(payroll))
    assert "<h1>Payroll: staff cannot submit timesheets</h1>" in shown
    assert shown.index("Second word.") < shown.index("First word.")
    assert "Next update by 12:30" in text(shown)
    late = status_pages.html(payroll.page, at=START + timedelta(minutes=31), path=address(payroll))
    assert "This update is late since 12:30" in text(late)


def test_links_to_it_are_previewed_with_its_latest_words(payroll: SimpleNamespace) -> None:
    tell(payroll, body='The "till" <b>works</b> again.')
    shown = status_pages.html(payroll.page, at=START, path=address(payroll))
    own = f"{portal.BASE_URL}/status/public/{address(payroll)}"
    assert f'<link rel="canonical" href="{own}">' in shown
    assert f'<meta property="og:url" content="{own}">' in shown
    assert '<meta property="og:title" content="Payroll: staff cannot submit timesheets">' in shown
    about = shown.partition('og:description" content="')[2].partition('">')[0]
    assert about.endswith("The &#34;till&#34; &lt;b&gt;works&lt;/b&gt; again.")


def test_history_page_feed_and_api_lead_to_it(payroll: SimpleNamespace, client: Client) -> None:
    tell(payroll)
    own = f"/status/public/{address(payroll)}"
    for path in ("", "history/", "feed.atom", "feed.rss"):
        assert own in status_pages.html(payroll.page, at=START, path=path)
    incidents = json.loads(status_pages.html(payroll.page, at=START, path="api/v2/incidents.json"))["incidents"]
    assert [each["shortlink"] for each in incidents] == [f"{portal.BASE_URL}{own}"]
    assert client.get(own).status_code == 200
    assert client.get(own.rstrip("/"))["Location"] == own


def older(payroll: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> str:
    """An incident that was over long ago, when the page lists one only."""
    monkeypatch.setattr(status, "LISTED_INCIDENTS", 1)
    old = status_pages.incident(
        service=payroll.incident.service, state="closed", declared_at=START - timedelta(days=900), closed_at=START
    )
    status_pages.update(of=old, author=payroll.author, kind="closure", body="Over in those days.", minutes=-9000)
    tell(payroll)
    snapshots.render_due(now=START)
    assert not payroll.page.snapshots.filter(path__contains=old.reference).exists()
    return f"/status/public/incidents/{old.reference}/"


def test_it_keeps_its_address_when_the_page_lists_it_no_more(
    payroll: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    own = older(payroll, monkeypatch)
    # the page, a face that holds, any face; components, logo, the incident, its updates
    with django_assert_num_queries(7):
        answer = client.get(own)
    assert (answer.status_code, "Over in those days." in answer.content.decode()) == (200, True)
    assert client.get(own, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert client.get("/status/public/incidents/MI-1999-0001/").status_code == 404
    assert client.get("/status/public/incidents/..%2F/").status_code == 404


@pytest.mark.parametrize("hidden", ["is_private", "is_exercise", "withdrawn", "never told"])
def test_what_may_not_be_known_has_no_address(
    payroll: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch, hidden: str
) -> None:
    own = older(payroll, monkeypatch)
    old = Incident.objects.get(reference=own.split("/")[-2])
    if hidden.startswith("is_"):
        Incident.objects.filter(pk=old.pk).update(**{hidden: True})
    elif hidden == "withdrawn":
        row = status.published_to(payroll.page.audience_id).get(incident=old)
        row.state = UpdateState.WITHDRAWN
        row.save()
    else:
        row = status.published_to(payroll.page.audience_id).get(incident=old)
        row.audiences.clear()
    assert client.get(own).status_code == 404


def test_an_old_incident_of_another_customer_has_no_address_here(
    payroll: SimpleNamespace,
    cast: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[[Person], Client],
) -> None:
    own = older(payroll, monkeypatch)
    status_pages.page(slug="contoso", is_public=False, only_its_services=True)
    snapshots.render_due(now=START)
    ada = signed_in(cast.ada)
    assert ada.get(own).status_code == 200
    assert ada.get(own.replace("/public/", "/contoso/")).status_code == 404


def test_the_front_asks_django_for_what_is_older_and_answers_the_rest_itself(payroll: SimpleNamespace) -> None:
    tell(payroll)
    snapshots.render_due(now=START)
    payroll.page.refresh_from_db()
    faces = tuple(
        snapshot_files.Face(
            path=row.path,
            valid_from=row.valid_from.timestamp(),
            content_type=row.content_type,
            body=bytes(row.body),
            etag=row.etag,
            modified_at=row.modified_at.timestamp(),
        )
        for row in payroll.page.snapshots.all()
    )
    library = Library(headers=headers())
    library.put([snapshot_files.PublishedPage(slug="public", version=1, faces=faces)])
    asked: list[str] = []

    def django(environ: dict[str, Any], _start: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        return [b"django"]

    front = Front(django, library)
    said: list[str] = []
    for path in (address(payroll), "incidents/MI-2001-0001/", "nothing/"):
        environ = {"PATH_INFO": f"/status/public/{path}", "REQUEST_METHOD": "GET"}
        list(front(environ, lambda line, _headers: said.append(line)))
    assert asked == ["/status/public/incidents/MI-2001-0001/"]
    assert said == ["200 OK", "404 Not Found"]


def test_a_page_with_much_to_say_is_light_on_first_load(cast: SimpleNamespace) -> None:
    """Issue 7: at most 60 KB over the wire: the page, its sheet and script, its look and its logo."""
    page = status_pages.page()
    services = [factories.service() for _ in range(60)]
    for number, service in enumerate(services):
        status_pages.component(of=page, service=service, group=f"Group {number // 10}")
    for number in range(50):
        incident = status_pages.incident(
            service=services[number], declared_at=START - timedelta(days=number), state="investigating"
        )
        kinds = ["initial", *["update"] * 5, *(["closure"] if number >= 5 else [])]
        for step, kind in enumerate(kinds):
            said = f"Word {number}.{step} about the work on service {number}: " + "we go on and tell you more. " * 8
            status_pages.update(of=incident, author=cast.mia, kind=kind, minutes=step - number * 1440, body=said)
    pages.change(slug="public", changes={"accent": "#8a1c5b", "footer": "**Call** us. " * 60}, by=cast.ada, now=START)
    snapshots.render_due(now=START)
    faces = {row.path: bytes(row.body) for row in StatusPage.objects.get().snapshots.order_by("valid_from")}
    sent = {path: len(brotli.compress(faces[path], quality=5)) for path in ("", "look.css")}
    built = portal.BASE_DIR / "static/build"
    sent |= {name: len(brotli.compress((built / name).read_bytes(), quality=5)) for name in ("status.css", "status.js")}
    assert sum(sent.values()) + 20_000 <= 60_000, sent  # a logo is at most 20 KB
