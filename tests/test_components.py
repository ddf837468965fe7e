"""Each component renders with strict names, escapes what people typed, and says in words what its colour says."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.safestring import SafeString
from jinja2 import Environment, FileSystemLoader, Template, TemplateRuntimeError, nodes

from mim_portal.jinja2 import environment
from tests import gallery

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
TYPED = "<script>alert('x')</script>"
NOW = gallery.PRESENT


@pytest.fixture(scope="module")
def env() -> Environment:
    made = environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    made.globals["url"] = lambda name, **kwargs: f"/{name}/"
    return made


@pytest.fixture(scope="module")
def ui(env: Environment) -> Any:
    return env.get_template("components/ui.html").module


@pytest.fixture(scope="module")
def badges(env: Environment) -> Any:
    return env.get_template("components/badges.html").module


@pytest.fixture(scope="module")
def times(env: Environment) -> Any:
    return env.get_template("components/times.html").module


@pytest.fixture(scope="module")
def forms(env: Environment) -> Any:
    return env.get_template("components/forms.html").module


def words(markup: str) -> str:
    """The text that a person reads, without what is hidden from ears and spaces between tags."""
    visible = re.sub(r'<span class="shape" aria-hidden="true">[^<]*</span>', "", str(markup))
    return " ".join(re.sub(r"<[^>]+>", " ", visible).split())


def page(env: Environment, name: str, **changes: Any) -> str:
    return env.get_template(name).render(**gallery.frame(), **{**gallery.context(), **changes})


def test_a_page_without_a_title_is_refused(env: Environment) -> None:
    template: Template = env.from_string('{% extends "base.html" %}{% block content %}x{% endblock %}')
    with pytest.raises(TemplateRuntimeError, match="title"):
        template.render(**gallery.frame())


@pytest.mark.parametrize("name", ["components/gallery.html", "components/gallery_room.html"])
def test_galleries_render_every_component_with_one_heading(env: Environment, name: str) -> None:
    shown = page(env, name)
    assert shown.count("<h1") == 1
    assert "<title>" in shown
    assert 'id="main"' in shown


def test_the_gallery_shows_every_macro_of_ui(env: Environment) -> None:
    source = (TEMPLATES / "components/ui.html").read_text()
    macros = {node.name for node in env.parse(source).find_all(nodes.Macro) if not node.name.startswith("_")}
    galleries = "".join((TEMPLATES / f"components/{name}.html").read_text() for name in ("gallery", "gallery_room"))
    shown_inside_others = {"panel_head"}
    missing = {name for name in macros - shown_inside_others if f"ui.{name}(" not in galleries}
    assert missing == set()


def test_pages_hold_no_inline_style_and_no_inline_script(env: Environment) -> None:
    for name in ("components/gallery.html", "components/gallery_room.html"):
        shown = page(env, name)
        assert " style=" not in shown
        assert not re.search(r"\son\w+=", shown)
        assert re.findall(r"<script(?![^>]*(?:src=|application/json))", shown) == []


def test_no_template_holds_an_inline_style_or_handler() -> None:
    for path in TEMPLATES.rglob("*.html"):
        if "messages" in path.parts:
            continue  # mail clients know no style sheets
        source = path.read_text()
        assert " style=" not in source, path
        assert not re.search(r"<\w[^>]*\son(click|change|submit|load|input)=", source), path


def test_the_banner_says_that_the_clock_stands_still(env: Environment) -> None:
    template = env.get_template("components/gallery_room.html")
    stopped = template.render(**gallery.frame(clock="stopped"), **gallery.context())
    assert "The clock has stood still for 40 s" in stopped
    assert "The clock has stood still" not in page(env, "components/gallery_room.html")


def test_a_person_who_is_not_signed_in_sees_neither_places_nor_sign_out(env: Environment) -> None:
    frame = gallery.frame()
    frame["user"].is_authenticated = False
    shown = env.get_template("components/gallery_room.html").render(**frame, **gallery.context())
    assert "/account_logout/" not in shown
    assert "Metrics" not in shown
    assert "hx-headers" not in shown


def test_the_current_place_is_marked(env: Environment) -> None:
    assert re.search(r'href="/incidents/" aria-current="page"', page(env, "components/gallery.html"))


@pytest.mark.parametrize(("given", "said"), [(1, "P1"), ("1", "P1"), ("P2", "P2"), ("p3", "P3")])
def test_a_priority_is_a_word(badges: Any, given: object, said: str) -> None:
    assert words(badges.priority(given)) == said
    assert f'data-priority="{said[1]}"' in badges.priority(given)


def test_a_state_is_a_word(badges: Any) -> None:
    assert words(badges.state("mitigating")) == "Mitigating"
    assert words(badges.state("declared", "Angenommen")) == "Angenommen"
    assert words(badges.late()) == "Late"
    assert words(badges.count(3, "waiting")) == "3 waiting"


@pytest.mark.parametrize(
    ("left", "said", "state"),
    [
        (timedelta(minutes=6, seconds=12), "06:12 due 10:40 (UTC+0)", "soon"),
        (timedelta(minutes=30), "30:00 due 11:03 (UTC+0)", "ok"),
        (timedelta(hours=1, minutes=24), "1 h 24 min due 11:57 (UTC+0)", "ok"),
        (timedelta(0), "00:00 due 10:33 (UTC+0)", "soon"),
        (timedelta(seconds=-1), "LATE 1 s due 10:33 (UTC+0)", "late"),
        (timedelta(minutes=-2, seconds=-5), "LATE 2 min due 10:31 (UTC+0)", "late"),
        (timedelta(hours=-3, minutes=-1), "LATE 3 h 1 min due 07:32 (UTC+0)", "late"),
        (timedelta(hours=20), "20 h due Tue 24 Nov, 06:33 (UTC+0)", "ok"),
    ],
)
def test_a_countdown_states_what_is_left_and_how_late_it_is(times: Any, left: timedelta, said: str, state: str) -> None:
    shown = times.countdown(NOW + left, at=NOW)
    assert words(shown) == said
    assert f'data-clock="{state}"' in shown


def test_a_countdown_is_near_from_its_warning_on(times: Any) -> None:
    due = NOW + timedelta(minutes=30)
    assert 'data-clock="soon"' in times.countdown(due, at=NOW, warned_at=NOW)
    assert 'data-clock="ok"' in times.countdown(due, at=NOW, warned_at=NOW + timedelta(seconds=1))


def test_moments_carry_their_offset(times: Any) -> None:
    assert words(times.moment(NOW, long=True)) == "Mon 23 Nov, 10:33 (UTC+0)"
    assert words(times.relative(NOW - timedelta(minutes=12), at=NOW)) == "12 min ago"
    assert words(times.elapsed(NOW - timedelta(hours=1, minutes=24), at=NOW)) == "1 h 24 min"
    assert 'datetime="2026-11-23T10:33:48.000Z"' in times.moment(NOW)


@pytest.mark.parametrize(
    "markup",
    [
        lambda m: m["ui"].button(TYPED, command=TYPED, attrs={"title": TYPED}),
        lambda m: m["ui"].link(TYPED, TYPED),
        lambda m: m["ui"].post_button(TYPED, "/x/", "", fields={"a": TYPED}),
        lambda m: m["ui"].definitions([(TYPED, TYPED)]),
        lambda m: m["ui"].empty(TYPED),
        lambda m: m["ui"].stat(TYPED, TYPED, note=TYPED),
        lambda m: m["ui"].person(TYPED, role=TYPED, href=TYPED),
        lambda m: m["ui"].timeline_entry(NOW, TYPED, kind=TYPED, who=TYPED, body=TYPED, id=TYPED, recorded=NOW),
        lambda m: m["ui"].tabs(TYPED, [{"id": TYPED, "label": TYPED, "count": TYPED}]),
        lambda m: m["ui"].notice(TYPED, tone=TYPED),
        lambda m: m["ui"].toast(TYPED),
        lambda m: m["ui"].copy(TYPED),
        lambda m: m["ui"].progress(TYPED, TYPED, TYPED),
        lambda m: m["ui"].panel_head(TYPED, TYPED, note=TYPED, actions=TYPED),
        lambda m: m["badges"].state(TYPED, TYPED),
        lambda m: m["badges"].priority(TYPED),
        lambda m: m["badges"].word(TYPED, shape=TYPED),
        lambda m: m["times"].countdown(NOW, at=NOW, label=TYPED),
    ],
)
def test_what_people_typed_is_escaped(ui: Any, badges: Any, times: Any, markup: Any) -> None:
    shown = str(markup({"ui": ui, "badges": badges, "times": times}))
    assert "<script" not in shown.lower()
    assert "alert(&#39;x&#39;)" in shown.lower()


def test_an_unknown_fact_is_said_to_be_unknown(ui: Any) -> None:
    assert words(ui.definitions([("Affected", None), ("Count", 0)])) == "Affected not known yet Count 0"


def test_a_timeline_entry_shows_when_it_was_written_down(ui: Any) -> None:
    shown = words(ui.timeline_entry(NOW - timedelta(minutes=5), "Identified", who="Nils", recorded=NOW))
    assert shown.startswith("10:28 (UTC+0)")
    assert shown.endswith("written down 10:33 (UTC+0)")


def test_an_invalid_form_says_what_to_do_and_what_was_kept(forms: Any) -> None:
    form = gallery.RaiseForm({"note": TYPED, "count": "-2", "reference": "CA-2026-0007"})
    shown = str(forms.fields(form))
    assert words(forms.errors(form)).startswith("Not done yet: 3 answers need your attention. Everything you typed")
    assert '<a href="#id_service">Which service?</a>' in shown
    assert '<a href="#id_safety' in shown
    assert 'aria-describedby="id_service-error"' in shown
    assert 'id="id_service-error"' in shown
    assert 'id="id_note-help"' in shown
    assert 'aria-describedby="id_note-help"' in shown
    assert 'aria-invalid="true"' in shown
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert '<input type="hidden" name="reference" value="CA-2026-0007"' in shown


def test_every_description_and_link_of_a_form_leads_somewhere(forms: Any) -> None:
    shown = str(forms.fields(gallery.RaiseForm({"count": "-2"})))
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    wanted = [name for value in re.findall(r'aria-describedby="([^"]+)"', shown) for name in value.split()]
    links = re.findall(r'href="#([^"]+)"', shown) + re.findall(r'<label[^>]*\sfor="([^"]+)"', shown)
    assert wanted
    assert set(wanted + links) <= set(ids)


def test_a_form_without_errors_shows_no_list(forms: Any) -> None:
    form = gallery.RaiseForm()
    assert str(forms.errors(form)).strip() == ""
    assert "data-invalid" not in str(forms.fields(form))


def test_a_field_takes_an_example_other_words_and_something_beside(forms: Any) -> None:
    form = gallery.RaiseForm()
    shown = str(forms.field(form["count"], label="How many?", example="1,200", beside="not known yet, asked at 10:05"))
    assert words(shown) == "How many? optional For example: 1,200 not known yet, asked at 10:05"
    assert 'aria-describedby="id_count-example"' in shown
    assert "In their own words" not in str(forms.field(form["note"], help=False))


def test_markup_of_a_widget_is_not_escaped_twice(forms: Any) -> None:
    shown = str(forms.field(gallery.RaiseForm()["service"], beside=SafeString("<b>now</b>")))
    assert '<option value="payroll">Payroll</option>' in shown
    assert "<b>now</b>" in shown


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "409", "500", "csrf"])
def test_error_pages_stand_without_person_session_or_database(env: Environment, name: str) -> None:
    shown = env.get_template(f"errors/{name}.html").render()
    assert re.search(r"<h1>[^<]{10,}</h1>", shown)
    assert "UTC" in shown
    assert 'href="/"' in shown


def test_each_icon_that_a_template_names_is_a_drawing() -> None:
    drawings = ROOT / "node_modules/@tabler/icons/icons/outline"
    if not drawings.is_dir():
        pytest.skip("npm packages are not installed: run `make setup`")
    sources = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r"""\bicon(?:_name)?\s*[(=]\s*['"]([a-z0-9-]+)['"]""", sources))
    assert named
    assert {name for name in named if not (drawings / f"{name}.svg").is_file()} == set()
