"""Templates that people write: what they can say, and what they cannot reach, loop over or fill up."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mim_portal.lib import sandbox
from mim_portal.lib.sandbox import TemplateFault

VALUES: dict[str, Any] = {
    "name": "Payroll",
    "empty": "",
    "count": 3,
    "yes": True,
    "none": None,
    "impact": {"who": "store staff", "where": "Ireland"},
    "sites": ["Dublin", "Cork"],
    "rows": [{"at": "10:10"}, {"at": "10:40"}],
    "many": ["x" * 50] * 200,
    "long": "y" * 10_000,
}


def render(source: str) -> str:
    return sandbox.render(source, VALUES)


def fault(source: str) -> TemplateFault:
    with pytest.raises(TemplateFault) as caught:
        render(source)
    return caught.value


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Plain words.", "Plain words."),
        ("{{ name }} in {{ impact.where }}, {{ impact['who'] }}", "Payroll in Ireland, store staff"),
        ("{{ sites[0] }}{{ sites[1] }}", "DublinCork"),
        ("{{ count }} {{ yes }} [{{ none }}]", "3 True []"),
        ("{% if empty %}a{% elif count > 2 and not empty %}b{% else %}c{% endif %}", "b"),
        ("{{ 'on' if yes else 'off' }}", "on"),
        ("{% for site in sites %}{{ site }}{% if not loop.last %}, {% endif %}{% endfor %}", "Dublin, Cork"),
        ("{% for site in sites %}{{ loop.index }}{{ loop.length }}{% endfor %}", "1222"),
        ("{% for row in rows if row.at != '10:10' %}{{ row.at }}{% else %}none{% endfor %}", "10:40"),
        ("{{ sites|join(' and ') }} {{ sites|length }} {{ empty|default('nobody') }}", "Dublin and Cork 2 nobody"),
        ("{{ name|upper }} {{ name|lower }} {{ impact.who|capitalize }}", "PAYROLL payroll Store staff"),
        ("{{ ' a '|trim }}", "a"),
        ("{{ name|stop }} {{ 'Why?'|stop }}{{ empty|stop }}", "Payroll. Why?"),
        ("{% if name in ('Payroll', 'Till') %}yes{% endif %}{# a remark #}", "yes"),
        ("{% raw %}{{ name }}{% endraw %} <b>&amp;", "{{ name }} <b>&amp;"),
    ],
)  # fmt: skip
def test_what_templates_say(source: str, text: str) -> None:
    assert render(source) == text


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("a\nb {{ nobody }}", 2, "no value “nobody”"),
        ("{% if empty %}\n{{ nobody }}{% endif %}", 2, "no value “nobody”"),
        ("a\n\n{{ impact.count }}", 3, "“impact” has no “count”"),
        ("{% for row in rows %}\n{{ row.when }}\n{% endfor %}", 2, "when"),
        ("{{ name", 1, "end of print statement"),
        ("a\n{% if name %}b", 2, "end of"),
        ("\n{{ impact }}", 2, "no single value"),
        ("{{ rows|join }}", 1, "lists of texts"),
        ("{{ count|upper }}", 1, "works on texts"),
        ("{{ count|length }}", 1, "texts and lists"),
        ("{{ name|reverse }}", 1, "There is no filter “reverse”"),
        ("{{ name < 3 }}", 1, "not supported"),
        ("{% for a, b in rows %}{% endfor %}", 1, "with one name"),
        ("{% for name in sites %}{% endfor %}", 1, "Call it otherwise"),
        ("{% for _budget in sites %}{% endfor %}", 1, "Call it otherwise"),
    ],
)
def test_what_is_wrong_and_where(source: str, line: int, words: str) -> None:
    found = fault(source)
    assert (found.line, words in found.message) == (line, True), found.message


@pytest.mark.parametrize(
    "source",
    [
        "{{ name.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''['__class__'] }}",
        "{{ impact['__class__'] }}",
        "{{ impact.items }}{{ impact.keys }}",
        "{{ sites.append }}",
        "{{ name|attr('__class__') }}",
        "{{ rows|map(attribute='at') }}",
        "{{ rows|list }}",
        "{{ name|format }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ '%s' % name }}",
        "{{ name.upper() }}",
        "{{ cycler }}",
        "{{ lipsum }}",
        "{{ joiner }}",
        "{{ namespace }}",
        "{{ range(3) }}",
        "{{ dict }}",
        "{{ self }}",
        "{{ self.__init__ }}",
        "{{ caller }}",
        "{{ varargs }}",
        "{{ _budget }}",
        "{{ _ }}",
        "{{ loop }}",
        "{% for site in sites %}{{ loop }}{% endfor %}",
        "{% for site in sites %}{{ loop.cycle }}{% endfor %}",
        "{% for site in sites %}{{ loop.__class__ }}{% endfor %}",
        "{% for site in sites %}{{ loop['_iterable'] }}{% endfor %}",
        "{% for site in sites recursive %}{{ loop(sites) }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'base.html' %}",
        "{% import 'base.html' as b %}",
        "{% from 'base.html' import b %}",
        "{% extends 'base.html' %}",
        "{% block b %}{% endblock %}",
        "{% set x = name %}",
        "{% set x %}a{% endset %}",
        "{% with x = name %}{% endwith %}",
        "{% call name() %}{% endcall %}",
        "{% filter upper %}a{% endfilter %}",
        "{% autoescape false %}{% endautoescape %}",
        "{% do name %}",
        "{{ name is defined }}",
        "{{ name[0:1] }}",
        "{{ {'a': 1} }}",
        "{{ -count }}",
    ],
)
def test_nothing_leads_out(source: str) -> None:
    assert fault(source).line == 1


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' * 10**9 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ " + "9" * 5_000 + " }}",
        "{{ name ~ name }}",
        "{{ name + name }}",
        "{{ sites * 1000000 }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for letter in long %}x{% endfor %}",
        "{% for key in impact %}x{% endfor %}",
        "{% for a in many %}{% for b in many %}{% for c in many %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in many %}{{ a }}{{ a }}{{ a }}{% endfor %}",
        "{% for a in many %}{{ long }}{% endfor %}",
        "{{ many|join(long) }}",
        "{{ long }}" * 6,
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{{ " + "not " * 1_500 + "name }}",
        "{{ name" + "|upper" * 1_000 + " }}",
        "{% for a in sites %}" * 25 + "{% endfor %}" * 25,
        "{% if name %}" * 200 + "{% endif %}" * 200,
        "{{ name" + ".a" * 3_000 + " }}",
        "x" * 8_001,
    ],
)
def test_nothing_grows_without_bound(source: str) -> None:
    began = time.process_time()
    fault(source)
    assert time.process_time() - began < 1


def test_the_dearest_template_that_may_run_takes_little_time() -> None:
    """Every step at its dearest: long texts changed, compared and searched in every round of a loop."""
    costly = "{% if 'yyyyyz' in long|lower or long == long|upper %}x{% endif %}"
    body = costly * 10
    source = "{% for a in many %}" + body + "{% endfor %}"
    began = time.process_time()
    assert "too often" in fault(source).message
    assert time.process_time() - began < 1


def test_long_values_are_cut() -> None:
    assert len(render("{{ long }}")) == sandbox.TEXT
    assert sandbox.plain(["a"] * 500) == ["a"] * sandbox.ITEMS


class Secret(str):
    """A text with something behind it, as lazy translations and marked-up texts are."""

    password = "swordfish"


def test_values_are_copies_of_plain_data() -> None:
    assert type(sandbox.plain(Secret("a"))) is str
    assert sandbox.plain({"a": (1, 2.5, None, True)}) == {"a": [1, 2.5, None, True]}
    with pytest.raises(TypeError, match="object is not plain data"):
        sandbox.plain(object())
    with pytest.raises(TypeError, match="not plain data"):
        sandbox.render("{{ a }}", {"a": time.time})


def test_branches_that_are_not_reached_are_checked_too() -> None:
    sandbox.check("{% if empty %}{{ impact.where }}{% endif %}", VALUES)
    with pytest.raises(TemplateFault):
        sandbox.check("{% if empty %}{{ impact.were }}{% endif %}", VALUES)


def attempt(source: str) -> str | TemplateFault:
    try:
        return render(source)
    except TemplateFault as found:
        return found


_BITS = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "name",
        "impact",
        ".",
        "sites",
        "rows",
        "|",
        "join",
        "upper",
        "(",
        ")",
        "[",
        "]",
        "0",
        "9",
        "'",
        '"',
        "x",
        "for",
        "in",
        "endfor",
        "if",
        "else",
        "endif",
        "loop",
        "__class__",
        "-",
        "+",
        "*",
        "**",
        "~",
        "%",
        ",",
        ":",
        "set",
        "macro",
        "endmacro",
        "self",
        "range",
        "is",
        "not",
        "recursive",
        "{",
        "}",
        "raw",
        "endraw",
        "\\",
        "\x00",
        "é",
        "🙂",
        "=",
        "==",
        "<",
        "and",
        "attr",
        "format",
        "include",
        "autoescape",
        "endautoescape",
        "_budget",
        " ",
        "\n",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_BITS, max_size=40).map(" ".join) | st.lists(_BITS, max_size=40).map("".join) | st.text(max_size=200))
def test_anything_written_gives_a_text_or_a_fault_with_its_line(source: str) -> None:
    found = attempt(source)
    if isinstance(found, TemplateFault):
        assert 1 <= found.line <= source.count("\n") + source.count("\r") + 1
        assert found.message
    else:
        assert len(found) <= sandbox.OUTPUT
        assert [word for word in ("<class", "<built-in", "object at 0x") if word in found] == []
