"""The editor of templates without a mouse: reached, broken, told at which line, mended, saved, and taken back."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from comms.adapters import languagetool, memory
from comms.models import TemplateVersion
from teams.models import Person
from tests.browser import keys, looks
from tests.browser.journey import PATIENCE

BROKEN = "Known so far: {{ impact.sentence }}\n{% if doing %}We act."
MENDED = "Known so far: {{ impact.sentence }}\n{% if doing %}{{ doing }}{% endif %}"


@pytest.fixture
def page(
    browser: Browser,
    live_server: LiveServer,
    cast: SimpleNamespace,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    """Ada's list of templates, on which no script fails and nobody has a mouse."""
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    shown = looks.opened(browser, live_server, signed_in(cast.ada))
    shown.set_default_timeout(PATIENCE)
    told = looks.told_by(shown, live_server)
    keys.without_mouse(shown)
    shown.goto(f"{live_server.url}/settings/templates/")
    yield shown
    assert keys.pointed(shown) == 0
    shown.context.close()
    assert [line for line in told if "422" not in line] == []


def test_a_template_is_written_tried_saved_and_taken_back(page: Page) -> None:
    keys.reach(page, "main a[href*='/settings/templates/update/end_users/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/update/end_users/")
    keys.write(page, "body", BROKEN)
    keys.press(page, "Show the preview")
    expect(page.locator("main")).to_contain_text("Line 2, “{% if doing %}We act.”")
    expect(page.locator("[name=body]")).to_have_value(BROKEN)
    assert looks.faults(page) == []
    keys.write(page, "body", MENDED)
    page.goto(page.url)  # nothing typed is lost
    expect(page.locator("[name=body]")).to_have_value(MENDED)
    keys.reach(page, "[name=body]")
    keys.press(page, "Show the preview")
    expect(page.locator("#preview")).to_contain_text("Known so far: About 1,200 store staff")
    keys.reach(page, "[name=body]")
    keys.press(page, "Save")
    expect(page.locator("#versions")).to_contain_text("in use")
    assert TemplateVersion.objects.get().body == MENDED
    expect(page.locator(".autosave-restored")).to_have_count(0)  # what was saved is no draft any more
    keys.press(page, "Use the built-in template")
    expect(page.locator("#versions")).not_to_contain_text("in use")
