"""A room and its record on paper: everything that stands there, nothing that can be pressed, dark on white."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.models import TimelineEntry
from incidents.services.record import notes
from mim_portal.lib import dbtime
from tests import routes_world
from tests.browser import looks
from tests.browser.test_ledger_sheet import sheets

pytestmark = pytest.mark.django_db(transaction=True)
A4 = (210, 297)
PRESSED = """[...document.querySelectorAll("button, select, textarea, input, .btn")]
  .filter((one) => one.checkVisibility()).map((one) => one.outerHTML)"""
# What paper would cut off: words that their own box hides.
CUT = """[...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && one.textContent.trim()
  && getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML)"""
# But for the mark of the priority and bars, which are dark on purpose.
DARK = """[...document.querySelectorAll("main *:not(.priority, progress)")].filter((one) => one.checkVisibility())
  .filter((one) => !["rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"].includes(getComputedStyle(one).backgroundColor))
  .map((one) => one.outerHTML)"""
NOTES = 70


@pytest.fixture
def world(cast: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """With more on the timeline than a sheet holds."""
    made = routes_world.build(cast, mail_dir=tmp_path / "mail")
    for number in range(NOTES):
        notes.note(reference=made.incident.reference, person=cast.mia, text=f"Note {number}.", now=dbtime.now())
    return made


@pytest.fixture
def page(
    browser: Browser,
    live_server: LiveServer,
    cast: SimpleNamespace,
    world: SimpleNamespace,
    signed_in: Callable[..., Any],
) -> Iterator[Page]:
    """Mia's, in dark colours and as wide as a sheet."""
    page = looks.opened(browser, live_server, signed_in(cast.mia))
    page.set_viewport_size({"width": 718, "height": 1000})
    page.goto(f"{live_server.url}/incidents/{world.incident.reference}/")
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    page.context.close()


def is_whole_on_paper(page: Page) -> None:
    """Nothing is pressed together, cut, dark or wider than the sheet, on several of them."""
    assert page.evaluate(PRESSED) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(DARK) == []
    assert page.evaluate(looks.OVER) <= 0
    count, sizes = sheets(page.pdf(format="A4"))
    assert (count > 1, sizes) == (True, {A4})


def test_the_room_is_printed_with_all_its_panels(page: Page, world: SimpleNamespace) -> None:
    for name in ("next", "impact", "updates", "teams", "roles", "work", "files", "timeline"):
        expect(page.locator(f"#{name}")).to_be_visible()
    expect(page.locator(".room-head h1")).to_contain_text(world.incident.title)
    is_whole_on_paper(page)


def test_the_record_is_printed_with_every_entry(page: Page, live_server: LiveServer, world: SimpleNamespace) -> None:
    page.goto(f"{live_server.url}/incidents/{world.incident.reference}/record/")
    entries = page.locator(".timeline-entry")
    expect(entries).to_have_count(TimelineEntry.objects.filter(incident=world.incident).count())
    expect(entries.last).to_contain_text(f"Note {NOTES - 1}.")
    expect(entries.last).to_be_visible()
    is_whole_on_paper(page)
