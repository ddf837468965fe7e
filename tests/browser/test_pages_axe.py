"""Every main page in both colour schemes, full and empty: nothing serious from axe, nothing scrolls sideways."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from comms.services import snapshots
from mim_portal.lib import dbtime
from teams.models import Person
from tests import routes_world

SERIOUS = {"serious", "critical"}
SCHEMES = ("light", "dark")
# By person: what they open, with the names of things in the world of routes_world.
FULL = {
    "mia": (
        "/",
        "/incidents/",
        "/incidents/{incident.reference}/",
        "/incidents/{incident.reference}/state/",
        "/incidents/{incident.reference}/priority/",
        "/incidents/{incident.reference}/times/",
        "/incidents/{incident.reference}/times/detected_at/",
        "/incidents/{incident.reference}/closing/",
        "/incidents/{incident.reference}/details/",
        "/incidents/{incident.reference}/impact/",
        "/incidents/{incident.reference}/engage/",
        "/incidents/{incident.reference}/roles/",
        "/incidents/{incident.reference}/commitments/",
        "/incidents/{incident.reference}/handover/",
        "/incidents/{incident.reference}/command/",
        "/handover/",
        "/settings/rotas/{rota.pk}/",
        "/settings/rotas/{rota.pk}/change/",
        "/incidents/{incident.reference}/updates/new/",
        "/candidates/",
        "/candidates/{candidate.reference}/",
        "/candidates/{raised.reference}/",
        "/desk/",
        "/incidents/{incident.reference}/desk-feedback/",
        "/updates/",
        "/updates/{unsent.pk}/",
        "/updates/{sent.pk}/",
        "/teams/",
        "/teams/{team.slug}/",
        "/reviews/",
        "/reviews/{incident.reference}/",
        "/ledger/",
        "/ledger/{lapse.pk}/",
        "/metrics/",
    ),
    "desmond": ("/", "/raise/", "/incidents/{incident.reference}/desk-reports/", "/candidates/{candidate.reference}/"),
    "eve": ("/", "/status/executive/"),
    "ada": ("/", "/settings/", "/settings/mail/"),
    "": ("/account/login/", "/status/public/", "/status/public/history/", "/not-there/"),
}
EMPTY = {
    "petra": ("/settings/rotas/", "/settings/rotas/new/"),
    "mia": (
        "/handover/",
        "/",
        "/incidents/",
        "/candidates/",
        "/updates/",
        "/teams/",
        "/reviews/",
        "/ledger/",
        "/metrics/",
        "/desk/",
    ),
    "desmond": ("/", "/raise/"),
    "eve": ("/",),
    "olaf": ("/",),
    "ada": ("/", "/settings/", "/settings/mail/"),
}
Browsers = Callable[[Person], Client]


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical, and by how much the page scrolls sideways."""
    found = [
        f"{violation['id']}: {[node['target'] for node in violation['nodes'][:3]]}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in SERIOUS
    ]
    return [*found, *sideways(page)]


def sideways(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.viewport_size} scrolls sideways by {over} px"] if over > 0 else []


def signed_in_context(browser: Browser, site: LiveServer, client: Client | None, scheme: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    if client is not None:
        value = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": site.url}])
    return context


def walk(
    browser: Browser, site: LiveServer, paths: dict[str, list[str]], clients: dict[str, Client | None]
) -> dict[str, list[str]]:
    """Faults by page, at 1440 in both schemes and at 375."""
    found = {}
    for username, addresses in paths.items():
        for scheme in SCHEMES:
            context = signed_in_context(browser, site, clients[username], scheme)
            page = context.new_page()
            for address in addresses:
                page.set_viewport_size({"width": 1440, "height": 900})
                answer = page.goto(site.url + address)
                assert answer is not None
                assert answer.status == (404 if address == "/not-there/" else 200), address
                problems = faults(page)
                page.set_viewport_size({"width": 375, "height": 812})
                if problems := [*problems, *sideways(page)]:
                    found[f"{username or 'anybody'} {address} {scheme}"] = problems
            context.close()
    return found


@pytest.fixture
def mail_dir(tmp_path: Path, settings: Settings) -> Path:
    settings.MAIL_DIR = tmp_path / "mail"
    return tmp_path / "mail"


def test_pages_with_everything_on_them(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: Browsers, mail_dir: Path
) -> None:
    world = routes_world.build(cast, mail_dir=mail_dir)
    paths = {username: [path.format(**vars(world)) for path in listed] for username, listed in FULL.items()}
    clients = {username: signed_in(getattr(cast, username)) if username else None for username in paths}
    assert walk(browser, live_server, paths, clients) == {}


def test_pages_with_nothing_on_them(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: Browsers, mail_dir: Path
) -> None:
    snapshots.render_due(now=dbtime.now())
    paths = {username: list(listed) for username, listed in EMPTY.items()}
    clients: dict[str, Client | None] = {username: signed_in(getattr(cast, username)) for username in paths}
    assert walk(browser, live_server, paths, clients) == {}
