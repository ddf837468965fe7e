"""The people of a journey, each in a browser of their own, and what they do from page to page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.portal import Portal, text_of, wait_for

PATIENCE = 30_000  # milliseconds: two cores may be busy with other tests
expect.set_options(timeout=PATIENCE)
LATE = re.compile("LATE")
SEND = re.compile("^Send (now )?to ")
PHONE = ViewportSize(width=375, height=812)
THUMB = 44  # pixels that a finger needs
EVERYBODY = ("Technical teams", "Service desk", "Service owners", "End users", "Executives", "Public")


@dataclass
class Journey:
    """One incident on its way through the portal."""

    portal: Portal
    browser: Browser
    people: dict[str, Page] = field(default_factory=dict)
    candidate: str = ""
    reference: str = ""

    @property
    def room(self) -> str:
        return f"/incidents/{self.reference}/"

    def as_(self, username: str) -> Page:
        """The page of this person, who signs in through the form when first needed."""
        if username not in self.people:
            context = self.browser.new_context(viewport={"width": 1440, "height": 900})
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            self.go(page, "/account/login/")
            page.fill("#id_login", username)
            page.fill("#id_password", self.portal.password)
            page.click("main button[type=submit]")
            expect(page.locator(".topbar-person")).to_be_visible()
            self.people[username] = page
        return self.people[username]

    def go(self, page: Page, path: str) -> None:
        answer = page.goto(self.portal.base + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"

    def in_room(self, username: str) -> Page:
        page = self.as_(username)
        self.go(page, self.room)
        return page

    def watch(self, username: str) -> Page:
        """A second window of the same person, in which nobody does anything: it has to change by itself."""
        page = self.as_(username).context.new_page()
        self.go(page, self.room)
        expect(page.locator("[data-live-state]")).to_have_attribute("data-live-state", "live")
        mark(page)
        return page


def fill(page: Page | Locator, **values: str) -> None:
    """Fields by their name in the form, or the editors that stand for them."""
    for name, value in values.items():
        control = page.locator(f"[name='{name}']:visible, [data-editor='{name}']")
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def mark(page: Page) -> None:
    """A mark that a reload would wipe away."""
    page.evaluate("document.body.dataset.seen = 'before'")


def press(page: Page, name: str, within: Locator | None = None) -> None:
    """The button of this name; what follows is waited for by what it shows."""
    (within or page.locator("main")).get_by_role("button", name=name).first.click()


def check(page: Page) -> None:
    """The text is checked and the page stands anew. A click in the instant in which a page is laid out anew can fall
    between two buttons: whoever sees nothing happen presses once more.
    """
    mark(page)
    press(page, "Check")
    try:
        expect(page.locator("body")).not_to_have_attribute("data-seen", "before", timeout=10_000)
    except AssertionError:
        press(page, "Check")
        expect(page.locator("body")).not_to_have_attribute("data-seen", "before")


def follow(page: Page, name: str, within: Locator | None = None) -> None:
    """The link of this name."""
    (within or page.locator("main")).get_by_role("link", name=name).first.click()


def panel(page: Page, name: str) -> Locator:
    return page.locator(f"[data-panel={name}]")


def change_state(page: Page, journey: Journey, to: str, **values: str) -> None:
    """From the room to the form of states and back."""
    journey.go(page, journey.room)
    follow(page, "Change state")
    page.get_by_role("radio", name=to, exact=True).check()
    fill(page, **values)
    press(page, "Save")
    page.wait_for_url(f"**{journey.room}")


def close_record(journey: Journey) -> None:
    """What nobody knows of the times is said once, every line is answered, and a second person has read the record."""
    page = journey.as_("omar")
    journey.go(page, f"{journey.room}times/")
    fill(page, reason="Nobody wrote it down.")
    press(page, "Record all of these as not known")
    journey.go(page, f"{journey.room}closing/")
    for answer in page.locator("main form select").all():
        answer.select_option(index=1)
    for note in page.locator("main form [name^=note-]").all():
        note.fill("PRB0004711")
    press(page, "Save the answers")
    reader = journey.as_("petra")
    journey.go(reader, f"{journey.room}closing/")
    fill(reader, second_person="done")
    press(reader, "Save the answers")
    expect(reader.locator("main")).to_contain_text("Nothing is open.")
    journey.go(page, f"{journey.room}closing/")
    press(page, "Save and close")
    page.wait_for_url(f"**{journey.room}")


def begin_update(page: Page, journey: Journey, kind: str, audiences: tuple[str, ...] = ()) -> None:
    """From the room to the composer, for those who are due or exactly for these."""
    journey.go(page, journey.room)
    follow(page, "Write update")
    page.get_by_label(kind, exact=True).check()
    if audiences:
        for box in page.get_by_role("checkbox").all():
            box.uncheck()
        for name in audiences:
            page.get_by_label(name, exact=True).check()
    press(page, "Write it")
    page.wait_for_url("**/updates/*/")


def on_a_phone(journey: Journey, username: str) -> Page:
    """This person's browser on a touch screen of 375 by 812 pixels."""
    state = journey.as_(username).context.storage_state()
    context = journey.browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, storage_state=state)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    journey.people[f"{username} on a phone"] = page
    return page


def link_of(journey: Journey, *words: str, to: str) -> str:
    """Where the one link of this mail leads, on this portal."""
    mail = journey.portal.mail(journey.reference, *words, to=to)
    links: list[str] = re.findall(r"https?://\S+", text_of(mail))
    (link,) = links
    return "/" + link.partition("://")[2].partition("/")[2]


def in_minutes(minutes: float) -> str:
    return f"{datetime.now(UTC) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}"


def status_page(journey: Journey) -> Locator:
    """The public status page, read by somebody who is not signed in."""
    if "" not in journey.people:
        journey.people[""] = journey.browser.new_context().new_page()
    page = journey.people[""]
    journey.go(page, "/status/public/")
    return page.locator("main")


def status_says(journey: Journey, words: str) -> None:
    """Readers find these words when they load the page, a moment after they were published."""
    wait_for(lambda: words in status_page(journey).inner_text(), f"the status page says {words!r}")


@contextmanager
def declared(running: Portal, browser: Browser, **facts: str) -> Iterator[Journey]:
    """A declared incident that Mia manages, in whose room she is; everybody's windows are closed afterwards.

    `facts` are further fields of the desk's form, by their name.
    """
    made = Journey(running, browser)
    page = made.as_("mia")
    made.go(page, "/raise/")
    fill(page, service="payroll", cannot_do="staff cannot submit timesheets", contact="Dublin desk, ext. 4410", **facts)
    press(page, "Raise it now")
    page.wait_for_url("**/candidates/*/")
    page.locator("[name=impact][value='1']").check()
    page.locator("[name=urgency][value='1']").check()
    fill(page, manager="mia")
    press(page, "Accept and declare")
    page.wait_for_url("**/incidents/MI-*/")
    made.reference = page.url.rstrip("/").rpartition("/")[2]
    yield made
    for each in made.people.values():
        each.context.close()
