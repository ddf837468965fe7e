"""docs/checks.md says what the code does: every code with its severities, and both tables as they are made."""

import ast
from collections import defaultdict
from pathlib import Path

from comms import rules
from comms.rules.checking import catalogue
from comms.rules.checking.catalogue import CHECKS
from tools import checks_table

FOLDER = Path(rules.__file__).parent
SEVERITIES = {"ERROR": "error", "WARNING": "warning", "ADVICE": "advice"}


def spoken() -> dict[str, set[str]]:
    """The codes that the rules can speak with, and the severities that stand beside them as plain names."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            given = {each.arg: each.value for each in node.keywords}
            code, severity = given.get("code"), given.get("severity")
            for constant in ast.walk(code) if code is not None else ():
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    found[constant.value] |= {
                        SEVERITIES[name]
                        for each in (ast.walk(severity) if severity is not None else ())
                        if (name := getattr(each, "id", getattr(each, "attr", ""))) in SEVERITIES
                    }
    return dict(found)


def test_every_code_that_can_be_spoken_is_explained() -> None:
    explained = {check.code: set(check.severities) for check in CHECKS}
    said = spoken()
    assert len(said) > 20
    assert {code: severities - explained.get(code, set()) for code, severities in said.items()} == {
        code: set() for code in said
    }


def test_codes_are_in_order_and_said_once() -> None:
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))


def test_the_page_is_as_the_code_has_it() -> None:
    text = checks_table.PAGE.read_text(encoding="utf-8")
    assert sum(line.startswith("| C") for line in text.splitlines()) == len(CHECKS)
    assert checks_table.page(text) == text, "run python tools/checks_table.py"


def test_the_codes_that_read_english_are_codes() -> None:
    known = [check.code for check in catalogue.CHECKS]
    english = [*catalogue.READS_ONLY_ENGLISH, *catalogue.READS_MOSTLY_ENGLISH]
    assert set(english) <= set(known)
    assert len(set(english)) == len(english)
    assert [check.code for check in catalogue.only_english()] == list(catalogue.READS_ONLY_ENGLISH)
    assert [check.code for check in catalogue.mostly_english()] == list(catalogue.READS_MOSTLY_ENGLISH)
