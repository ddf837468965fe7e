"""Every page of the routes table in both colour schemes, wide and on a phone: nothing serious from axe, nothing goes
sideways, nothing is refused by the content security policy.

Pages are found, not listed: an address that is added to the table is opened here by the first of the cast who may.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from teams.models import Person
from tests import cast as people
from tests import routes_rows as rows
from tests import routes_world
from tests.browser import looks
from tests.routes_table import TABLE
from tests.test_routes import OWN, allowed

Browsers = Callable[[Person], Client]
STRANGER = ""
# What several of the cast read each in their own way.
ALSO = {
    "board": ("mia", "desmond", "dara", "rosa", "eve", "ada", "petra", "audra", "olaf"),
    "room": ("mia", "desmond", "rosa", "audra"),
    "candidate": ("mia", "desmond", "dara"),
    "incidents": ("mia", "desmond"),
}


def readers(name: str) -> tuple[str, ...]:
    """Who opens the address: the first who may, or those who read it each in their own way."""
    row = TABLE[name]
    if name in ALSO:
        return ALSO[name]
    if isinstance(row, rows.Page):
        return tuple(who for who, held in people.ROLES.items() if held and allowed(row.read, held))[:1]
    if isinstance(row, rows.Account) and not row.for_strangers:
        return ("mia",)
    return (STRANGER,) if not isinstance(row, rows.Described) else ("mia",)


def addresses(world: SimpleNamespace) -> Iterator[tuple[str, str]]:
    """Person and address, of everything in the table that can be opened."""
    for route in OWN:
        if not isinstance(TABLE[route.name], rows.Api):
            kwargs = routes_world.arguments(world, route.name, route.parameters)
            yield from ((who, reverse(route.name, kwargs=kwargs)) for who in readers(route.name))
    yield STRANGER, "/not-there/"
    yield "mia", f"/updates/{world.unsent.pk}/"


def is_page(client: Client, address: str) -> bool:
    """A whole page, not a panel, a file or a way to somewhere else."""
    answer = client.get(address)
    is_html = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return is_html and answer.status_code in {200, 404} and b"</html>" in answer.content


@pytest.fixture
def world(cast: SimpleNamespace, tmp_path: Path, settings: Settings) -> SimpleNamespace:
    settings.MAIL_DIR = tmp_path / "mail"
    return routes_world.build(cast, mail_dir=tmp_path / "mail")


def test_every_page_can_be_used_by_everybody(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Browsers
) -> None:
    clients: dict[str, Any] = {who: signed_in(getattr(cast, who)) for who in people.ROLES} | {STRANGER: Client()}
    by_person: dict[str, list[str]] = {}
    for who, address in addresses(world):
        if is_page(clients[who], address):
            by_person.setdefault(who, []).append(address)
    assert sum(map(len, by_person.values())) > 80
    wrong: dict[str, list[str]] = {}
    for who, listed in by_person.items():
        page = looks.opened(browser, live_server, clients[who] if who else None)
        wrong |= looks.walk(page, live_server, who, listed)
        page.context.close()
    assert wrong == {}
