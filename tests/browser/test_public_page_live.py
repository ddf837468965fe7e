"""An open public page: what is published stands there without a reload, is said once, and disturbs nobody who reads."""

from types import SimpleNamespace
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from comms.models import StatusPage
from comms.services import snapshots
from incidents.models import Incident
from tests import status_pages
from tests.browser.site import Site
from tests.browser.test_public_page import NOW, broken, build, serve
from tests.status_pages import folder

__all__ = ["folder"]  # a fixture
pytestmark = pytest.mark.django_db
LOOKS: Final = 31_000  # ms: a page looks for news every thirty seconds
SAID: Final = "Forms on paper are taken until 18:00."


def opened(browser: Browser, site: Site, path: str = "") -> Page:
    made = browser.new_context(timezone_id="Europe/Dublin", reduced_motion="reduce").new_page()
    made.clock.install(time=NOW)
    made.goto(f"{site.url}/status/public/{path}")
    return made


def running() -> Incident:
    """The incident that the page shows as live."""
    return Incident.objects.get(service__slug="payroll", closed_at=None)


def told(page: StatusPage, site: Site, *, author: Any) -> None:
    """One more update of the incident that the page shows."""
    status_pages.publish(of=running(), author=author, minutes=19, subject="nobody can sign in", body=SAID, next_in=30)
    snapshots.want(pages=[page.pk])
    snapshots.render_due(now=NOW)
    site.pages.clear()
    serve(page, site)


@pytest.mark.parametrize("below", [False, True])
def test_news_stands_there_without_a_reload_and_is_said_once(
    below: bool, browser: Browser, site: Site, cast: SimpleNamespace
) -> None:
    shown = build(1, author=cast.mia)
    serve(shown, site)
    page = opened(browser, site, f"incidents/{running().reference}/" if below else "")
    said = page.locator("[data-announce]")
    assert said.get_attribute("aria-live") == "polite"
    page.clock.run_for(2 * LOOKS)
    expect(said).to_be_empty()
    told(shown, site, author=cast.mia)
    page.clock.run_for(LOOKS)
    expect(page.locator("main [data-said]").filter(has_text=SAID)).to_have_count(1)
    promised = "Next update by 12:49 (UTC+0)"
    expect(said).to_have_text(f"{promised} {SAID}" if below else f"Payroll: {SAID} {promised}")
    expect(page.locator(".status-next")).to_contain_text(", in 2")
    page.evaluate("document.querySelector('[data-announce]').textContent = 'heard'")
    page.clock.run_for(2 * LOOKS)
    expect(said).to_have_text("heard")
    page.context.close()


def test_what_was_open_stays_open_and_the_place_of_the_keyboard_is_kept(
    browser: Browser, site: Site, cast: SimpleNamespace
) -> None:
    shown = build(1, author=cast.mia)
    serve(shown, site)
    page = opened(browser, site)
    summary = page.locator("section[aria-labelledby=now] summary")
    summary.click()
    told(shown, site, author=cast.mia)
    page.clock.run_for(LOOKS)
    expect(summary).to_have_text("All 4 updates")
    expect(page.locator("section[aria-labelledby=now] details")).to_have_attribute("open", "")
    expect(summary).to_be_focused()
    page.context.close()


def test_only_what_is_new_is_said_and_the_countdown_never(browser: Browser, site: Site, cast: SimpleNamespace) -> None:
    shown = build(1, author=cast.mia)
    serve(shown, site)
    page = opened(browser, site)
    page.clock.run_for(4 * 60_000)
    expect(page.locator(".status-next")).to_contain_text(", in 6 min")
    expect(page.locator("[data-announce]")).to_be_empty()
    others = shown.components.get(service__slug="ordering").service
    broken(others, author=cast.mia, number=3)
    snapshots.want(pages=[shown.pk])
    snapshots.render_due(now=NOW)
    site.pages.clear()
    serve(shown, site)
    page.clock.run_for(LOOKS)
    said = page.locator("[data-announce]")
    expect(said).to_contain_text("Payroll and Ordering have problems.")
    expect(said).to_contain_text("Ordering: ")
    expect(said).not_to_contain_text("Payroll: ")
    page.context.close()


def test_a_page_stays_as_it_is_while_nothing_answers(browser: Browser, site: Site, cast: SimpleNamespace) -> None:
    serve(build(1, author=cast.mia), site)
    page = opened(browser, site)
    headline = page.locator("h1").inner_text()
    site.pages.clear()  # 404
    page.clock.run_for(LOOKS)
    site.close()  # nobody there
    page.clock.run_for(LOOKS)
    expect(page.locator("h1")).to_have_text(headline)
    expect(page.locator("[data-announce]")).to_be_empty()
    page.context.close()
