"""Writes the tables of docs/checks.md from the rules themselves: `python tools/checks_table.py`."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from comms.rules.checking.catalogue import CHECKS
from comms.rules.checking.wording.check_content import READERS, TABLE, Asked, Element

PAGE = Path(__file__).resolve().parent.parent / "docs" / "checks.md"
_WORDS = {Asked.MUST: "must", Asked.MUST_NOT: "must not"}


def checks() -> Iterator[str]:
    """One line a code."""
    yield "| code | looks at | readers | severity | what to do |"
    yield "|---|---|---|---|---|"
    for check in CHECKS:
        severity = ", ".join(check.severities) + (" (also initial and holding)" if check.stops_all else "")
        yield f"| {check.code} | {check.looks_at} | {check.readers} | {severity} | {check.to_do} |"


def content() -> Iterator[str]:
    """One line an element, one column a kind."""
    yield f"| element | {' | '.join(str(kind) for kind in TABLE)} | readers |"
    yield "|---" * (len(TABLE) + 2) + "|"
    for element in Element:
        cells = [_WORDS[asked] if (asked := row.get(element)) else "" for row in TABLE.values()]
        readers = "all" if len(READERS[element]) == 6 else ", ".join(sorted(READERS[element])).replace("_", " ")
        yield f"| {element.value.replace('_', ' ')} | {' | '.join(cells)} | {readers} |"


def page(text: str) -> str:
    """The page with both tables as the code has them now."""
    for name, lines in (("checks", checks()), ("content", content())):
        start = text.index(f"<!-- {name} -->\n") + len(f"<!-- {name} -->\n")
        end = text.index("<!-- end -->", start)
        text = text[:start] + "\n".join(lines) + "\n" + text[end:]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
