"""Readers of updates in the browser, on the whole portal: a phone approves, a promise climbs the ladder, a correction
reaches exactly those who got the wrong words.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser import portal
from tests.browser.journey import (
    LATE,
    PHONE,
    SEND,
    THUMB,
    Journey,
    begin_update,
    check,
    declared,
    fill,
    follow,
    in_minutes,
    link_of,
    on_a_phone,
    panel,
    press,
    status_page,
    status_says,
)
from tests.browser.looks import AXE
from tests.browser.portal import Portal, text_of, wait_for

FIRST = (
    "About 1,200 staff in Dublin and Edinburgh cannot submit timesheets in Payroll since 09:10 (UTC+0). The database"
    " team is looking at it. Please use the paper form. Call the service desk if you need help."
)
LATER = (
    "About 1,200 staff in Dublin and Edinburgh still cannot submit timesheets in Payroll. The database team is"
    " restarting the database. Please use the paper form. Call the service desk if you need help."
)


@pytest.fixture
def running(language_tool: str) -> Iterator[Portal]:
    """One portal a journey: each is long, and a house that stands for four minutes is taken for one that hangs."""
    with portal.running(WATCH_MINUTES_P1="0", LANGUAGETOOL_URL=language_tool) as started:
        yield started


@pytest.fixture
def journey(running: Portal, browser: Browser) -> Iterator[Journey]:
    """A declared incident that Mia manages, of which everybody was told first words."""
    with declared(running, browser) as made:
        send(made, made.as_("mia"), "Initial", FIRST)
        yield made


def send(journey: Journey, page: Page, kind: str, body: str) -> None:
    begin_update(page, journey, kind, audiences=("End users", "Public"))
    fill(page, subject="staff cannot submit timesheets", body=body)
    page.get_by_role("button", name=SEND).first.click()
    page.wait_for_url(f"**{journey.room}")


def delivered(journey: Journey, sequence: int) -> set[str]:
    """The addresses that this update's messages went to."""
    rows = journey.portal.sql(
        "SELECT address FROM comms_delivery delivery JOIN comms_message message ON message.id = delivery.message_id"
        " JOIN comms_update up ON up.id = message.update_id JOIN incidents_incident i ON i.id = up.incident_id"
        " WHERE i.reference = %s AND up.sequence = %s",
        journey.reference,
        sequence,
    )
    return {address for (address,) in rows}


def test_a_second_reader_answers_on_a_phone_and_a_correction_reaches_the_same_people(journey: Journey) -> None:
    writer = journey.as_("mia")
    begin_update(writer, journey, "Update", audiences=("End users", "Public"))
    fill(writer, subject="staff cannot submit timesheets", body=LATER, next_update_at=in_minutes(25))
    check(writer)
    press(writer, "Ask a second reader")
    expect(writer.locator(".composer-send")).to_contain_text("Rita Kowalska")
    expect(writer.locator(".composer-send [data-due]")).to_be_visible()  # the time left counts down
    reader = on_a_phone(journey, "rita")
    journey.go(reader, link_of(journey, "Please read an update", to="rita@halden.example"))
    expect(reader.locator("#new")).to_contain_text("added:")
    expect(reader.locator("#new ins").first).to_be_visible()
    expect(reader.locator("#facts")).to_contain_text("submit timesheets")
    width = reader.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"the page is {width} pixels wide"
    reader.evaluate(AXE_SCRIPT)
    assert reader.evaluate(AXE, None) == []
    approve = reader.get_by_role("button", name="Approve this text")
    box = approve.bounding_box()
    assert box is not None
    assert box["height"] >= THUMB - 0.5
    assert box["y"] > PHONE["height"] / 2  # within reach of the thumb, without scrolling
    approve.tap()
    expect(reader.locator("main")).to_contain_text("You approved it")
    expect(writer.locator(".composer-send")).to_contain_text("Approved by Rita Kowalska")  # by itself
    writer.get_by_role("button", name=SEND).first.click()
    writer.wait_for_url(f"**{journey.room}")
    wrong = delivered(journey, 2)
    assert "all-stores@halden.example" in wrong
    journey.portal.sql(
        "INSERT INTO comms_recipient (audience_id, channel, address, is_active)"
        " SELECT id, 'email', 'joined-later@halden.example', true FROM comms_audience WHERE code = 'end_users'"
    )
    journey.portal.sql("UPDATE comms_recipient SET is_active = false WHERE address = 'all-stores@halden.example'")
    correct_it(journey, writer)
    assert delivered(journey, 3) == wrong
    mail = text_of(journey.portal.mail(journey.reference, "CORRECTION", to="all-stores@halden.example"))
    assert "we wrote: " in mail
    assert "Right is: about 300 staff in Dublin" in mail
    stands = "corrected by a later update"  # among all updates, with what it said
    wait_for(lambda: stands in (status_page(journey).text_content() or ""), "both stand on the status page")
    assert "1,200 staff in Dublin and Edinburgh still" in (status_page(journey).text_content() or "")
    status_says(journey, "Right is: about 300 staff in Dublin")
    journey.portal.sql("UPDATE comms_recipient SET is_active = true WHERE address = 'all-stores@halden.example'")


def correct_it(journey: Journey, page: Page) -> None:
    """From the sent update: what we said stands there, what is right is filled in, a reader approves, it leaves."""
    follow(page, "Update", within=panel(page, "updates"))
    press(page, "Correct it")
    body = page.locator("main [name=body]")
    expect(body).to_have_value(re.compile("we wrote: .*That was wrong", re.DOTALL))
    check(page)
    expect(page.locator(".composer-findings")).to_contain_text("is still to be filled in")
    text = body.input_value()
    for gap, words in (
        ("[fill in what is right]", "about 300 staff in Dublin cannot submit timesheets"),
        ("[fill in the time and its zone]", f"{datetime.now(UTC):%H:%M} (UTC+0)"),
        ("[Fill in what readers do now]", "If you work in Edinburgh, please use Payroll again. Call the service desk if"
         " you need help."),
    ):  # fmt: skip
        assert gap in text
        text = text.replace(gap, words)
    fill(page, body=text, next_update_at=in_minutes(25))
    check(page)
    press(page, "Ask a second reader")
    reader = journey.as_("carla")
    journey.go(reader, "/updates/")
    follow(reader, "Read it", within=reader.locator("#waiting li").filter(has_text=journey.reference))
    expect(reader.locator("#new")).to_contain_text("which it corrects")
    press(reader, "Approve this text")
    expect(reader.locator("main")).to_contain_text("You approved it")
    page.reload()
    page.get_by_role("button", name=SEND).first.click()
    page.wait_for_url(f"**{journey.room}")


def pass_promises(journey: Journey, *, seconds: int) -> None:
    """Time passes: the open promises of the incident were due so many seconds ago."""
    journey.portal.sql(
        "UPDATE comms_updatedeadline deadline SET opened_at = least(opened_at, now() - interval '30 minutes'),"
        " due_at = now() - %s * interval '1 second', next_action_at = now() FROM incidents_incident incident"
        " WHERE incident.id = deadline.incident_id AND reference = %s AND kept_at IS NULL AND ended_at IS NULL",
        seconds,
        journey.reference,
    )


def test_a_missed_promise_climbs_the_ladder_and_one_click_ends_it(journey: Journey) -> None:
    """Overdue in the room, then the deputy, then the practice lead, each once; the neutral word ends it, late."""
    room = journey.watch("mia")
    late = "Late: update promised for"
    for seconds, words, to in (
        (3, None, "mia@halden.example"),
        (125, "Deputy told", "dan@halden.example"),
        (310, "Practice lead told", "petra@halden.example"),
    ):
        pass_promises(journey, seconds=seconds)
        expect(panel(room, "next")).to_contain_text(words or LATE)
        wait_for(lambda to=to: journey.portal.mails(late, journey.reference, to=to), f"{to} hears")  # type: ignore[misc]
    expect(room.locator("body")).to_have_attribute("data-seen", "before")
    for to in ("mia@halden.example", "dan@halden.example", "petra@halden.example"):
        assert len(journey.portal.mails(late, journey.reference, to=to)) == 1
    page = journey.in_room("mia")
    press(page, "No change…")
    page.wait_for_url("**/updates/*/")
    page.get_by_role("button", name=SEND).first.click()
    page.wait_for_url(f"**{journey.room}")
    expect(panel(page, "next")).not_to_contain_text(LATE)
    expect(panel(room, "next")).not_to_contain_text(LATE)


def test_marked_words_wait_for_legal_and_a_time_is_kept(journey: Journey) -> None:
    """Personal data: no timer opens the gate, Leo lets it out on a phone, and the text leaves at its time by itself."""
    page = journey.as_("mia")
    journey.go(page, f"{journey.room}details/")
    page.get_by_label("Personal data").check()
    press(page, "Save")
    begin_update(page, journey, "Update", audiences=("End users",))
    fill(page, subject="staff cannot submit timesheets", body=LATER, next_update_at=in_minutes(28))
    check(page)
    press(page, "Ask legal and security")
    expect(page.locator(".composer-send")).to_contain_text("Waiting for legal and security.")
    lawyer = on_a_phone(journey, "leo")
    journey.go(lawyer, link_of(journey, "Please clear an update", to="leo@halden.example"))
    lawyer.get_by_role("button", name="Approve this text").tap()
    expect(lawyer.locator("main")).to_contain_text("Let out by Leo Baptiste")
    page.reload()
    page.locator("#schedule summary").click()
    fill(page, publish_at=in_minutes(5))
    press(page, "Let it leave then")
    expect(page.locator(".composer-send")).to_contain_text("as Mia Torres decided")
    journey.portal.sql("UPDATE comms_update SET publish_at = now() WHERE publish_at IS NOT NULL")
    room = journey.in_room("mia")
    expect(panel(room, "updates")).to_contain_text("#2")
    expect(panel(room, "timeline")).to_contain_text("was approved to leave at")
