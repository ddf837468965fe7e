"""An open page behind sign-in whose reader is signed out: it says so once, with the age of what stands there."""

from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import quote

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from comms.models import PageSnapshot, StatusPage
from comms.services import snapshots
from tests import status_pages
from tests.browser.looks import AXE, OVER
from tests.browser.site import Site
from tests.browser.test_public_page import NOW
from tests.browser.test_public_page_live import LOOKS
from tests.status_pages import folder, payroll

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db
SIGN_IN: Final = "/account/login/"
SAID: Final = "Forms on paper are taken until 18:00."


@pytest.fixture
def executive(payroll: SimpleNamespace, site: Site) -> SimpleNamespace:
    """A page behind sign-in that shows one incident."""
    page = status_pages.page(slug="board", audience="executives", is_public=False, other_languages=["de"])
    status_pages.component(of=page, service=payroll.incident.service)
    payroll.page = page
    status_pages.tell(payroll, audiences=("executives",), minutes=10, next_in=20)
    serve(page, site)
    return payroll


def serve(page: StatusPage, site: Site) -> None:
    snapshots.want(pages=[page.pk])
    snapshots.render_due(now=NOW)
    site.moved.clear()
    for row in PageSnapshot.objects.filter(page=page, content_type__startswith="text/html").order_by("valid_from"):
        if row.valid_from <= NOW:
            site.pages[f"/status/board/{row.path}"] = bytes(row.body).decode()


def opened(browser: Browser, site: Site, path: str = "", **options: Any) -> Page:
    made = browser.new_context(timezone_id="Europe/Dublin", reduced_motion="reduce", **options).new_page()
    made.clock.install(time=NOW)
    made.goto(f"{site.url}/status/board/{path}")
    return made


def end_session(site: Site, path: str = "") -> None:
    """From now on the address leads to the sign-in."""
    site.moved[f"/status/board/{path}"] = f"{SIGN_IN}?next=/status/board/{path}"
    site.pages[SIGN_IN] = "<!doctype html><title>Sign in</title><main>Sign in</main>"


def notice(page: Page) -> Locator:
    return page.locator("[data-signed-out]")


@pytest.mark.parametrize(
    ("path", "said", "link"),
    [
        ("", "You are signed out. What stands here is as of Mon 23 Nov, 12:20 (UTC+0), 1 min ago.", "Sign in again"),
        (
            "history/",
            "You are signed out. What stands here is as of Mon 23 Nov, 12:20 (UTC+0), 1 min ago.",
            "Sign in again",
        ),
        (
            "de/",
            "Sie sind abgemeldet. Was hier steht, ist der Stand von Mo., 23. Nov., 12:20 (UTC+0), vor 1 min.",
            "Wieder anmelden",
        ),
    ],
)
def test_a_reader_who_is_signed_out_is_told_so_with_the_age_of_what_stands_there(
    path: str, said: str, link: str, browser: Browser, site: Site, executive: SimpleNamespace
) -> None:
    page = opened(browser, site, path)
    expect(notice(page)).to_be_hidden()
    before = page.locator("main h1").inner_text()
    end_session(site, path)
    page.clock.run_for(LOOKS)
    expect(notice(page)).to_contain_text(said)
    back = notice(page).get_by_role("link", name=link)
    assert back.get_attribute("href") == f"{site.url}{SIGN_IN}?next={quote(f'/status/board/{path}', safe='')}"
    expect(page.locator("main h1")).to_have_text(before)
    page.context.close()


def test_it_is_said_once_and_its_age_is_counted_on(browser: Browser, site: Site, executive: SimpleNamespace) -> None:
    page = opened(browser, site)
    said = page.locator("[data-announce]")
    end_session(site)
    page.clock.run_for(LOOKS)
    expect(said).to_contain_text("You are signed out. What stands here is as of Mon 23 Nov, 12:20 (UTC+0)")
    page.evaluate("document.querySelector('[data-announce]').textContent = 'heard'")
    page.clock.run_for(65 * 60_000)
    expect(notice(page)).to_contain_text("12:20 (UTC+0), 1 h 6 min ago.")
    expect(said).to_have_text("heard")
    page.context.close()


def test_signed_in_again_it_goes_on_by_itself(browser: Browser, site: Site, executive: SimpleNamespace) -> None:
    page = opened(browser, site)
    end_session(site)
    page.clock.run_for(LOOKS)
    expect(notice(page)).to_be_visible()
    status_pages.tell(executive, audiences=("executives",), minutes=19, body=SAID, next_in=30)
    serve(executive.page, site)
    page.clock.run_for(LOOKS)
    expect(notice(page)).to_be_hidden()
    expect(page.locator("main [data-said]").filter(has_text=SAID)).to_have_count(1)
    expect(page.locator("[data-announce]")).to_contain_text(SAID)
    page.context.close()


def test_a_page_that_moved_or_does_not_answer_is_no_end_of_a_session(
    browser: Browser, site: Site, executive: SimpleNamespace
) -> None:
    page = opened(browser, site)
    site.moved["/status/board/"] = "/status/directors/"
    site.pages["/status/directors/"] = site.pages["/status/board/"]
    page.clock.run_for(LOOKS)
    del site.moved["/status/board/"], site.pages["/status/board/"]
    page.clock.run_for(LOOKS)
    expect(notice(page)).to_be_hidden()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_notice_is_read_in_every_look(
    scheme: Any, browser: Browser, site: Site, executive: SimpleNamespace
) -> None:
    page = opened(browser, site, color_scheme=scheme)
    end_session(site)
    page.clock.run_for(LOOKS)
    expect(notice(page)).to_be_visible()
    page.evaluate(AXE_SCRIPT)
    for width in (1440, 375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVER) <= 0
        assert page.evaluate(AXE, None) == []
    page.context.close()


def test_a_public_page_has_nothing_of_it(payroll: SimpleNamespace) -> None:
    status_pages.tell(payroll)
    html = status_pages.html(payroll.page, at=NOW)
    assert "data-signed-out" not in html
    assert SIGN_IN not in html
