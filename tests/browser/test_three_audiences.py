"""One update for three audiences, on the whole portal: written and mended without a mouse, read on a phone, sent in
time; the room counts what leaves, and each audience gets its own words.
"""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser import keys, portal
from tests.browser.journey import (
    LATE,
    PHONE,
    Journey,
    declared,
    link_of,
    on_a_phone,
    panel,
)
from tests.browser.looks import AXE
from tests.browser.portal import Portal, text_of, wait_for

THREE = ("service_desk", "end_users", "executives")
ADDRESSES = {
    "service_desk": "service-desk@halden.example",
    "end_users": "all-stores@halden.example",
    "executives": "executive-office@halden.example",
}
SUBJECT = "staff cannot submit timesheets"
FIRST = (
    "About 1,200 staff in Dublin and Edinburgh cannot submit timesheets in Payroll. The database team is looking at it."
)
DESK = (
    "About 1,200 staff in Dublin and Edinburgh still cannot submit timesheets in Payroll. London is not affected."
    " Tell callers to use the paper form, and log each call against the incident. The database team restarts the"
    " database."
)
# As they are typed, and as they have to leave.
READERS_TYPED = (
    "Staff in Dublin and Edinburgh still cannot submit timesheets in Payroll. We are restarting the database. Please"
    " use the paper form; you will recieve your pay as usual. Call the service desk if you need help."
)
READERS = READERS_TYPED.replace("recieve", "receive")
EXECUTIVES_TYPED = (
    "About 1,200 staff in Dublin and London cannot submit timesheets in Payroll. Pay runs on Friday are not at risk"
    " while paper forms are typed in. The database is being restarted. No decision is needed from you."
)
EXECUTIVES = EXECUTIVES_TYPED.replace("London", "Edinburgh")
MANY = 400  # more staff than one chunk of deliveries
# Every value that the bar of this update had in this window, as the page showed it.
COUNTED = """() => {
  window.counted = [];
  const look = () => {
    const line = [...document.querySelectorAll("[data-panel=updates] li")].find((one) => one.innerText.includes("#2"));
    const bar = line?.querySelector("progress");
    if (bar && window.counted.at(-1) !== bar.value) window.counted.push(bar.value);
  };
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true});
  look();
}"""


@pytest.fixture
def running(language_tool: str) -> Iterator[Portal]:
    with portal.running(WATCH_MINUTES_P1="0", LANGUAGETOOL_URL=language_tool) as started:
        yield started


@pytest.fixture
def journey(running: Portal, browser: Browser) -> Iterator[Journey]:
    """An incident of which the desk said how many and where, and of which everybody was told first words."""
    facts = {"affected_count": "about 1,200", "where": "Dublin and Edinburgh; not affected: London"}
    with declared(running, browser, **facts) as made:
        page = made.as_("mia")
        keys.without_mouse(page)
        begin(made, page, "initial")
        keys.write(page, "subject", SUBJECT)
        keys.write(page, "body", FIRST)
        keys.command(page, "Send")
        page.wait_for_url(f"**{made.room}")
        yield made


def begin(journey: Journey, page: Page, kind: str) -> None:
    """From the room to the composer for the three, by keys."""
    journey.go(page, journey.room)
    page.keyboard.press("u")
    page.wait_for_url("**/updates/new/**")
    keys.choose(page, "kind", kind)
    for _ in range(page.locator("input[name=audiences]").count()):
        keys.reach(page, "input[name=audiences]")
        is_meant = page.evaluate(f"{list(THREE)}.includes({keys.FOCUSED}.value)")
        if page.evaluate(f"{keys.FOCUSED}.checked") != is_meant:
            page.keyboard.press("Space")
    keys.press(page, "Write it")
    page.wait_for_url(re.compile(r"/updates/\d+/"))


def write(page: Page) -> None:
    """The desk's words as the core text, and words of their own for the other two."""
    keys.write(page, "subject", SUBJECT)
    keys.write(page, "body", DESK)
    for name, code, words in (
        ("End users", "end_users", READERS_TYPED),
        ("Executives", "executives", EXECUTIVES_TYPED),
    ):
        keys.command(page, f"Adapt for {name}")
        page.wait_for_url(f"**adapt={code}*")
        keys.write(page, f"body--{code}", words)
    expect(page.locator("#text-all .composer-column-head")).to_contain_text("Service desk")


def be_stopped(page: Page) -> None:
    """The typo and the site are marked where they stand; the text does not leave with them."""
    expect(page.locator("[data-editor-for='body--end_users'] .cm-lintRange-error")).to_have_text(["recieve"])
    expect(page.locator("[data-editor-for='body--executives'] .cm-lintRange-error")).to_have_text(["London"])
    found = page.locator(".composer-findings")
    expect(found).to_contain_text("End users: recieve")
    expect(found).to_contain_text("The record says that London is not affected.")
    page.keyboard.press("Escape")
    keys.command(page, "Send the update")
    expect(page.locator("main [role=alert]").first).to_contain_text(re.compile("Nothing was sent"))
    expect(page.locator("[name='body--end_users']")).to_have_value(READERS_TYPED)


def mend(page: Page) -> None:
    """F8 goes to what is wrong, Alt+Enter writes what is right."""
    marks = page.locator(".cm-lintRange-error")
    expect(marks).to_have_count(2)
    page.keyboard.press("F8")
    for wrong, right in (("recieve", "receive"), ("London", "Edinburgh")):
        line = page.locator(".finding-line:visible").filter(has_text=f"Alt+Enter writes “{right}”")
        while page.evaluate("getSelection().toString()") != wrong:
            page.keyboard.press("F8")
        expect(line).to_be_visible()
        page.keyboard.press("Alt+Enter")
    expect(marks).to_have_count(0)
    expect(page.locator("[name='body--end_users']")).to_have_value(READERS)
    expect(page.locator("[name='body--executives']")).to_have_value(EXECUTIVES)
    page.keyboard.press("Escape")
    keys.command(page, "Check the text")
    expect(page.locator(".composer-findings")).to_contain_text("of which 0 stop the text")


def approved_on_a_phone(journey: Journey, writer: Page) -> None:
    """Rita sees the three texts and what is new in each, and says yes with her thumb; Mia's page says so by itself."""
    keys.press(writer, "Ask a second reader")
    expect(writer.locator(".composer-send")).to_contain_text("Rita Kowalska")
    reader = on_a_phone(journey, "rita")
    journey.go(reader, link_of(journey, "Please read an update", to="rita@halden.example"))
    for name, words in (("Service desk", "log each call"), ("End users", READERS[-60:]), ("Executives", EXECUTIVES)):
        expect(reader.locator("#text")).to_contain_text(f"For: {name}")
        expect(reader.locator("#text")).to_contain_text(words)
    expect(reader.locator("#new ins").first).to_be_visible()
    expect(reader.locator("#facts")).to_contain_text("Dublin and Edinburgh")
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    reader.evaluate(AXE_SCRIPT)
    assert reader.evaluate(AXE, None) == []
    reader.get_by_role("button", name="Approve this text").tap()
    expect(reader.locator("main")).to_contain_text("You approved it")
    expect(writer.locator(".composer-send")).to_contain_text("Approved by Rita Kowalska")


def counted(journey: Journey, room: Page, writer: Page) -> None:
    """It leaves; the window of the room that nobody touches counts up to everybody."""
    room.evaluate(COUNTED)
    keys.press(writer, "Send to")
    writer.wait_for_url(f"**{journey.room}*")  # with the place on the page from which it was sent
    line = panel(room, "updates").locator("li").filter(has_text="#2")
    expect(line.locator("progress")).to_have_js_property("position", 1, timeout=60_000)
    seen = room.evaluate("window.counted")
    assert seen == sorted(seen), seen
    assert seen[0] < MANY < seen[-1], seen  # seen on its way, not only at its end; an idle machine needs one look
    expect(room.locator("body")).to_have_attribute("data-seen", "before")


def in_time(journey: Journey, room: Page) -> None:
    """What was promised to the three was kept before its time, and the next promise stands."""
    kept = journey.portal.sql(
        "SELECT audience.code, bool_and(deadline.kept_at <= deadline.due_at) FROM comms_updatedeadline deadline"
        " JOIN comms_audience audience ON audience.id = deadline.audience_id"
        " JOIN comms_update up ON up.id = deadline.kept_by_id JOIN incidents_incident i ON i.id = up.incident_id"
        " WHERE i.reference = %s AND up.sequence = 2 GROUP BY audience.code",
        journey.reference,
    )
    assert dict(kept) == dict.fromkeys(THREE, True)
    expect(panel(room, "next")).not_to_contain_text(LATE)


def each_its_own(journey: Journey) -> None:
    """The mails: everybody's own words, and nobody's else."""
    own = {"service_desk": DESK, "end_users": READERS, "executives": EXECUTIVES}
    for code, address in ADDRESSES.items():
        mail = text_of(journey.portal.mail(journey.reference, "[UPDATE 2]", to=address))
        assert own[code] in mail
        assert not [other for other in THREE if other != code and own[other] in mail]
    wait_for(lambda: len(journey.portal.mails("[UPDATE 2]", to="staff-")) > MANY, "everybody has a mail", 60)
    assert all(READERS in text_of(mail) for mail in journey.portal.mails("[UPDATE 2]", to="staff-"))


def test_three_audiences_each_in_its_own_words(journey: Journey) -> None:
    journey.portal.sql(
        "INSERT INTO comms_recipient (audience_id, channel, address, is_active)"
        " SELECT id, 'email', 'staff-' || number || '@halden.example', true"
        " FROM comms_audience, generate_series(1, %s) number WHERE code = 'end_users'",
        MANY,
    )
    writer, room = journey.as_("mia"), journey.watch("mia")
    begin(journey, writer, "update")
    write(writer)
    be_stopped(writer)
    mend(writer)
    approved_on_a_phone(journey, writer)
    counted(journey, room, writer)
    in_time(journey, room)
    each_its_own(journey)
    assert keys.pointed(writer) == 0
