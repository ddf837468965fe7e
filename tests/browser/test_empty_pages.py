"""Main pages on which nothing stands yet say so to everybody: nothing serious from axe, nothing goes sideways."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from django.test import Client
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from comms.services import snapshots
from mim_portal.lib import dbtime
from teams.models import Person
from tests.browser import looks

Browsers = Callable[[Person], Client]
# By person: what they open while nothing is going on; what is full stands in test_every_page.py.
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


def test_pages_with_nothing_on_them(
    browser: Browser,
    live_server: LiveServer,
    cast: SimpleNamespace,
    signed_in: Browsers,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    snapshots.render_due(now=dbtime.now())
    wrong: dict[str, list[str]] = {}
    for username, addresses in EMPTY.items():
        page = looks.opened(browser, live_server, signed_in(getattr(cast, username)))
        wrong |= looks.walk(page, live_server, username, list(addresses))
        page.context.close()
    assert wrong == {}
