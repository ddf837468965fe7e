"""C11, what screens show: an error code that is not the recorded one (domain.md 4.3)."""

import re
from collections.abc import Iterator
from typing import Final

from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.places import check_places
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, Finding

# “(code 5003)”, “NO HOST - E204”, “Unavailable (T-409)”: in quotes or brackets, or behind a word for it.
_SHOWN: Final = re.compile(
    r"[“„\"«][^“”„\"«»\n]{0,80}|\([^()\n]{0,80}|\b(?:code|error|message|fault)\s[^.;\n]{0,24}", re.IGNORECASE
)
_CODE: Final = re.compile(
    r"(?<![\w-])(?P<stem>[A-Z]{1,6}-?|(?i:code|error)\s)?(?P<number>\d{2,6})(?!\d|[\w:.,%-]\w|[:%])"
)


def codes(draft: Draft, text: str) -> Iterator[Finding]:
    """“(T-490)” where the record has “(T-409)”: readers search for what they see."""
    if draft.recorded is None:
        return
    known: dict[str, set[str]] = {}
    for said in draft.recorded.texts:
        for stem, number, _hit in _codes(said):
            known.setdefault(stem, set()).add(number)
    if not known:
        return
    parts = tuple(sentences.statements(text))
    for stem, number, hit in _codes(text):
        right = known.get(stem, set())
        if not right or number in right or check_places.tells_of_before(draft, sentences.around(parts, hit.start())):
            continue
        shown = f"{hit['stem'] or ''}{min(right)}"
        message = f"The record says {shown}; the text says {hit.group()}."
        yield findings.at(hit, code="C11", severity=ERROR, message=message, suggestions=(shown,), rule="code")


def _codes(text: str) -> Iterator[tuple[str, str, re.Match[str]]]:
    """The codes that a text shows: what stands before the number, the number, and where. A bare number is one in the
    brackets of what is quoted: “Payment refused (91)”.
    """
    seen: set[int] = set()
    for shown in _SHOWN.finditer(text):
        for hit in _CODE.finditer(text, *shown.span()):
            stem = (hit["stem"] or "").strip().casefold()
            is_alone = text[shown.start()] != "(" and text[hit.start() - 1] == "(" and text[hit.end() :][:1] == ")"
            if hit.start() not in seen and (stem or is_alone) and stem not in {"p", "mi-", "utc-", "gmt-"}:
                seen.add(hit.start())
                yield stem or "()", hit["number"], hit
