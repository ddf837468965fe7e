"""A desk agent raises with a dropped network: whatever happens to line, session or window, no word is lost."""

import base64
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.choices import CandidateState
from incidents.models import Attachment, Candidate, DeskReport
from incidents.services.desk import drafts
from teams.models import Person
from tests import factories
from tests.browser.journey import PATIENCE, fill, press
from tests.incidents import kit

Browsers = Callable[..., Client]
THREE = {"service": "payroll", "cannot_do": "Staff cannot submit timesheets", "contact": "Niamh Walsh, +353 1 555 0199"}
STATE = "[data-autosave-state]"
LOG: FilePayload = {"name": "log.txt", "mimeType": "text/plain", "buffer": b"E-4012 at 09:10"}
# One red dot.
PNG = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
        "0000000049454e44ae426082"
    )
).decode()
PASTE = """(data) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const clipboard = new DataTransfer();
  clipboard.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const options = { clipboardData: clipboard, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new ClipboardEvent("paste", options));
}"""


@pytest.fixture
def desk(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: Browsers
) -> Iterator[BrowserContext]:
    """Desmond's browser, signed in."""
    factories.service(slug="payroll", name="Payroll")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=live_server.url)
    context.set_default_timeout(PATIENCE)
    sign_in(context, live_server, signed_in(cast.desmond))
    yield context
    context.close()


def sign_in(context: BrowserContext, site: LiveServer, client: Client) -> None:
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site.url}])


def opened(context: BrowserContext, path: str = "/raise/") -> Page:
    page = context.new_page()
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(path)
    return page


def saved(page: Page) -> None:
    expect(page.locator(STATE)).to_contain_text(re.compile(r"Saved \d"))


def raised() -> list[Candidate]:
    return list(Candidate.objects.exclude(state=CandidateState.DRAFT))


def test_a_report_waits_for_the_network_and_goes_by_itself(desk: BrowserContext) -> None:
    page = opened(desk)
    fill(page, service="payroll", cannot_do="Staff cannot")
    saved(page)
    desk.set_offline(True)
    fill(page, **{**THREE, "where": "Dublin"})
    expect(page.locator(STATE)).to_contain_text("Kept on this device; it is saved when the connection is back")
    press(page, "Raise it now")
    expect(page.locator("[data-hold-state]")).to_contain_text("Nobody has been told yet")
    assert raised() == []
    expect(page.locator("[data-unreachable]")).to_have_count(0)  # “try again” would say something else
    desk.set_offline(False)
    page.wait_for_url("**/candidates/*/")
    expect(page.locator("main")).to_contain_text("is raised. The manager on shift is told.")
    (candidate,) = raised()
    assert (candidate.cannot_do, candidate.where) == (THREE["cannot_do"], "Dublin")
    assert not Candidate.objects.filter(state=CandidateState.DRAFT).exists()
    page.goto("/raise/")
    expect(page.locator("#id_cannot_do")).to_have_value("")


def test_what_waits_can_be_called_back_and_survives_a_reload(desk: BrowserContext) -> None:
    page = opened(desk)
    desk.set_offline(True)
    fill(page, **THREE)
    press(page, "Raise it now")
    page.get_by_role("button", name="Do not send it").click()
    expect(page.locator("[data-hold-state]")).to_have_count(0)
    desk.set_offline(False)
    page.wait_for_timeout(500)
    assert raised() == []
    page.reload()
    expect(page.locator("#id_cannot_do")).to_have_value(THREE["cannot_do"])
    expect(page.locator("#id_service")).to_have_value("payroll")


def test_an_empty_form_beside_another_is_there_after_a_reload(desk: BrowserContext) -> None:
    page = opened(desk)
    fill(page, **THREE)
    saved(page)
    page.goto("/raise/?draft=new")
    fill(page, cannot_do="Tills are slow")
    saved(page)
    page.reload()
    expect(page.locator("#id_cannot_do")).to_have_value("Tills are slow")
    expect(page.locator("main")).to_contain_text(f"Another unfinished form: {THREE['cannot_do']}")


def test_a_session_that_ended_while_typing_loses_nothing(desk: BrowserContext) -> None:
    page = opened(desk)
    fill(page, service="payroll")
    saved(page)
    desk.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    fill(page, **THREE)
    expect(page.locator(STATE)).to_contain_text("You are signed out. It is kept on this device")
    press(page, "Raise it now")
    page.wait_for_url("**/account/login/**")
    page.fill("#id_login", "desmond")
    page.fill("#id_password", "correct horse battery")
    page.click("main button[type=submit]")
    page.wait_for_url("**/raise/")
    expect(page.locator("#id_cannot_do")).to_have_value(THREE["cannot_do"])
    expect(page.locator("#id_contact")).to_have_value(THREE["contact"])
    press(page, "Raise it now")
    page.wait_for_url("**/candidates/*/")
    assert len(raised()) == 1


def test_two_windows_keep_two_texts_and_say_so(desk: BrowserContext) -> None:
    first = opened(desk)
    fill(first, cannot_do="submit timesheets")
    saved(first)
    second = opened(desk)
    expect(second.locator("#id_cannot_do")).to_have_value("submit timesheets")
    fill(first, cannot_do="submit timesheets in Dublin")
    saved(first)
    fill(second, cannot_do="pay wages")
    notice = second.locator("[data-other-window=server]")
    expect(notice).to_contain_text("Another window has a newer draft, saved ")
    drafts = Candidate.objects.filter(state=CandidateState.DRAFT)
    assert sorted(drafts.values_list("cannot_do", flat=True)) == ["pay wages", "submit timesheets in Dublin"]
    with desk.expect_page() as other:
        notice.get_by_role("link", name="Open the other one").click()
    expect(other.value.locator("#id_cannot_do")).to_have_value("submit timesheets in Dublin")
    expect(second.locator("#id_cannot_do")).to_have_value("pay wages")


def test_without_a_network_too_both_texts_of_two_windows_are_reachable(desk: BrowserContext) -> None:
    first, second = opened(desk), opened(desk)
    desk.set_offline(True)
    fill(first, cannot_do="submit timesheets")
    fill(second, cannot_do="pay wages")
    notice = second.locator("[data-other-window]")
    expect(notice).to_contain_text("Another window has a newer text for this form, typed at ")
    notice.get_by_role("button", name="Show that text").click()
    expect(second.locator("#id_cannot_do")).to_have_value("submit timesheets")
    notice.get_by_role("button", name="Show that text").click()
    expect(second.locator("#id_cannot_do")).to_have_value("pay wages")
    desk.set_offline(False)


def test_unknown_is_one_press_and_stays(desk: BrowserContext) -> None:
    page = opened(desk)
    beside = page.locator("[data-unknown-for=id_where]")
    beside.get_by_role("button", name="Not known, asked now").press("Enter")
    expect(page.locator("#id_where")).to_have_value(re.compile(r"^Unknown, asked at \d\d:\d\d \(UTC\+0\)$"))
    beside.get_by_label("answer expected").fill("23:15")
    expect(page.locator("#id_where")).to_have_value(re.compile(r", answer expected 23:15$"))
    page.locator("#id_basis").press("?")
    expect(page.locator("#id_basis")).to_have_value(re.compile(r"^Unknown, asked at "))
    fill(page, service="payroll", cannot_do=THREE["cannot_do"])
    said = page.locator("#id_where").input_value()
    press(page, "Raise it now")  # the contact is missing
    expect(page.locator("#errors")).to_contain_text("whom can we call?")
    expect(page.locator("#id_where")).to_have_value(said)
    expect(beside.get_by_label("answer expected")).to_have_value("23:15")


def test_a_pasted_screenshot_is_on_the_draft_at_once_and_goes_with_it(desk: BrowserContext) -> None:
    page = opened(desk)
    page.evaluate(PASTE, PNG)
    files = page.locator("[data-draft-files]")
    expect(files).to_contain_text(re.compile(r"screenshot-\d{6}\.png"))
    page.locator("#id_file").set_input_files(
        {"name": "log.txt", "mimeType": "text/plain", "buffer": b"E-4012 at 09:10"}
    )
    expect(files).to_contain_text("log.txt")
    page.reload()
    expect(files).to_contain_text("log.txt")
    files.get_by_role("button", name="Remove log.txt").click()
    expect(files).not_to_contain_text("log.txt")
    fill(page, **THREE)
    press(page, "Raise it now")
    page.wait_for_url("**/candidates/*/")
    expect(page.locator("#files")).to_contain_text("screenshot-")
    (candidate,) = raised()
    assert Attachment.objects.get(removed_at=None).candidate == candidate


def test_a_save_that_was_on_its_way_at_a_reload_is_no_other_windows(
    desk: BrowserContext, cast: SimpleNamespace
) -> None:
    page = opened(desk)
    page.evaluate(PASTE, PNG)
    expect(page.locator("[data-draft-files]")).to_contain_text("screenshot-")
    window = page.locator("[name=window]").input_value()
    page.reload()
    page.wait_for_load_state("networkidle")
    draft = Candidate.objects.get()
    late = drafts.Form(draft_id=draft.pk, window=window)
    drafts.save(person=cast.desmond, facts={}, form=late, now=timezone.now())
    fill(page, **THREE)
    saved(page)
    press(page, "Raise it now")
    page.wait_for_url("**/candidates/*/")
    expect(page.locator("#files")).to_contain_text("screenshot-")
    other = opened(desk)
    assert other.locator("[name=window]").input_value() not in {"", window}


def test_one_press_adds_a_caller_to_what_runs(desk: BrowserContext, cast: SimpleNamespace) -> None:
    statement = {"who": "store staff", "activity": "submit timesheets", "where": "Ireland"}
    incident = kit.incident(manager=cast.mia, impact_statement=statement, now=timezone.now())
    page = opened(desk)
    fill(page, cannot_do="Staff cannot submit their timesheet", where="Dublin")
    alike = page.locator("#advice")
    expect(alike).to_contain_text("same words: ")
    alike.get_by_role("button", name=f"Add to {incident.reference}").click()
    page.wait_for_url(f"**/incidents/{incident.reference}/desk-reports/")
    expect(page.locator("main")).to_contain_text("Desk reports so far: 1 caller, 1 site.")
    expect(page.locator("#callers")).to_contain_text("Do not promise")
    report = DeskReport.objects.get()
    assert (report.where, "submit their timesheet" in report.note) == ("Dublin", True)
    assert not Candidate.objects.exists()
    page.goto("/raise/")
    expect(page.locator("#id_cannot_do")).to_have_value("")


def test_everything_works_without_scripts(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: Browsers
) -> None:
    factories.service(slug="payroll", name="Payroll")
    incident = kit.incident(manager=cast.mia, title="Timesheets cannot be submitted", now=timezone.now())
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    sign_in(context, live_server, signed_in(cast.desmond))
    page = opened(context)
    fill(page, **THREE)
    page.locator("[name=unknown][value=where]").check()
    page.fill("[name=expected_where]", "23:15")
    page.locator("#id_file").set_input_files(
        {"name": "log.txt", "mimeType": "text/plain", "buffer": b"E-4012 at 09:10"}
    )
    press(page, "Look for similar")
    expect(page.locator("#advice")).to_contain_text(incident.reference)
    expect(page.locator("[data-draft-files]")).to_contain_text("log.txt")
    expect(page.locator("#id_where")).to_have_value(re.compile("^Unknown, asked at .*, answer expected 23:15$"))
    press(page, "Raise it now")
    page.wait_for_url("**/candidates/*/")
    expect(page.locator("#callers")).to_contain_text("Nothing is confirmed yet")
    context.close()
    assert Attachment.objects.get().candidate == raised()[0]
    assert Person.objects.get(pk=cast.desmond.pk) == raised()[0].raised_by
