"""The composer's editors in a real browser: findings as one types, keys, saving, two windows, no connection."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from comms.adapters import languagetool, memory
from comms.models import Update
from comms.services.writing import updates
from mim_portal.lib import dbtime
from teams.models import GlossaryTerm, Person
from tests.browser import looks
from tests.browser.journey import PATIENCE
from tests.comms import update_kit

SignedIn = Callable[[Person], Client]
SAVED_AFTER = 4_000  # milliseconds: the composer saves 2.5 s after the last key
WRONG = "🔴 Staff canot submit timesheets. Our engineers are working on it, and paper forms teh rest."


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> memory.Language:
    twin = memory.Language(misspelt={"canot": "cannot", "teh": "the"})
    monkeypatch.setattr(languagetool, "check", twin.check)
    return twin


@pytest.fixture
def made(cast: SimpleNamespace, live_server: LiveServer) -> Update:
    return update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", "executives")


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: SignedIn, made: Update
) -> Iterator[Page]:
    """Mia's composer, on which no script fails and nothing breaks the content security policy."""
    shown = looks.opened(browser, live_server, signed_in(cast.mia))
    shown.set_default_timeout(PATIENCE)
    told = looks.told_by(shown, live_server)
    shown.goto(f"{live_server.url}/updates/{made.pk}/")
    yield shown
    shown.context.close()
    assert [line for line in told if "ERR_INTERNET_DISCONNECTED" not in line and "409" not in line] == []


def editor(page: Page, name: str = "body") -> Locator:
    return page.locator(f"[data-editor-for='{name}'] .cm-content")


def body_of(made: Update) -> str:
    return Update.objects.values_list("body", flat=True).get(pk=made.pk)


def test_findings_are_underlined_as_one_types_and_one_key_mends_them(page: Page, made: Update) -> None:
    editor(page).fill(WRONG)
    marks = page.locator(".cm-lintRange-error")
    expect(marks).to_have_text(["canot", "teh"])
    expect(page.locator("#findings-list")).to_contain_text("Possible spelling mistake")
    expect(page.locator("[data-findings-said]")).to_contain_text("of which 2 stop the text")
    editor(page).press("Control+Home")
    page.keyboard.press("F8")
    expect(page.locator(".finding-line").last).to_contain_text("Alt+Enter writes “cannot”")
    page.keyboard.press("Alt+Enter")
    expect(page.locator("[name=body]")).to_have_value(re.compile("Staff cannot"))
    page.keyboard.press("Control+.")
    expect(page.locator("[name=body]")).to_have_value(re.compile("the rest"))
    expect(marks).to_have_count(0)
    expect(page.locator("[name=body]")).to_have_value(WRONG.replace("canot", "cannot").replace("teh", "the"))
    expect(page.locator("#findings-list")).not_to_contain_text("Possible spelling")
    page.keyboard.press("Escape")
    expect(page.locator(".composer-findings")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-list")).to_contain_text("put its fix in")


def test_marks_move_with_the_text_and_stale_answers_are_dropped(page: Page, made: Update) -> None:
    editor(page).fill(WRONG)
    expect(page.locator(".cm-lintRange-error")).to_have_count(2)
    editor(page).press("Control+Home")
    page.keyboard.type("Sorry. ")
    expect(page.locator(".cm-lintRange-error")).to_have_text(["canot", "teh"])
    page.keyboard.press("F8")
    page.keyboard.press("Shift+F8")
    page.keyboard.press("F8")
    page.keyboard.press("Alt+Enter")
    expect(page.locator("[name=body]")).to_have_value(re.compile("^Sorry. 🔴 Staff cannot"))


def test_findings_that_come_after_the_save_are_about_the_same_words(page: Page, made: Update) -> None:
    """A slow checker: what was asked about is saved before the answer comes, and nobody types again."""
    answers: list[Callable[[], None]] = []

    def slow(route: Route) -> None:
        answer = route.fetch()
        answers.append(lambda: route.fulfill(response=answer))

    page.route(f"**/updates/{made.pk}/findings/", slow)
    editor(page).fill(WRONG)
    expect(page.locator("[data-autosave-state]")).to_contain_text(re.compile(r"Saved \d"))
    expect(page.locator("[name=body]")).to_have_value(WRONG)
    assert answers
    for answer in answers:
        answer()
    expect(page.locator(".cm-lintRange-error")).to_have_text(["canot", "teh"])


def test_a_fix_in_the_list_goes_into_the_text(page: Page, made: Update) -> None:
    editor(page).fill(WRONG)
    page.get_by_role("button", name="Write “cannot”").press("Enter")
    expect(page.locator("[name=body]")).to_have_value(re.compile("Staff cannot submit"))


def test_a_word_joins_the_dictionary(page: Page, made: Update) -> None:
    editor(page).fill(update_kit.BODY + " canot")
    page.get_by_role("button", name="Add to the dictionary").click()
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    assert GlossaryTerm.objects.get().term == "canot"
    expect(page.locator(".composer-findings")).to_be_focused()  # its button is gone, and the keyboard stays there


def test_what_is_typed_is_saved_and_survives_a_reload(page: Page, made: Update) -> None:
    editor(page).fill("Half a thought")
    expect(page.locator("[data-autosave-state]")).to_contain_text(re.compile(r"Saved \d"))
    assert body_of(made) == "Half a thought"
    page.reload()
    expect(editor(page)).to_have_text("Half a thought")
    expect(page.locator(".autosave-restored")).to_have_count(0)


def test_a_text_sent_while_its_save_is_on_its_way_is_nobody_elses(page: Page, made: Update) -> None:
    """The server has an earlier part of the words and the answer is slow: the person still stands on what was saved."""
    answers: list[Callable[[], None]] = []

    def slow(route: Route) -> None:
        answer = route.fetch()
        answers.append(lambda: route.fulfill(response=answer))

    page.route(f"**/updates/{made.pk}/draft/", slow)
    editor(page).fill("Staff cannot submit")
    page.wait_for_timeout(SAVED_AFTER)
    assert len(answers) == 1
    assert body_of(made) == "Staff cannot submit"
    editor(page).fill("Staff cannot submit timesheets.")
    page.get_by_role("button", name="Check", exact=True).click()
    answers[0]()
    expect(page.locator("main")).to_contain_text("Findings")
    expect(page.locator(".composer-findings")).to_contain_text("stop the text")
    expect(page.get_by_text("Somebody else changed this update")).to_have_count(0)
    assert body_of(made) == "Staff cannot submit timesheets."
    assert len(answers) == 1


def test_nothing_is_lost_without_a_connection(page: Page, made: Update) -> None:
    page.context.set_offline(True)
    editor(page).fill("Written in a tunnel")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept on this device")
    page.context.set_offline(False)
    expect(page.locator("[data-autosave-state]")).to_contain_text(re.compile(r"Saved \d"))
    assert body_of(made) == "Written in a tunnel"


def test_two_editors_see_both_texts_and_choose(page: Page, made: Update, cast: SimpleNamespace) -> None:
    fields = {"body": "Carla says that."}
    updates.edit(update_id=made.pk, person=cast.carla, revision=None, fields=fields, now=dbtime.now())
    editor(page).fill("Mia says this.")
    expect(page.locator("#theirs")).to_contain_text("Carla")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Both texts are kept")
    assert body_of(made) == "Carla says that."
    page.get_by_role("button", name="Go on with mine").click()
    expect(page.locator("[data-autosave-state]")).to_contain_text(re.compile(r"Saved \d"))
    assert body_of(made) == "Mia says this."


def test_their_text_can_be_taken(page: Page, made: Update, cast: SimpleNamespace) -> None:
    fields = {"body": "Carla says that."}
    updates.edit(update_id=made.pk, person=cast.carla, revision=None, fields=fields, now=dbtime.now())
    editor(page).fill("Mia says this.")
    page.get_by_role("button", name="Take theirs").click()
    expect(editor(page)).to_have_text("Carla says that.")
    expect(page.locator(".autosave-restored")).to_have_count(0)
    assert body_of(made) == "Carla says that."


def test_a_text_for_executives_stands_beside_the_core_text(page: Page, made: Update) -> None:
    page.get_by_role("button", name="Adapt for Executives", exact=True).click()
    expect(editor(page, "body--executives")).to_be_visible()
    editor(page, "body--executives").fill("They canot submit timesheets in Ireland.")
    expect(page.locator("[data-editor-for='body--executives'] .cm-lintRange-error")).to_have_text(["canot"])
    page.keyboard.press("F8")
    said = page.locator(".finding-line", has_text="Alt+Enter writes “cannot”")
    expect(said).to_have_count(1)
    editor(page).press("Control+Home")  # the keys act here now, so nothing is promised there
    expect(said).to_have_count(0)
    expect(page.locator("#text-executives [data-words-of]")).to_have_text("6 of 120 words")
    core, own = page.locator("#text-all").bounding_box(), page.locator("#text-executives").bounding_box()
    assert core is not None
    assert own is not None
    assert own["x"] > core["x"] + core["width"] - 1
    page.set_viewport_size({"width": 375, "height": 812})
    core, own = page.locator("#text-all").bounding_box(), page.locator("#text-executives").bounding_box()
    assert core is not None
    assert own is not None
    assert own["y"] > core["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_both_looks_with_findings_and_two_texts(page: Page, made: Update) -> None:
    page.get_by_role("button", name="Adapt for Executives", exact=True).click()
    editor(page).fill(WRONG)
    expect(page.locator(".cm-lintRange-error")).to_have_count(2)
    assert looks.faults(page) == []
