"""The public page as readers see it: with no, one and five live incidents, beside maintenance and ninety days, wide and
on a phone, in both themes, in another language, on paper and without script.
"""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import brotli  # type: ignore[import-untyped]
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from comms.models import Component, PageSnapshot, StatusPage
from comms.services import snapshots
from tests import factories, status_pages
from tests.browser.looks import AXE, OVER
from tests.browser.site import ROOT, Site
from tests.comms import maintenance_kit
from tests.status_pages import START, folder

__all__ = ["folder"]  # a fixture
pytestmark = pytest.mark.django_db
NOW: Final = START + timedelta(minutes=20)
SERVICES: Final = ("Payroll", "Mail", "Ordering", "Tills", "Warehouse handhelds", "Customer portal")
WIDTHS: Final = (1440, 375, 320)
HEADLINES: Final = {
    0: "Mail is under maintenance. Everything else works.",
    1: "Payroll does not work. Mail is under maintenance. Everything else works.",
    5: "5 services have problems. Mail is under maintenance.",
}


def build(live: int, *, author: Any) -> StatusPage:
    """Six services in two groups for ninety days, three incidents that are over, a window that runs and one ahead."""
    page = status_pages.page(
        name="Northwind status",
        intro="What works, and when you hear from us again.",
        footer="[Help](https://example.org/help)",
        other_languages=["de", "fr", "es"],
    )
    services = [factories.service(slug=name.split()[0].lower(), name=name) for name in SERVICES]
    for number, service in enumerate(services):
        status_pages.component(of=page, service=service, group="Stores" if number > 2 else "Offices")
    Component.objects.update(created_at=START - timedelta(days=120))
    for number in range(3):
        over(services[number], author=author, days=7 * number + 3)
    windows(author=author)
    others = [service for service in services if service.name != "Mail"]
    for number in range(live):
        broken(others[number], author=author, number=number)
    snapshots.want(pages=[page.pk])
    snapshots.render_due(now=NOW)
    page.refresh_from_db()
    return page


def over(service: Any, *, author: Any, days: int) -> None:
    at = START - timedelta(days=days)
    past = status_pages.incident(service=service, state="closed", declared_at=at, closed_at=at + timedelta(hours=2))
    status_pages.update(of=past, author=author, minutes=-days * 1440, kind="initial", subject="no one could sign in")
    status_pages.update(of=past, author=author, minutes=-days * 1440 + 100, kind="closure", incident_state="resolved")


def windows(*, author: Any) -> None:
    told: dict[str, Any] = {
        "services": ["mail"],
        "title": "Mail moves to new servers",
        "body": "Mail arrives up to ten minutes late.",
    }
    running = maintenance_kit.plan(by=author, start=START + timedelta(minutes=5), now=START, **told)
    maintenance_kit.move(running, "in_progress", by=author, now=START + timedelta(minutes=6))  # type: ignore[arg-type]
    maintenance_kit.plan(by=author, start=START + timedelta(days=2), now=START)


def broken(service: Any, *, author: Any, number: int) -> None:
    """Told twice and how to get round it; the second is late by now."""
    made = status_pages.incident(service=service, impact=1 + number % 3, declared_at=START)
    tell: dict[str, Any] = {"of": made, "author": author, "subject": "nobody can sign in"}
    status_pages.publish(**tell, kind="initial", minutes=1, next_in=15)
    status_pages.publish(**tell, kind="workaround", minutes=5, body="Use the form on paper.\nAsk the desk for more.")
    status_pages.publish(**tell, minutes=10, next_in=5 if number == 1 else 20)


def serve(page: StatusPage, site: Site) -> None:
    """Every address that people read, as it stands now."""
    for row in PageSnapshot.objects.filter(page=page, content_type__startswith="text/html").order_by("valid_from"):
        address = f"/status/{page.slug}/{row.path}"
        if address not in site.pages or row.valid_from <= NOW:
            site.pages[address] = bytes(row.body).decode()


def opened(browser: Browser, site: Site, **options: Any) -> Page:
    """A reader in Dublin at the minute that is looked at."""
    context = browser.new_context(timezone_id="Europe/Dublin", reduced_motion="reduce", **options)
    made = context.new_page()
    made.clock.set_fixed_time(NOW)
    made.goto(f"{site.url}/status/public/")
    return made


def wrong(page: Page) -> list[str]:
    """What axe finds in either theme, and widths at which something goes sideways."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate(OVER)
        found += [f"{width}: sideways by {over} px"] if over > 0 else []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{scheme} {width}: {one}" for one in page.evaluate(AXE, None)] if width != 320 else []
    return found


@pytest.mark.parametrize("live", [0, 1, 5])
def test_the_page_is_read_in_every_look(live: int, browser: Browser, site: Site, cast: SimpleNamespace) -> None:
    serve(build(live, author=cast.mia), site)
    page = opened(browser, site)
    assert wrong(page) == []
    expect(page.locator("h1")).to_contain_text(HEADLINES[live])
    expect(page.locator("section[aria-labelledby=now] article")).to_have_count(live)
    expect(page.locator("section[aria-labelledby=maintenance] article")).to_have_count(2)
    expect(page.locator(".status-bars")).to_have_count(len(SERVICES))
    expect(page.locator("section[aria-labelledby=before] li")).to_have_count(3)
    promises = page.locator(".status-next").all_inner_texts()
    assert sorted(promises) == sorted(
        "This update is late since 12:15 (UTC+0). Late by 5 min."
        if number == 1
        else "Next update by 12:30 (UTC+0), in 10 min"
        for number in range(live)
    )
    page.context.close()


@pytest.mark.parametrize("path", ["history/", "history/2026-11/", "feeds/", "de/", "fr/", "es/", "de/history/2026-11/"])
def test_what_stands_below_it_is_read_in_every_look(
    path: str, browser: Browser, site: Site, cast: SimpleNamespace
) -> None:
    serve(build(2, author=cast.mia), site)
    page = opened(browser, site)
    assert page.goto(f"{site.url}/status/public/{path}").status == 200  # type: ignore[union-attr]
    assert wrong(page) == []
    page.context.close()


def test_readers_choose_their_language_and_stay_in_it(browser: Browser, site: Site, cast: SimpleNamespace) -> None:
    serve(build(1, author=cast.mia), site)
    page = opened(browser, site)
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("h1")).to_contain_text("Funktioniert nicht: Payroll.")
    expect(page.locator(".status-next")).to_have_text("Nächste Meldung bis 12:30 (UTC+0), in 10 min")
    page.get_by_role("link", name="Verlauf").click()
    expect(page.locator("h1")).to_have_text("Verlauf")
    expect(page.locator("time").first).to_contain_text("Nov.")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("History")
    page.context.close()


def test_it_is_read_on_paper_and_without_script(browser: Browser, site: Site, cast: SimpleNamespace) -> None:
    serve(build(2, author=cast.mia), site)
    page = opened(browser, site, java_script_enabled=False)
    expect(page.locator("section[aria-labelledby=now] article")).to_have_count(2)
    expect(page.get_by_text("This update is late since")).to_be_visible()
    page.context.close()
    page = opened(browser, site)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 700, "height": 990})
    assert page.evaluate(OVER) <= 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('article')).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.status-text')).color") == "rgb(0, 0, 0)"
    expect(page.locator(".status-foot")).to_be_hidden()
    page.context.close()


def test_a_first_load_is_at_most_sixty_kilobytes(site: Site, cast: SimpleNamespace) -> None:
    serve(build(5, author=cast.mia), site)
    built = ROOT / "static" / "build"
    files: list[Path] = [built / "status.css", built / "status.js", ROOT / "static" / "img" / "mark.svg"]
    parts = [site.pages["/status/public/"].encode(), *(file.read_bytes() for file in files if file.exists())]
    assert len(parts) >= 3
    assert sum(len(brotli.compress(part, quality=5)) for part in parts) <= 60_000 - 20_000  # a logo may have 20 KB
