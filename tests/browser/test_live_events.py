"""What the live process says about the stream itself, as a page in a real browser takes it."""

from playwright.sync_api import Page, expect

from mim_portal import livehub
from tests.browser.site import Site
from tests.browser.test_scripts import env, site, state, watched

__all__ = ["env", "site", "watched"]  # fixtures


def tell(to: Site, chunk: bytes) -> None:
    """The bytes that the hub sends, on every open stream."""
    for stream in to.streams:
        stream.put(chunk.decode())


def test_the_number_of_people_here_is_shown(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    state(watched).to_have_text("live")
    watched.evaluate("document.querySelector('#live').insertAdjacentHTML('beforeend', '<i data-live-presence></i>')")
    tell(site, livehub.named("presence", count=14))
    expect(watched.locator("[data-live-presence]")).to_have_text("14 here")
    expect(watched.locator("#notes")).to_contain_text("as rendered")  # nothing was fetched for it


def test_a_stream_that_hears_nothing_makes_the_page_ask_until_it_hears_again(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    state(watched).to_have_text("live")
    site.panel = "<p>asked for</p>"
    tell(site, livehub.named("stale"))
    state(watched).to_have_text("asking every 5 s")
    expect(watched.locator("#notes")).to_contain_text("asked for")
    site.panel = "<p>missed meanwhile</p>"
    tell(site, livehub.retry() + livehub.named("fresh"))
    state(watched).to_have_text("live")
    expect(watched.locator("#notes")).to_contain_text("missed meanwhile")
    site.panel = "<p>heard</p>"
    site.publish(1, "notes")
    expect(watched.locator("#notes")).to_contain_text("heard")
