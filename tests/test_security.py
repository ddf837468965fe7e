"""What keeps strangers, scripts and guesses out, asked of the running stack of middleware and templates."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from comms.choices import UpdateKind
from incidents.services.record import notes
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime, markdown
from tests import factories, status_pages
from tests.comms import update_kit
from tests.incidents import kit

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
SIGN_IN = "/account/login/"
SCRIPT = "<script>alert(1)</script>"
PASSWORD = "correct horse battery"


def directives(header: str) -> dict[str, list[str]]:
    parts = (part.split() for part in header.split(";") if part.strip())
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("address", ["/", "/incidents/", "/raise/", "/ledger/", "/account/logout/", "/no-such-page/"])
def test_every_page_forbids_what_it_does_not_need(address: str, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).get(address)
    policy = directives(answer["Content-Security-Policy"])
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert "'unsafe-eval'" not in answer["Content-Security-Policy"]
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_the_nonce_of_a_page_is_never_used_twice(cast: SimpleNamespace, signed_in: Browser) -> None:
    client = signed_in(cast.mia)
    policies = {client.get("/")["Content-Security-Policy"] for _ in range(2)}
    nonces = {value for policy in policies for value in directives(policy)["script-src"] if value.startswith("'nonce-")}
    assert len(nonces) in {0, 2}


def test_scripts_cannot_read_the_cookies(cast: SimpleNamespace, client: Client) -> None:
    client.get(SIGN_IN)
    client.post(SIGN_IN, {"login": "mia", "password": PASSWORD})
    for name in (project.SESSION_COOKIE_NAME, project.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_signing_in_starts_a_new_session(cast: SimpleNamespace, client: Client) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["fixed"] = True
    session.save()
    before = session.session_key
    client.post(SIGN_IN, {"login": "mia", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(cast.mia.pk)
    assert client.session.session_key != before


def test_a_form_from_elsewhere_is_refused_and_says_why(cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    client = signed_in(cast.mia, enforce_csrf_checks=True)
    answer = client.post(f"/incidents/{incident.reference}/notes/", {"text": "from elsewhere"})
    assert answer.status_code == 403
    assert not incident.timeline.filter(text="from elsewhere").exists()
    client.get(f"/incidents/{incident.reference}/")
    token = client.cookies[project.CSRF_COOKIE_NAME].value
    address = f"/incidents/{incident.reference}/notes/"
    answer = client.post(address, {"text": "from the room", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert incident.timeline.filter(text="from the room").exists()


def test_the_api_asks_a_session_for_its_csrf_token(cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    client = signed_in(cast.mia, enforce_csrf_checks=True)
    address = f"/api/v1/incidents/{incident.reference}/timeline/"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"text": "from elsewhere"}, content_type="application/json")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert not incident.timeline.filter(text="from elsewhere").exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(elsewhere: str, cast: SimpleNamespace, client: Client) -> None:
    answer = client.post(SIGN_IN, {"login": "mia", "password": PASSWORD, "next": elsewhere})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_a_stranger_comes_back_to_the_page_they_asked_for(cast: SimpleNamespace, client: Client) -> None:
    led = client.get("/incidents/?q=payroll&live=1")["Location"]
    assert parse_qs(urlsplit(led).query)["next"] == ["/incidents/?q=payroll&live=1"]


def test_guessing_a_password_is_stopped_even_when_the_guess_is_right(
    cast: SimpleNamespace, client: Client, settings: Settings
) -> None:
    cache.clear()
    for guess in range(5):
        assert client.post(SIGN_IN, {"login": "mia", "password": f"guess {guess}"}).status_code == 200
    late = client.post(SIGN_IN, {"login": "mia", "password": PASSWORD})
    assert late.status_code in {200, 429}
    assert "_auth_user_id" not in client.session
    other = client.post(SIGN_IN, {"login": "omar", "password": PASSWORD}, REMOTE_ADDR="10.0.0.2")
    assert other.status_code == 302


def test_whoever_left_is_out_at_once(cast: SimpleNamespace, signed_in: Browser) -> None:
    client = signed_in(cast.mia)
    assert client.get("/incidents/").status_code == 200
    cast.mia.is_active = False
    cast.mia.save()
    assert client.get("/incidents/")["Location"].startswith(SIGN_IN)


def test_text_of_people_is_never_markup(cast: SimpleNamespace, signed_in: Browser) -> None:
    """Titles, impact, notes, reasons and updates, on every page of the portal that shows them."""
    service = factories.service(slug="payroll", name=f"Payroll {SCRIPT}")
    incident = kit.incident(
        manager=cast.mia,
        now=dbtime.now(),
        service=service,
        title=f"Payroll {SCRIPT}",
        impact_statement={"who": SCRIPT, "activity": SCRIPT, "count": SCRIPT, "since": SCRIPT},
    )
    now = dbtime.now()
    notes.note(reference=incident.reference, person=cast.mia, text=f"Seen {SCRIPT}", now=now)
    lifecycle.transition(reference=incident.reference, to="investigating", person=cast.mia, now=now, reason=SCRIPT)
    candidate = kit.candidate(by=cast.desmond, service=service, title=SCRIPT, evidence=SCRIPT, contact=SCRIPT)
    draft = update_kit.drafted(incident, cast.mia, "end_users", subject=SCRIPT, body=f"Hello {SCRIPT}")
    client = signed_in(cast.mia)
    room = f"/incidents/{incident.reference}/"
    pages = ["/", "/incidents/", "/incidents/?q=%3Cscript%3Ealert(1)%3C/script%3E", room, f"{room}impact/",
             f"{room}panels/timeline/", f"{room}panels/updates/", f"{room}handover/", f"/updates/{draft.pk}/",
             "/updates/", "/candidates/", f"/candidates/{candidate.reference}/", "/raise/"]  # fmt: skip
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SCRIPT not in answer.content.decode(), address


def test_published_words_are_never_markup_on_a_status_page(cast: SimpleNamespace) -> None:
    service = factories.service(slug="payroll", name=f"Payroll {SCRIPT}")
    page = status_pages.page(name=f"Status {SCRIPT}")
    status_pages.component(of=page, service=service)
    incident = status_pages.incident(service=service)
    at = status_pages.START + timedelta(minutes=1)
    status_pages.publish(of=incident, author=cast.mia, kind=UpdateKind.INITIAL, subject=SCRIPT, body=f"Hi {SCRIPT}")
    for path in ("", "history/", "feed.atom", "feed.rss"):
        shown = status_pages.html(page, at=at, path=path)
        assert SCRIPT not in shown, path
    assert "&lt;script&gt;" in status_pages.html(page, at=at)


@pytest.mark.parametrize(
    "typed",
    [
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "[click](vbscript:x)",
        "<a href='javascript:alert(1)'>click</a>",
        "<img src=x onerror=alert(1)>",
        "![x](javascript:alert(1))",
        SCRIPT,
    ],
)
def test_markdown_keeps_words_and_drops_what_runs(typed: str) -> None:
    made = str(markdown.to_html(typed)).lower()
    assert "<script" not in made
    assert "<img" not in made
    assert 'href="javascript' not in made
    assert 'href="data' not in made
    assert 'href="vbscript' not in made
    assert "<a href='" not in made


def test_markdown_keeps_honest_links() -> None:
    made = str(markdown.to_html("See [the form](https://example.org/form)."))
    assert 'href="https://example.org/form"' in made


def test_a_token_is_stored_as_a_hash_only(cast: SimpleNamespace) -> None:
    from teams.models import ApiToken

    row, token = ApiToken.objects.create(user=cast.mia, scopes=["read"])
    row.refresh_from_db()
    stored = " ".join(str(value) for value in vars(row).values())
    assert token not in stored
    assert row.token_key == token[: len(row.token_key)]
    assert len(row.token_key) < len(token) / 2
