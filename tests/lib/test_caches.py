"""Compiled templates are kept in the account's cache, and nothing but time depends on it."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from mim_portal.jinja2 import environment


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "mim-portal" / "templates"


def of(source: str) -> Environment:
    return environment(loader=DictLoader({"page.html": source}), autoescape=True)


def test_a_template_is_compiled_once_and_anew_where_it_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert of("<b>{{ word }}</b>").get_template("page.html").render(word="<one>") == "<b>&lt;one&gt;</b>"
    (kept,) = home.iterdir()
    assert home.stat().st_mode & 0o077 == 0
    assert kept.stat().st_mode & 0o022 == 0
    with monkeypatch.context() as patched:
        patched.setattr(Environment, "compile", None)  # whoever compiles fails
        assert of("<b>{{ word }}</b>").get_template("page.html").render(word="two") == "<b>two</b>"
    assert of("<i>{{ word }}</i>").get_template("page.html").render(word="three") == "<i>three</i>"
    assert list(home.iterdir()) == [kept]


def test_what_is_broken_there_is_written_anew(home: Path) -> None:
    of("one").get_template("page.html")
    (kept,) = home.iterdir()
    for rubbish in (b"", b"rubbish", kept.read_bytes()[:-7]):
        kept.write_bytes(rubbish)
        assert of("one").get_template("page.html").render() == "one"
        assert kept.read_bytes() != rubbish


def test_without_a_place_to_write_pages_are_shown_all_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = of("one")
    home.rmdir()  # it goes away while the portal runs
    assert env.get_template("page.html").render() == "one"
    home.parent.joinpath("templates").write_text("a file where the folder should be")
    assert of("two").get_template("page.html").render() == "two"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", _homeless)
    assert of("three").get_template("page.html").render() == "three"


def _homeless() -> Path:
    raise RuntimeError("Could not determine home directory.")
