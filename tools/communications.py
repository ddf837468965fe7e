"""The pages of communications by name, each with who looks and the steps that bring it into sight."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import urljoin

from playwright.sync_api import Page

Steps = Callable[[Page], object]
SUBJECT = "staff cannot submit timesheets"
BODY = (
    "Store staff in Ireland and Scotland still cannot submit timesheets in Payroll. England is not affected. We are"
    " taking back the release of this morning. Please use the paper form. You do not need to call the service desk."
)
WRONG = "Abuot 3,400 store staff in Wales cannot submit timesheets. The server payroll-db-01 is to blame."
FILE = b"address,service,site\nstaff-cork@halden.example,payroll,dublin\nnot an address,,\n"
ASK = "Ask a second reader"
READERS = ("End users", "Executives", "Public")


class Named(NamedTuple):
    """Who looks, where the way begins, and what is pressed and typed from there."""

    who: str
    address: str
    steps: Steps = lambda page: None


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def sends_empty(page: Page) -> None:
    """The form with its fields emptied, as somebody sends it in a hurry: the answer is 422."""
    form = page.locator("main form[method=post].form").last
    for field in form.locator("input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea").all():
        if field.is_visible():
            field.fill("")
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def webhook(page: Page) -> None:
    """A new signed webhook: its secret is shown this once."""
    digits = re.sub(r"\D", "", str(page.evaluate("performance.timeOrigin")))[:14]
    page.fill("[name=name]", "Operations centre")
    if page.locator("[name=code]").count():
        page.fill("[name=code]", f"ops-{digits}")
    page.fill("[name=url], [name=address]", "https://127.0.0.1:9/hook")
    press(page, "Add")


def tested(page: Page) -> None:
    """A test that the other end does not take."""
    page.locator("main a[href*='/settings/channels/ops-']").first.click()
    page.wait_for_load_state()
    press(page, "Send a test")


def room(page: Page) -> str:
    """The address of the incident that runs."""
    link = page.locator("main a[href^='/incidents/MI-']").first.get_attribute("href") or "/"
    return urljoin(page.url, re.sub(r"(?<=\d/).*", "", link))


def in_room(then: str = "", steps: Steps = lambda page: None) -> Steps:
    """From the board to the incident that runs, and on to this page of it."""

    def go(page: Page) -> None:
        page.goto(room(page) + then)
        steps(page)

    return go


def write(page: Page, body: str = BODY, readers: Iterable[str] = READERS) -> None:
    page.get_by_label("Update", exact=True).check()
    for box in page.locator("main").get_by_role("checkbox").all():
        box.uncheck()
    for name in readers:
        page.get_by_label(name, exact=True).check()
    press(page, "Write it")
    for name, value in (("subject", SUBJECT), ("body", body)):
        page.locator(f"[name='{name}']:visible, [data-editor='{name}']").fill(value)
    page.locator("[data-target=id_next_update_at]").nth(1).click()


def stopped(page: Page) -> None:
    write(page, WRONG)
    press(page, "Check")


def adapted(page: Page) -> None:
    write(page)
    for name in READERS[1:]:
        press(page, f"Adapt for {name}")


def asked(page: Page) -> None:
    """Close to a promised time, or behind one, nobody is asked: then a holding update keeps it first."""
    write_checked(page)
    if not page.get_by_role("button", name=ASK).count():
        page.goto(room(page) + "updates/new/")
        press(page, "No change: prepare a holding update")
        press(page, "Send to")
        page.goto(room(page) + "updates/new/")
        write_checked(page)
    press(page, ASK)


def write_checked(page: Page) -> None:
    write(page)
    press(page, "Check")


def scheduled(page: Page) -> None:
    """To readers whom a text may reach without a second reader, so that it may be sent later whatever the time is."""
    write(page, readers=("Service desk",))
    press(page, "Check")
    page.locator("#schedule summary").click()


def template_fault(page: Page) -> None:
    page.locator("main textarea[name=body]").fill("{{ doing }}\n\n{% if where %}In {{ where }}\n")
    press(page, "Show the preview")


def imported(page: Page) -> None:
    page.set_input_files("main [type=file]", {"name": "stores.csv", "mimeType": "text/csv", "buffer": FILE})
    press(page, "Show what it would do")


def sent(then: str = "", button: str = "") -> Steps:
    """The page of the update that was sent first, what belongs to it, and the button pressed there."""

    def go(page: Page) -> None:
        link = page.locator("[data-panel=updates] a[href*='/deliveries/']").last.get_attribute("href") or "/"
        page.goto(urljoin(page.url, link.partition("deliveries/")[0] + then))
        if button:
            press(page, button)

    return go


END_USERS = "/settings/audiences/end_users/"
PAGES = {
    "channels": Named("ada", "/settings/channels/"),
    "channel-kinds": Named("ada", "/settings/channels/+new/"),
    "channel-new": Named("ada", "/settings/channels/+new/?kind=webhook"),
    "channel-error": Named("ada", "/settings/channels/+new/?kind=webhook", sends_empty),
    "channel-secret": Named("ada", "/settings/channels/+new/?kind=webhook", webhook),
    "channel-tested": Named("ada", "/settings/channels/", tested),
    "suppressions": Named("ada", "/settings/suppressions/"),
    "language": Named("ada", "/settings/language/"),
    "notices": Named("mia", "/settings/me/notices/"),
    "audiences": Named("ada", "/settings/audiences/"),
    "audience-error": Named("ada", "/settings/audiences/+new/", sends_empty),
    "audience": Named("ada", f"{END_USERS}?service=payroll&site=dublin"),
    "recipient-error": Named("ada", f"{END_USERS}recipients/+new/", sends_empty),
    "recipients-import": Named("ada", f"{END_USERS}recipients/import/", imported),
    "rotas": Named("ada", "/settings/rotas/"),
    "rota": Named("ada", "/settings/rotas/1/"),
    "cadence": Named("ada", "/settings/cadence/"),
    "approval": Named("ada", "/settings/approval/"),
    "replies": Named("ada", "/settings/replies/"),
    "templates": Named("ada", "/settings/templates/"),
    "template": Named("ada", "/settings/templates/update/end_users/"),
    "template-error": Named("ada", "/settings/templates/update/end_users/", template_fault),
    "glossary": Named("ada", "/settings/glossary/"),
    "updates": Named("mia", "/updates/"),
    "promises": Named("mia", "/", in_room("promises/")),
    "update-new": Named("mia", "/", in_room("updates/new/")),
    "composer": Named("mia", "/", in_room("updates/new/", write)),
    "composer-stopped": Named("mia", "/", in_room("updates/new/", stopped)),
    "composer-adapted": Named("mia", "/", in_room("updates/new/", adapted)),
    "composer-asked": Named("mia", "/", in_room("updates/new/", asked)),
    "composer-scheduled": Named("mia", "/", in_room("updates/new/", scheduled)),
    "reader": Named("rita", "/updates/", lambda page: page.locator("#waiting a", has_text="Read it").first.click()),
    "update-sent": Named("mia", "/", in_room("", sent())),
    "deliveries": Named("mia", "/", in_room("", sent("deliveries/"))),
    "correction": Named("mia", "/", in_room("", sent(button="Correct it"))),
}
