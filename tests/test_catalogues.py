"""What status pages say is translated in full, and the compiled catalogues are those of the sources."""

import ast
import gettext
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.template import engines

from comms.choices import READERS_CHANNELS, ComponentState, MaintenanceState, PageLanguage, Repeat
from comms.rendering import page_languages
from comms.rules import endpoints
from incidents.choices import Certainty

ROOT = Path(__file__).resolve().parent.parent
# What is rendered in the language of a page; the page of one that was retired is the portal's.
PAGES = [path for path in sorted((ROOT / "templates" / "status").glob("*.html")) if path.stem != "retired"]
# What its readers open and are sent to hear of it.
READERS = ("comms/subscri*.html", "comms/readers_layout.html", "components/forms.html", "messages/subscribe/*")
KEEPERS = {"subscribers", "subscribers_import"}
TEMPLATES = PAGES + [
    path
    for pattern in (*READERS, "messages/maintenance/*")
    for path in sorted((ROOT / "templates").glob(pattern))
    if path.stem not in KEEPERS
]
MODULES = (
    *(f"comms/rendering/{name}.py" for name in ("status_words", "feeds", "status_bars", "status_embed", "estimates")),
    *(f"comms/services/subscriptions/{name}.py" for name in ("asking", "keeping", "limits", "places")),
    "comms/rendering/parcels.py",
    "comms/rendering/windows.py",
    "comms/forms/subscriptions.py",
    "comms/queries/subscriptions/scopes.py",
)
# Whose refusals a subscriber reads: rules speak English, whoever shows them translates.
RULES = ("teams/rules/mail_address.py", "comms/rules/endpoints.py", "comms/rules/numbers.py")
# Of the frame around every page of the portal.
FRAME = ("Light or dark colours", "Switch between light and dark colours")
TRANSLATED = sorted(set(PageLanguage.values) - {"en"})
Message = tuple[str, ...]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def messages() -> set[Message]:
    """Everything that a status page says of itself: one form, or the singular and the plural."""
    found = set(_of_templates())
    for name in MODULES:
        found |= set(_of_module(ROOT / name))
    found |= {("%s: planned maintenance",), *((said,) for said in FRAME), *((said,) for said in refusals())}
    kinds = (READERS_CHANNELS, ComponentState, MaintenanceState, Repeat, Certainty)
    return found | {(str(each.label),) for kind in kinds for each in kind}


def refusals() -> set[str]:
    """Why an address cannot be used: sentences without a value in them, in rules that know no language."""
    found = set()
    for name in RULES:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unusable":
                found |= {
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return found | {words for _pattern, words in endpoints.EXAMPLES.values()}


def _of_templates() -> Iterator[Message]:
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    for path in TEMPLATES:
        for _line, _function, said in env.extract_translations(path.read_text(encoding="utf-8")):
            yield (said,) if isinstance(said, str) else tuple(each for each in said if each)


def _of_module(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
            words = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if words:
                yield tuple(words)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated_and_no_value_is_lost(language: str, tool: ModuleType) -> None:
    source = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    known = tool.entries(source.read_text(encoding="utf-8"))
    wanted = messages()
    assert len(wanted) > 80
    missing = [said for said in sorted(wanted) if not known.get("\0".join(said))]
    assert missing == []
    assert sorted(set(known) - {"\0".join(said) for said in wanted} - {""}) == []
    for said, translated in known.items():
        if said:
            forms, given = said.split("\0"), translated.split("\0")
            assert len(forms) == len(given)
            assert placeholders(given[-1]) == placeholders(forms[-1]), said


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%s", text))


def test_what_is_compiled_is_what_is_written(tool: ModuleType) -> None:
    sources = tool.sources()
    assert [path.parts[-3] for path in sources] == TRANSLATED
    for source in sources:
        compiled = source.with_suffix(".mo").read_bytes()
        assert compiled == tool.compiled(source.read_text(encoding="utf-8")), "run: python tools/catalogues.py"
        with source.with_suffix(".mo").open("rb") as file:
            assert gettext.GNUTranslations(file).gettext("Services") != ""


def test_every_language_has_a_tag_and_its_own_name() -> None:
    assert set(page_languages.TAGS) == set(page_languages.NAMES) == set(PageLanguage.values)
