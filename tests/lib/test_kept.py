"""What is kept says what it said when it was written anew: in each language, escaped, and by kind."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from mim_portal.jinja2 import environment
from mim_portal.lib import kept

MACROS = "{% macro word(text, tone='plain') -%}<b data-tone={{ tone }}>{{ text }}</b>{%- endmacro %}"


@pytest.fixture
def env() -> Environment:
    return environment(
        loader=DictLoader({"macros.html": MACROS, "part.html": "{{ _('Save') }} {{ name }} {{ count() }}"}),
        autoescape=True,
    )


def said(env: Environment, source: str, **values: Any) -> str:
    return env.from_string(source).render(**values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ _('Save & close') }}", "Save & close"),
        ("{{ _('100 %%') }}", "100 %"),
        ("{{ _('To %(name)s', name=name) }}", "To &lt;b&gt;"),
        ("{% trans name=name %}To {{ name }}{% endtrans %}", "To &lt;b&gt;"),
        ("{% autoescape false %}{{ _('To %(name)s', name=name) }}{% endautoescape %}", "To <b>"),
        ("{{ 'Save'|upper if _('Save') == 'Save' }}", "SAVE"),
    ],
)
def test_words_are_escaped_as_their_place_asks(env: Environment, source: str, expected: str) -> None:
    for _again in range(2):
        assert said(env, source, name="<b>") == expected


def test_each_language_has_its_own_words(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = {"de": "Sichern", "fr": "Enregistrer"}
    monkeypatch.setattr(translation, "gettext", lambda message: spoken[kept.language()])
    kept._said.cache_clear()
    kept._marked.cache_clear()
    for language in ("de", "fr", "de"):
        with translation.override(language):
            assert said(env, "{{ _('Save') }}") == spoken[language]
            once = env.globals["once"]
            assert once("part.html", name="x", count=str).startswith(spoken[language])  # type: ignore[operator]
    kept._said.cache_clear()
    kept._marked.cache_clear()


def test_a_macro_is_written_once_for_each_of_its_arguments() -> None:
    written: list[tuple[Any, ...]] = []

    def macro(*args: Any, **options: Any) -> str:
        written.append((*args, *options.items()))
        return f"{args}{options}"

    word = kept.macro(macro)
    assert word("a") == word("a") != word("b") != word("b", tone="warn")
    assert written == [("a",), ("b",), ("b", ("tone", "warn"))]


def test_markup_and_the_same_signs_as_typed_are_two_things(env: Environment) -> None:
    word = kept.macro(env.get_template("macros.html").module.word)  # type: ignore[attr-defined]
    signs = "<script>alert(1)</script>"
    assert signs in word(Markup(signs))
    assert signs not in word(signs)
    assert signs in word(text=Markup(signs))
    assert signs not in word(text=signs)


def test_a_fragment_is_rendered_once_for_each_of_its_values(env: Environment) -> None:
    asked = SimpleNamespace(times=0)

    def count() -> int:
        asked.times += 1
        return int(asked.times)

    source = "{{ once('part.html', name=name, count=count) }}"
    shown = [said(env, source, name=name, count=count) for name in ("<i>", "<i>", "other", Markup("<i>"))]
    assert shown == ["Save &lt;i&gt; 1", "Save &lt;i&gt; 1", "Save other 2", "Save <i> 3"]
