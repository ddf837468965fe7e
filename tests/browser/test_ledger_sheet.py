"""An entry of the ledger on paper: one sheet, A3, landscape, with as much on it as people write; and on a screen."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from reviews.choices import LapseState
from tests.browser import looks
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "The draft began when the time was up, and two audiences were due at different minutes. " * 12
MILLIMETRE = 72 / 25.4
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
BOX = re.compile(rb"/MediaBox\s*\[([\d. ]+)\]")


def sheets(paper: bytes) -> tuple[int, set[tuple[int, int]]]:
    """How many pages a PDF has, and their sizes in millimetres."""
    sides = [[float(side) / MILLIMETRE for side in found.split()[2:]] for found in BOX.findall(paper)]
    return len(PAGE.findall(paper)), {(round(across), round(down)) for across, down in sides}


@pytest.mark.parametrize("words", ["Short.", WORDS], ids=["short", "long"])
def test_it_prints_on_one_sheet(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: Callable[..., Any], words: str
) -> None:
    lapse = rows.lapse(
        of=rows.incident(manager=cast.mia), addressee=cast.mia, state=LapseState.WATCHING,
        acknowledgement=words, conditions=words, correction=words,
    )  # fmt: skip
    rows.plan(of=lapse, owner=cast.petra, plan=words, in_place_at=NOON)
    page = looks.opened(browser, live_server, signed_in(cast.mia))
    page.goto(f"{live_server.url}/ledger/{lapse.pk}/a3/")
    assert sheets(page.pdf(prefer_css_page_size=True)) == (1, {(420, 297)})
    assert looks.faults(page) == []


def test_other_pages_keep_the_readers_paper(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: Callable[..., Any]
) -> None:
    page = looks.opened(browser, live_server, signed_in(cast.mia))
    page.goto(f"{live_server.url}/ledger/")
    assert sheets(page.pdf(prefer_css_page_size=True, format="A4")) == (1, {(210, 297)})
