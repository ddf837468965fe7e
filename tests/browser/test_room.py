"""The room in the browser, on the whole portal: two editors, a phone, how soon others see it, processes that die."""

import os
import re
import signal
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser import portal
from tests.browser.journey import PATIENCE, PHONE, THUMB, Journey, declared, fill, panel, press
from tests.browser.looks import AXE
from tests.browser.portal import Portal

LIVE, POLLING, STALE = ("live", "polling", "stale")


@pytest.fixture(scope="module")
def running(language_tool: str) -> Iterator[Portal]:
    with portal.running(WATCH_MINUTES_P1="0", LANGUAGETOOL_URL=language_tool) as started:
        yield started


@pytest.fixture
def journey(running: Portal, browser: Browser) -> Iterator[Journey]:
    """A declared incident that Mia manages."""
    with declared(running, browser) as made:
        yield made


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody from using the page, in both themes."""
    page.evaluate(AXE_SCRIPT)
    found = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {one}" for one in page.evaluate(AXE, None)]
    page.emulate_media(color_scheme="light")
    return found


def says(page: Page, state: str) -> None:
    expect(page.locator("[data-live-state]")).to_have_attribute("data-live-state", state, timeout=60_000)


# --- two editors -----------------------------------------------------------------------------------------------------


def test_two_managers_revise_the_same_impact_and_neither_loses_a_word(journey: Journey) -> None:
    mia, omar = journey.as_("mia"), journey.as_("omar")
    impact = f"{journey.room}impact/"
    journey.go(mia, impact)
    journey.go(omar, impact)
    preview = mia.locator("#impact-preview")
    mia.fill("[name=count]", "about 900")
    mia.fill("[name=workaround]", "the paper form works")
    expect(preview).to_contain_text("About 900")  # as typed, before anything is sent
    mia.fill("[name=consequence]", "wages are late due to the release")
    expect(preview.locator("[data-code=cause_as_impact]")).to_be_visible()
    mia.fill("[name=consequence]", "wages are late")
    expect(preview.locator("[data-code=cause_as_impact]")).to_have_count(0)
    mia.locator("[data-fill=id_where]").click()
    expect(mia.locator("[name=where]")).to_have_value(re.compile("^not yet known, being checked, by "))
    omar.fill("[name=count]", "1,500")
    omar.fill("[name=who]", "store staff")
    omar.locator("[name=revision_reason][value=new_information]").check()
    press(omar, "Save as a new version", within=omar.locator(".form-actions"))
    omar.wait_for_url(f"**{journey.room}")
    mia.reload()  # what was typed comes back with the version that it rests on
    expect(mia.locator("[name=count]")).to_have_value("about 900")
    mia.locator("[name=revision_reason][value=new_information]").check()
    press(mia, "Save as a new version", within=mia.locator(".form-actions"))
    expect(mia.locator("h1")).to_have_text("Two of you revised the impact")
    fact = mia.locator("#fact-count")
    expect(fact).to_contain_text("Keep mine: about 900")
    expect(fact).to_contain_text("Take theirs: 1,500")
    expect(mia.locator("main")).to_contain_text("Only they changed it, so theirs stands: store staff")
    assert serious(mia) == []
    fact.get_by_role("radio", name=re.compile("^Take theirs")).check()
    press(mia, "Save as version 3")
    mia.wait_for_url(f"**{journey.room}")
    expect(panel(mia, "impact")).to_contain_text("1,500 store staff")
    expect(panel(mia, "impact")).to_contain_text("The paper form works.")
    journey.go(mia, impact)
    expect(mia.locator(".autosave-restored")).to_have_count(0)  # the draft is done
    journey.go(mia, f"{impact}versions/")
    expect(mia.locator("#version-3 ins").first).to_be_visible()
    assert serious(mia) == []


# --- a phone ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(journey: Journey) -> Iterator[Page]:
    """Mia's room on a phone: a touch screen of 375 by 812 pixels."""
    state = journey.as_("mia").context.storage_state()
    context = journey.browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, storage_state=state)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    journey.go(page, journey.room)
    says(page, LIVE)
    yield page
    context.close()


# How much of what was in sight has moved by itself since the page began; 0.1 is what people still call steady.
SHIFTED = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().reduce((sum, one) => sum + (one.hadRecentInput ? 0 : one.value), 0)),
).observe({type: "layout-shift", buffered: true}) ?? setTimeout(() => done(0), 500))"""


def tap(page: Page, role: str, name: str) -> None:
    """One tap on something that a thumb can hit, where it is seen without scrolling past it."""
    target = page.locator("main").get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    box = target.bounding_box()
    assert box is not None, f"{name} is not on the screen"
    assert box["height"] >= THUMB - 0.5, f"{name} is {box['height']} px high"
    assert box["width"] >= THUMB - 0.5, f"{name} is {box['width']} px wide"
    target.tap()


def test_one_thumb_runs_the_incident(journey: Journey, phone: Page) -> None:
    """Next deadline without a tap; a note, a holding update, a team and a handover within two from the room."""
    clock = phone.locator("#next [data-due]")
    expect(clock).to_be_in_viewport()
    bar = phone.locator(".room-bar")
    phone.mouse.wheel(0, 3000)
    for words in (journey.reference, "P1", "Declared", "Mia Torres"):
        expect(bar).to_contain_text(words)
    expect(bar).to_be_in_viewport()
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < 64, "the head takes two lines"
    expect(clock).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert serious(phone) == []
    assert phone.evaluate(SHIFTED) < 0.1, "what was read moved away while the page was built"
    # a note
    tap(phone, "link", "Note")
    expect(phone.locator("#id_text")).to_be_focused()
    phone.keyboard.type("Called the payroll lead.")
    phone.keyboard.press("Enter")
    expect(phone.locator("#timeline-live")).to_contain_text("Called the payroll lead.")
    expect(phone.locator("#id_text")).to_have_value("")
    # a holding update
    tap(phone, "button", "No change…")
    phone.wait_for_url("**/updates/*/")
    send = phone.get_by_role("button", name=re.compile("^Send (now )?to ")).first
    send.tap()
    phone.wait_for_url(f"**{journey.room}")
    expect(phone.locator("#next")).to_contain_text("Kept on time so far")
    # a team
    tap(phone, "link", "Engage a team now")
    fill(phone, team="database")
    phone.get_by_role("button", name="Ask for help now").tap()
    phone.wait_for_url(f"**{journey.room}#teams")
    expect(phone.locator("#teams")).to_contain_text("no answer yet")
    # hand over
    tap(phone, "link", "Hand over")
    fill(phone, to="omar")
    phone.get_by_role("button", name=re.compile("^Offer")).tap()
    phone.wait_for_url(f"**{journey.room}")
    expect(phone.locator(".room-acts")).to_contain_text("handover offered to Omar Haddad")


# --- notes and people ------------------------------------------------------------------------------------------------


def test_a_colleague_is_mentioned_by_keyboard_and_hears_of_it(journey: Journey) -> None:
    page = journey.in_room("mia")
    watching = journey.watch("omar")
    expect(page.locator("#room-people")).to_contain_text("2 here")
    page.locator("#room-people summary").click()
    expect(page.locator("#room-people li")).to_have_text(["Mia Torres", "Omar Haddad"])
    page.keyboard.press("n")
    page.keyboard.type("@ros")
    expect(page.locator("#mention-list [aria-selected=true]")).to_contain_text("Rosa Marchetti")
    page.keyboard.press("Enter")
    expect(page.locator("#id_text")).to_have_value("@rosa ")
    page.keyboard.type("please look")
    page.keyboard.press("Enter")
    line = watching.locator("#timeline-live .timeline-entry").first
    expect(line).to_contain_text("@Rosa Marchetti please look")
    expect(line.locator(".mention")).to_have_text("@Rosa Marchetti")
    journey.portal.mail("mentions you", journey.reference, to="rosa@halden.example")
    watching.close()
    expect(page.locator("#room-people")).to_contain_text("1 here")


def test_what_is_shown_of_the_timeline_is_an_address_that_stays_live(journey: Journey) -> None:
    page = journey.in_room("mia")
    says(page, LIVE)
    page.select_option("#timeline-show", "notes")
    page.wait_for_url(f"**{journey.room}?show=notes#timeline")
    expect(page.locator("#timeline-live")).not_to_contain_text("Declared as P1")
    page.fill("#id_text", "One note.")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline-live")).to_contain_text("One note.")
    expect(page.locator("#timeline-live")).not_to_contain_text("Declared as P1")
    shared = journey.in_room("omar")
    shared.goto(page.url)
    expect(shared.locator("#timeline-live")).to_contain_text("One note.")
    expect(shared.locator("#timeline-live")).not_to_contain_text("Declared as P1")


# --- at once ---------------------------------------------------------------------------------------------------------

# Milliseconds since 1970 at which each of these lines was first seen in the timeline.
SEEN = """words => { window.seen = {}; new MutationObserver(() => {
  const text = document.querySelector("#timeline-live").textContent;
  for (const one of words) if (text.includes(one)) window.seen[one] ??= Date.now();
}).observe(document.querySelector("#timeline"), {childList: true, subtree: true}); }"""


def note(page: Page, words: str) -> None:
    page.fill("#id_text", words)
    page.keyboard.press("Enter")
    expect(page.locator("#id_text")).to_have_value("")


def test_what_one_writes_the_other_sees_at_once(journey: Journey, record_property: Callable[..., None]) -> None:
    """From the commit in PostgreSQL to the other browser's page; the promise is half a second on a quiet machine."""
    writer, reader = journey.in_room("omar"), journey.watch("mia")
    lines = [f"Line {number} of the log." for number in range(8)]
    reader.evaluate(SEEN, lines)
    for line in lines:
        note(writer, line)
        expect(reader.locator("#timeline-live")).to_contain_text(line)
    written = dict(
        journey.portal.sql(
            "SELECT text, extract(epoch FROM recorded_at) * 1000 FROM incidents_timelineentry WHERE text = ANY(%s)",
            lines,
        )
    )
    seen = reader.evaluate("window.seen")
    taken = sorted(float(seen[line]) - float(written[line]) for line in lines)
    record_property("milliseconds from commit to the other page", [round(one) for one in taken])
    assert statistics.median(taken) < 1_000
    assert taken[-1] < 2_000
    reader.close()


def test_a_lost_network_is_said_at_once_and_what_was_typed_stays(journey: Journey) -> None:
    page, writer = journey.watch("mia"), journey.in_room("omar")
    page.fill("#id_text", "Typed in a lift.")
    page.context.set_offline(True)
    expect(page.locator("[data-live-state]")).to_have_attribute("data-live-state", STALE)
    page.locator("#id_text").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("what you typed is still here")
    note(writer, "Written meanwhile.")
    page.context.set_offline(False)
    says(page, LIVE)
    expect(page.locator("#timeline-live")).to_contain_text("Written meanwhile.")
    expect(page.locator("#id_text")).to_have_value("Typed in a lift.")
    page.close()


def test_a_session_that_ended_is_said_and_the_note_comes_back(journey: Journey) -> None:
    page = journey.in_room("mia")
    page.fill("#id_text", "Typed before the session ended.")
    page.context.clear_cookies(name=re.compile("session"))
    page.locator("#id_text").press("Enter")
    said = page.locator("#toasts").get_by_text("You are signed out")
    expect(said).to_be_visible()
    said.get_by_role("link", name="Sign in").click()
    expect(page.locator("main")).to_contain_text("what you typed is kept in this browser")
    page.fill("#id_login", "mia")
    page.fill("#id_password", journey.portal.password)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{journey.room}")
    expect(page.locator("#id_text")).to_have_value("Typed before the session ended.")


# --- processes that die ----------------------------------------------------------------------------------------------


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """They take connections and answer nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def kill(pids: list[int]) -> None:
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_without_the_stream_it_asks_and_without_the_portal_it_says_since_when(
    running: Portal, journey: Journey
) -> None:
    """Both come back by themselves: the same page, never reloaded, shows what was written meanwhile."""
    page, writer = journey.watch("mia"), journey.in_room("omar")
    with frozen(running.processes("mim_portal.embedded")):  # whoever would start it again
        kill(running.processes("mim_portal.live"))
        says(page, POLLING)
        expect(page.locator("[data-live-state]")).to_contain_text("asking every")
        note(writer, "Written without the stream.")
        expect(page.locator("#timeline-live")).to_contain_text("Written without the stream.")
    says(page, LIVE)
    with frozen([*running.processes("mim_portal.web"), *running.processes("spawn_main")]):  # with its workers
        kill(running.processes("mim_portal.live"))
        says(page, STALE)
        expect(page.locator("[data-live-state]")).to_contain_text(re.compile(r"since \d\d:\d\d \(UTC"))
    says(page, LIVE)
    note(writer, "Written after it came back.")
    expect(page.locator("#timeline-live")).to_contain_text("Written after it came back.")
    expect(page.locator("body")).to_have_attribute("data-seen", "before")
    page.close()
