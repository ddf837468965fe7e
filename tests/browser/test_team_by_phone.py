"""A team says on a phone how it wants to be called, is called so from a phone, and answers without signing in."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser import portal
from tests.browser.journey import PHONE, THUMB, Journey, declared, fill, follow, on_a_phone, panel, press
from tests.browser.looks import AXE
from tests.browser.portal import Portal, text_of

FACTS = "Since when\nWhich site\nWhat changed last night"


@pytest.fixture
def running(language_tool: str) -> Iterator[Portal]:
    with portal.running(LANGUAGETOOL_URL=language_tool) as started:
        yield started


@pytest.fixture
def journey(running: Portal, browser: Browser) -> Iterator[Journey]:
    with declared(running, browser) as made:
        yield made


def looks_right(page: Page) -> None:
    """Nothing to scroll sideways, and nothing that axe finds serious."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"the page is {width} pixels wide"
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE, None) == []


def test_a_team_confirms_its_profile_and_is_engaged_by_it(journey: Journey) -> None:
    rosa = on_a_phone(journey, "rosa")
    journey.go(rosa, "/teams/database/")
    looks_right(rosa)
    follow(rosa, "Edit")
    fill(rosa, facts_wanted=FACTS, avoid="Never open with who did it.")
    looks_right(rosa)
    press(rosa, "Save as a new version")
    expect(rosa.locator("#profile")).to_contain_text("Since when · Which site · What changed last night")
    press(rosa, "It still holds")
    expect(rosa.locator("#profile")).to_contain_text("Confirmed by the team")

    mia = on_a_phone(journey, "mia")
    journey.go(mia, journey.room)
    follow(mia, "Engage a team")
    expect(mia.locator("#card-database")).to_contain_text("Never open with who did it.")
    fill(mia, team="database", note="Timesheets are not saved.")
    looks_right(mia)
    ask = mia.locator("main").get_by_role("button", name="Ask for help now")
    box = ask.bounding_box()
    assert box is not None
    assert box["height"] >= THUMB - 0.5
    ask.tap()
    expect(panel(mia, "teams")).to_contain_text("no answer yet")

    said = text_of(
        journey.portal.mail(journey.reference, "Timesheets are not saved", to="database-oncall@halden.example")
    )
    wanted = [said.index(fact) for fact in FACTS.split("\n")]
    assert wanted == sorted(wanted)  # in the team's order
    (link,) = set(re.findall(r"https?://[^/]+(/call/\S+)", said))
    stranger = journey.browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    journey.people["a phone of the team"] = stranger
    journey.go(stranger, link)
    looks_right(stranger)
    stranger.get_by_role("button", name="We have it").tap()
    expect(stranger.locator("main")).to_contain_text("acknowledged at")
    expect(panel(mia, "teams")).not_to_contain_text("no answer yet")  # by itself
    (used,) = journey.portal.sql(
        "SELECT engagement.profile_id = newest.id FROM incidents_engagement engagement, teams_engagementprofile newest"
        " WHERE newest.team_id = engagement.team_id ORDER BY newest.version DESC LIMIT 1"
    )
    assert used == (True,)
