"""Templates compile, name their page, bring no code of their own into it, and say every word through gettext."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent / "templates"
EVERY = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.suffix in {".html", ".txt"})
HTML = [name for name in EVERY if name.endswith(".html")]
MAILS = sorted({path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("messages/*/*.*")})
# What is no page of the portal: mails and published status pages have their own frame, fragments have none.
FRAMED = [
    name
    for name in HTML
    if not name.startswith(("messages/", "components/")) and "/_" not in name and "layout" not in name
]


def source(name: str) -> str:
    return (ROOT / name).read_text()


def environment() -> Environment:
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    env: Environment = engine.env
    return env


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", EVERY)
def test_it_compiles(name: str) -> None:
    assert environment().get_template(name).root_render_func is not None


def names_page(name: str) -> bool:
    """Whether the template fills the title itself, is a frame with one, or leaves it to the frame that it extends."""
    tree = environment().parse(source(name))
    if any(block.name == "title" for block in tree.find_all(nodes.Block)) or "<title>" in source(name):
        return True
    parents = [node.template.value for node in tree.find_all(nodes.Extends) if isinstance(node.template, nodes.Const)]
    return any(parent != "base.html" and names_page(parent) for parent in parents)


@pytest.mark.parametrize("name", FRAMED)
def test_every_page_has_a_title(name: str) -> None:
    assert names_page(name), f"{name} has no title block"


@pytest.mark.parametrize("name", [name for name in HTML if not name.startswith("messages/")])
def test_no_code_stands_in_a_page(name: str) -> None:
    """The policy forbids it (no unsafe-inline), so it would silently do nothing."""
    text = without_comments(source(name))
    assert re.findall(r"\sstyle\s*=\s*[\"']", text) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", text) == []
    assert re.findall(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", text, flags=re.IGNORECASE) == []
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, flags=re.DOTALL):
        assert " src=" in attributes or "nonce=" in attributes or "application/json" in attributes, attributes
        assert not (" src=" in attributes and body.strip())
    assert [tag for tag in re.findall(r"<style[^>]*>", text) if "nonce=" not in tag] == []


def test_nothing_is_marked_safe_by_hand() -> None:
    """`|safe` is where scripts get in; the one filter that makes HTML is `markdown`, which cleans it."""
    assert [name for name in HTML if re.search(r"\|\s*safe\b|autoescape\s+false", without_comments(source(name)))] == []


@pytest.mark.parametrize("folder", MAILS)
def test_a_mail_has_a_subject_and_both_bodies(folder: str) -> None:
    present = {path.name for path in (ROOT / folder).iterdir() if path.is_file()}
    if folder in {"messages/correction", "messages/withdrawal"}:  # messages/update/ says what they do not
        present |= {path.name for path in (ROOT / "messages/update").iterdir()}
    assert present >= {"subject.txt", "body.txt", "body.html"}


def bare(text: str) -> list[str]:
    """Runs of three words or more between the tags that no gettext call has touched."""
    text = without_comments(text)
    text = re.sub(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style|svg|code|pre)\b.*?</\1>", "\0", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\0", text)
    return [run.strip() for run in text.split("\0") if len(re.findall(r"[A-Za-z]{2,}", run)) >= 3]


def bare_attributes(text: str) -> list[str]:
    """Words of attributes that people read or hear."""
    found = re.findall(r"\b(?:title|placeholder|aria-label|alt)=\"([^\"{}]*)\"", without_comments(text))
    return [value for value in found if len(re.findall(r"[A-Za-z]{2,}", value)) >= 2]


@pytest.mark.parametrize("name", EVERY)
def test_words_go_through_gettext(name: str) -> None:
    assert bare(source(name)) == []
    assert bare_attributes(source(name)) == []


def test_the_check_of_words_finds_what_it_looks_for() -> None:
    assert bare("<p>Nobody has answered yet.</p>") == ["Nobody has answered yet."]
    assert bare("<p>{{ _('Nobody has answered yet.') }}</p><b>P1</b>{# a remark for us #}") == []
    assert bare("{% trans %}Nobody has answered yet.{% endtrans %}") == []
    assert bare_attributes('<input aria-label="Search incidents">') == ["Search incidents"]


def test_every_word_can_be_collected_for_translation() -> None:
    """gettext calls take literal text, so that a translator's tool finds all of them."""
    for name in EVERY:
        calls = len(re.findall(r"(?<![\w.])_\(", without_comments(source(name))))
        with (ROOT / name).open("rb") as file:
            found = list(babel_extract(file, ["_", "ngettext:1,2", "pgettext"], [], {"silent": "false"}))
        literal = [words for _line, function, words, _comments in found if function == "_" and words]
        assert len(literal) >= calls - source(name).count("ngettext("), name
