"""A manager without a mouse: accept, room, handover, restore, close, on the whole portal."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser import keys, portal
from tests.browser.journey import EVERYBODY, Journey, fill, panel


def raised(journey: Journey, cannot_do: str) -> str:
    """The address of a candidate that the desk has raised."""
    desk = journey.as_("desmond")
    journey.go(desk, "/raise/")
    fill(desk, service="payroll", cannot_do=cannot_do, contact="Dublin desk, ext. 4410")
    desk.locator("[name=contact]").press("Enter")
    desk.wait_for_url("**/candidates/*/")
    return desk.url.removeprefix(journey.portal.base)


def accept_and_hand_over(journey: Journey, mia: Page) -> None:
    """From the candidate into the room, a note there, and the offer to Omar."""
    keys.choose(mia, "impact", "1")
    keys.choose(mia, "urgency", "1")
    keys.pick(mia, "manager", "mia")
    keys.press(mia, "Accept and declare")
    mia.wait_for_url("**/incidents/MI-*/")
    journey.reference = mia.url.rstrip("/").rpartition("/")[2]
    mia.keyboard.press("?")
    expect(mia.locator("#shortcuts-list kbd").filter(has_text=re.compile("^[uinesht]$"))).to_have_count(7)
    mia.keyboard.press("Escape")
    mia.keyboard.press("n")
    mia.keyboard.type("Both sites called.")
    mia.keyboard.press("Enter")
    expect(mia.locator("#timeline-live")).to_contain_text("Both sites called.")
    expect(mia.locator("#id_text")).to_be_focused()  # the next note can follow at once
    mia.keyboard.press("Tab")
    keys.command(mia, "hand over")
    mia.wait_for_url("**/handover/")
    keys.pick(mia, "to", "omar")
    keys.press(mia, "Offer")
    mia.wait_for_url(f"**{journey.room}")


def take_it(journey: Journey, omar: Page) -> None:
    journey.go(omar, journey.room)
    keys.command(omar, "accept the handover")
    omar.wait_for_url("**/handover/accept/")
    keys.write(omar, "restatement", "First word to everybody, then the database team, then the count.")
    keys.press(omar, "Accept")
    omar.wait_for_url("**/command/")
    keys.reach(omar, "a", "Back to the room")
    omar.keyboard.press("Enter")
    omar.wait_for_url(f"**{journey.room}")
    expect(panel(omar, "header")).to_contain_text("Omar Haddad")


def restored(journey: Journey, omar: Page, reader: Page) -> None:
    """The state, the message to everybody with a second reader, and resolved."""
    omar.keyboard.press("s")
    omar.wait_for_url("**/state/")
    keys.choose(omar, "to", "monitoring")
    keys.pick(omar, "confirmed_by", "desk")
    keys.write(omar, "reason", "Three people saw theirs.")
    keys.press(omar, "Save")
    omar.wait_for_url(f"**{journey.room}")
    omar.keyboard.press("u")
    omar.wait_for_url("**/updates/new/**")
    keys.choose(omar, "kind", "restored")
    for _ in EVERYBODY:
        keys.reach(omar, "input[name=audiences]")
        if not omar.evaluate("document.activeElement.checked"):
            omar.keyboard.press("Space")
    keys.press(omar, "Write it")
    omar.wait_for_url("**/updates/*/")
    keys.write(omar, "subject", "staff can see their payslips again")
    keys.write(
        omar,
        "body",
        "Staff can see their payslips in Payroll again. The service desk confirmed it with three of"
        " them. Nobody has to do anything. We keep watching it.",
    )
    keys.command(omar, "check the text")
    expect(omar.get_by_role("button", name="Ask a second reader")).to_be_visible()
    expect(omar.locator(".composer-findings")).to_contain_text("of which 0 stop the text")
    keys.press(omar, "Ask a second reader")
    expect(omar.locator("main")).to_contain_text("second reader")
    journey.go(reader, omar.url.removeprefix(journey.portal.base))
    keys.command(reader, "approve as second reader")
    expect(reader.locator(".composer-send")).to_contain_text("Approved by Carla Benedetti")
    omar.reload()
    keys.command(omar, "send the update")
    omar.wait_for_url(f"**{journey.room}")
    omar.keyboard.press("s")
    omar.wait_for_url("**/state/")
    keys.choose(omar, "to", "resolved")
    keys.press(omar, "Save")
    omar.wait_for_url(f"**{journey.room}")


def close_it(journey: Journey, omar: Page, reader: Page) -> None:
    keys.command(omar, "times")
    omar.wait_for_url("**/times/")
    keys.write(omar, "reason", "Nobody wrote it down.")
    keys.press(omar, "Record all of these as not known")
    expect(omar.locator("#missing")).to_have_count(0)
    journey.go(omar, journey.room)
    keys.command(omar, "close the record")
    omar.wait_for_url("**/closing/")
    keys.answer_all(omar, "PRB0004711")
    journey.go(reader, f"{journey.room}closing/")
    keys.pick(reader, "second_person", "done")
    keys.press(reader, "Save the answers")
    expect(reader.locator("main")).to_contain_text("Nothing is open.")
    journey.go(omar, f"{journey.room}closing/")
    keys.command(omar, "save and close")
    omar.wait_for_url(f"**{journey.room}")
    expect(panel(omar, "header")).to_contain_text("Closed")


def test_a_manager_needs_no_mouse(browser: Browser, language_tool: str) -> None:
    """On every page and in every form; neither the second reader nor the second person of the closing touches one."""
    with portal.running(WATCH_MINUTES_P1="0", LANGUAGETOOL_URL=language_tool) as running:
        run(Journey(running, browser))


def run(journey: Journey) -> None:
    candidate = raised(journey, "staff cannot see their payslips")
    mia, omar, carla, petra = (journey.as_(name) for name in ("mia", "omar", "carla", "petra"))
    for page in (mia, omar, carla, petra):
        keys.without_mouse(page)
    journey.go(mia, candidate)
    accept_and_hand_over(journey, mia)
    take_it(journey, omar)
    restored(journey, omar, carla)
    close_it(journey, omar, petra)
    assert [keys.pointed(page) for page in (mia, omar, carla, petra)] == [0, 0, 0, 0]
    for each in journey.people.values():
        each.context.close()
