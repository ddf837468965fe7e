"""The scripts of a page in a real browser, under the portal's security policy, against a site that fails on demand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Page, expect

from mim_portal.jinja2 import environment
from tests import gallery
from tests.browser.site import ROOT, Site

PAGE = """{% extends "base.html" %}
{% import "components/times.html" as times %}
{% import "components/forms.html" as forms %}
{% import "components/ui.html" as ui %}
{% block title %}Sample{% endblock %}
{% block content %}
  <h1>Sample</h1>
  <p id="live" data-live-url="/stream?ticket=0" data-live-renew-url="/ticket"><span data-live-state></span></p>
  <section id="notes" data-panel="notes" data-panel-url="/panel"><p>as rendered</p></section>
  <p id="clock">{{ times.countdown(due, at=server_now, label='Update to end users') }}</p>
  <form method="post" action="/" class="form" id="raise" novalidate
        data-autosave="raise" {{ {'data-autosave-url': draft_url}|xmlattr }}>
    {{ forms.field(form['service']) }}{{ forms.field(form['note']) }}{{ forms.field(form['checked']) }}
    <input type="time" id="next" name="next" aria-label="Next">
    <button type="button" data-offset-minutes="30" data-target="next">+30</button>
    {% call forms.actions(autosave=True) %}{{ ui.button('Raise') }}{% endcall %}
  </form>
  {{ ui.link('Write update', '/done', command='Write update', shortcut='u') }}
  {{ ui.dialog_link('Hand over', 'handover', '/done') }}
  {% call ui.dialog('handover', 'Hand over') %}<p>To whom?</p>{% endcall %}
{% endblock %}"""


@pytest.fixture(scope="module")
def env() -> Environment:
    if not (ROOT / "static/build/app.js").is_file():
        pytest.fail("static/build is missing: run `npm run build`")
    made = environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    made.globals["url"] = lambda name, **kwargs: f"/{name}/"
    return made


@pytest.fixture
def site(env: Environment) -> Iterator[Site]:
    made = Site()
    render(env, made)
    yield made
    made.close()


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which no script fails and nothing breaks the content security policy."""
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda message: told.append(message.text) if "Security Policy" in message.text else None)
    yield page
    assert told == []


def render(
    env: Environment,
    site: Site,
    *,
    now: datetime | None = None,
    left: float = 372,
    draft_url: str | None = None,
) -> None:
    present = now or datetime.now(tz=UTC)
    context: dict[str, Any] = {
        "due": present + timedelta(seconds=left),
        "form": gallery.RaiseForm(),
        "draft_url": draft_url,
    }
    site.pages["/"] = env.from_string(PAGE).render(**gallery.frame(present=present), **context)
    site.pages["/done"] = env.from_string(
        '{% extends "base.html" %}{% block title %}Done{% endblock %}{% block content %}<h1>Done</h1>{% endblock %}'
    ).render(**gallery.frame(present=present))


def state(page: Page) -> Any:
    return expect(page.locator("[data-live-state]"))


def test_a_named_panel_is_fetched_again_and_others_are_left(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    state(watched).to_have_text("live")
    expect(watched.locator("#notes")).to_contain_text("as rendered")
    site.publish(1, "teams")
    site.panel = "<p>Rosa: rollback at 80 %</p>"
    watched.wait_for_timeout(500)
    expect(watched.locator("#notes")).to_contain_text("as rendered")
    site.publish(2, "notes")
    expect(watched.locator("#notes")).to_contain_text("rollback at 80 %")


def test_a_missed_event_is_noticed_and_everything_fetched(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    state(watched).to_have_text("live")
    site.publish(1, "teams")
    site.panel = "<p>what was missed</p>"
    site.publish(5, "teams")
    expect(watched.locator("#notes")).to_contain_text("what was missed")


def test_a_field_that_is_only_focused_holds_nothing_back(watched: Page, site: Site) -> None:
    site.panel = '<form action="/note"><label for="n">Note</label><input id="n" name="n"></form>'
    watched.goto(site.url)
    state(watched).to_have_text("live")
    site.publish(1, "notes")
    watched.focus("#n")
    site.panel = site.panel.replace("</form>", "</form><p>newer</p>")
    site.publish(2, "notes")
    expect(watched.locator("#notes")).to_contain_text("newer")
    expect(watched.locator("#n")).to_be_focused()


def test_a_panel_is_not_replaced_while_somebody_types_in_it(watched: Page, site: Site) -> None:
    site.panel = '<form action="/note"><label for="n">Note</label><input id="n" name="n"></form>'
    watched.goto(site.url)
    state(watched).to_have_text("live")
    site.publish(1, "notes")
    watched.fill("#n", "half a thought")
    site.panel = site.panel.replace("</form>", "</form><p>newer</p>")
    site.publish(2, "notes")
    watched.get_by_role("button", name="This has changed").click()
    expect(watched.locator("#notes")).to_contain_text("newer")
    expect(watched.locator("#n")).to_have_value("half a thought")


def test_a_broken_stream_turns_into_asking_and_back(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    state(watched).to_have_text("live")
    site.stream_status = 503
    site.panel = "<p>asked for</p>"
    site.break_streams()
    state(watched).to_have_text("asking every 5 s", timeout=8000)
    expect(watched.locator("#notes")).to_contain_text("asked for")
    site.stream_status = 200
    state(watched).to_have_text("live", timeout=15000)
    assert site.tickets >= 1


def test_without_any_contact_the_page_says_since_when(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    state(watched).to_have_text("live")
    site.stream_status = site.panel_status = 503
    site.break_streams()
    state(watched).to_contain_text("no contact since", timeout=8000)
    state(watched).to_contain_text("(UTC")
    expect(watched.locator("#notes")).to_contain_text("as rendered")


def test_what_was_typed_survives_a_reload(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    watched.fill("#id_note", "Staff cannot submit timesheets")
    watched.select_option("#id_service", "payroll")
    watched.check("#id_checked")
    expect(watched.locator("[data-autosave-state]")).to_contain_text("Saved")
    watched.reload()
    expect(watched.locator("#id_note")).to_have_value("Staff cannot submit timesheets")
    expect(watched.locator("#id_service")).to_have_value("payroll")
    expect(watched.locator("#id_checked")).to_be_checked()
    expect(watched.locator("#raise")).to_contain_text("is back in the form")
    watched.get_by_role("button", name="Discard it").click()
    expect(watched.locator("#id_note")).to_have_value("")
    watched.reload()
    expect(watched.locator("#id_note")).to_have_value("")


def test_a_form_that_was_taken_forgets_its_draft(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    watched.fill("#id_note", "Staff cannot submit timesheets")
    watched.click("#raise button[type=submit]")
    expect(watched.locator("h1")).to_have_text("Done")
    assert site.submitted[0]["note"] == ["Staff cannot submit timesheets"]
    watched.wait_for_load_state()  # the page that says that it was taken has run its scripts
    watched.goto(site.url)
    expect(watched.locator("#id_note")).to_have_value("")


@pytest.mark.parametrize("status", [422, 500])
def test_a_form_that_was_not_taken_keeps_its_draft(watched: Page, site: Site, status: int) -> None:
    site.submit_status = status
    watched.goto(site.url)
    watched.fill("#id_note", "Staff cannot submit timesheets")
    watched.click("#raise button[type=submit]")
    expect(watched.locator("#id_note")).to_have_value("Staff cannot submit timesheets")
    watched.goto(site.url)
    expect(watched.locator("#id_note")).to_have_value("Staff cannot submit timesheets")


def test_a_draft_reaches_the_server_and_says_when(watched: Page, site: Site, env: Environment) -> None:
    render(env, site, draft_url="/draft")
    watched.goto(site.url)
    watched.fill("#id_note", "first words")
    expect(watched.locator("[data-autosave-state]")).to_contain_text("Saved")
    assert len(site.drafts) == 1
    site.draft_status = 500
    watched.fill("#id_note", "more words")
    expect(watched.locator("[data-autosave-state]")).to_contain_text("the portal did not take it")
    watched.context.set_offline(True)
    watched.fill("#id_note", "words without a network")
    expect(watched.locator("[data-autosave-state]")).to_contain_text("saved when the connection is back")
    site.draft_status = 200
    watched.context.set_offline(False)
    expect(watched.locator("[data-autosave-state]")).to_contain_text("Saved")


def test_drafts_are_forgotten_when_one_signs_out(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    watched.fill("#id_note", "private words")
    watched.click(".topbar-person")
    watched.click("#person-menu button")
    expect(watched.locator("h1")).to_have_text("Done")
    watched.wait_for_load_state()
    kept = watched.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('mim.draft.'))")
    assert kept == []


def test_a_clock_passes_into_a_statement_and_is_announced_once(watched: Page, site: Site, env: Environment) -> None:
    render(env, site, left=2)
    watched.goto(site.url)
    expect(watched.locator("#clock")).to_contain_text("LATE 1 s", timeout=6000)
    expect(watched.locator("#clock [data-clock]")).to_have_attribute("data-clock", "late")
    expect(watched.locator("#announcer")).to_have_text("Late: Update to end users")


def test_clocks_follow_the_server_and_not_the_device(watched: Page, site: Site, env: Environment) -> None:
    render(env, site, now=datetime.now(tz=UTC) + timedelta(hours=5), left=372)
    watched.goto(site.url)
    watched.wait_for_timeout(1200)
    assert watched.inner_text("#clock time") in {"06:11", "06:10", "06:09"}


def test_the_palette_runs_a_command_by_keyboard(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    watched.keyboard.press("Control+k")
    expect(watched.locator("#palette")).to_be_visible()
    watched.keyboard.type("wri upd")
    expect(watched.locator("#palette-list [role=option]")).to_have_text(["Write updateu"])
    watched.keyboard.press("Enter")
    expect(watched.locator("h1")).to_have_text("Done")


def test_single_keys_act_only_outside_fields(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    watched.focus("#id_note")
    watched.keyboard.type("u?")
    expect(watched.locator("#id_note")).to_have_value("u?")
    watched.evaluate("document.activeElement.blur()")
    watched.keyboard.press("?")
    expect(watched.locator("#shortcuts")).to_contain_text("Write update")
    watched.keyboard.press("Escape")
    watched.keyboard.press("u")
    expect(watched.locator("h1")).to_have_text("Done")


def test_dialogs_open_in_place_and_close(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    watched.get_by_role("link", name="Hand over").click()
    expect(watched.locator("#handover")).to_be_visible()
    watched.locator("#handover [data-dialog-close]").click()
    expect(watched.locator("#handover")).to_be_hidden()


def test_time_buttons_fill_a_time_field(watched: Page, site: Site) -> None:
    watched.goto(site.url)
    before = datetime.now(tz=UTC) + timedelta(minutes=30)
    watched.click("[data-offset-minutes]")
    filled = watched.input_value("#next")
    assert filled in {f"{before:%H:%M}", f"{before + timedelta(minutes=1):%H:%M}"}


def test_times_that_scripts_write_are_in_the_zone_of_the_profile(site: Site, env: Environment, browser: Any) -> None:
    site.pages["/"] = site.pages["/"].replace(' data-zone="', ' data-zone="09:00 (UTC+5:30)" data-was="')
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    page.goto(site.url)
    before = datetime.now(tz=UTC) + timedelta(hours=5, minutes=60)
    page.click("[data-offset-minutes]")
    assert page.input_value("#next") in {f"{before:%H:%M}", f"{before + timedelta(minutes=1):%H:%M}"}
    context.close()


def test_colours_follow_the_device_until_somebody_chooses(watched: Page, site: Site) -> None:
    watched.emulate_media(color_scheme="dark")
    watched.goto(site.url)
    html = watched.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    watched.click("[data-theme-switch]")
    expect(html).to_have_attribute("data-bs-theme", "light")
    watched.reload()
    expect(html).to_have_attribute("data-bs-theme", "light")


def test_every_form_works_without_scripts(env: Environment, site: Site, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url)
    assert "06:12" in page.inner_text("#clock")
    page.fill("#id_note", "without scripts")
    page.click("#raise button[type=submit]")
    assert page.inner_text("h1") == "Done"
    context.close()
    assert site.submitted[0]["note"] == ["without scripts"]
