"""Catalogues of other languages: compiled as they are written, complete for status pages, without a stale line."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from comms.choices import ComponentState, MaintenanceState
from incidents.choices import Certainty
from tools import catalogues

ROOT = catalogues.LOCALE.parent
SOURCES = [*catalogues.LOCALE.glob("*/LC_MESSAGES/django.po")]
MODULES = ("status_words", "status_bars", "estimates")
PLACE = re.compile(r"%\(\w+\)[sd]")


def sources() -> Iterator[str]:
    """Every text that a status page asks for, by its first form."""
    for page in (ROOT / "templates" / "status").glob("*.html"):
        with page.open("rb") as file:
            for _line, _function, found, _remarks in babel_extract(
                file, ["_", "gettext", "ngettext"], [], {"silent": "false"}
            ):
                yield found if isinstance(found, str) else next(each for each in found or () if isinstance(each, str))
    for name in MODULES:
        tree = ast.parse((ROOT / "comms" / "rendering" / f"{name}.py").read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext"):
                yield from (str(arg.value) for arg in call.args[:1] if isinstance(arg, ast.Constant))
    for words in (ComponentState, MaintenanceState, Certainty):
        yield from (str(each.label) for each in words)


def ids(source: Path) -> list[str]:
    return [entry["msgid"] for entry in catalogues.entries(source.read_text(encoding="utf-8")) if entry["msgid"]]


def test_there_are_two() -> None:
    assert {source.parent.parent.name for source in SOURCES} == {"de", "fr"}


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_it_is_compiled_as_it_is_written(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    message = "run python tools/catalogues.py"
    assert source.with_suffix(".mo").read_bytes() == catalogues.compiled(text), message


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_what_is_filled_in_stands_in_every_form(source: Path) -> None:
    for entry in catalogues.entries(source.read_text(encoding="utf-8")):
        original = entry.get("msgid_plural", entry["msgid"])
        for key, form in entry.items():
            if key.startswith("msgstr") and entry["msgid"]:
                assert form.strip(), entry
                extra = Counter(PLACE.findall(form)) - Counter(PLACE.findall(original))
                lost = Counter(PLACE.findall(entry["msgid"])) - Counter(PLACE.findall(form))
                assert not extra, entry
                assert not lost, entry


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_it_has_the_words_of_status_pages_and_no_others(source: Path) -> None:
    wanted, held = set(sources()), ids(source)
    assert len(held) == len(set(held)) > 80
    assert set(held) <= wanted, set(held) - wanted
    # A text that is new on a page is English until it is translated; most of them must be.
    assert len(set(held) & wanted) >= 0.9 * len(wanted), wanted - set(held)
