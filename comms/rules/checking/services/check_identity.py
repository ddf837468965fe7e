"""C11, identity: which priority, which incident."""

import re
from collections.abc import Iterator
from typing import Final

from comms.choices import UpdateKind
from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, Finding

_PRIORITY: Final = re.compile(
    r"(?<![\w-])(?:P([1-5])|(?:priority|sev(?:erity)?)(?:[ -]|\s*[:=]\s*|\s+is\s+)?([1-5]))(?![\w-])", re.IGNORECASE
)
_CHANGED: Final = re.compile(
    r"\b(?:from|was|previously|downgrade[ds]?|lowered|raised|upgrade[ds]?|now|to)\b", re.IGNORECASE
)
_REFERENCE: Final = r"MI-\d{4}-\d{3,9}"


def priority(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: another priority than the incident has."""
    record = draft.recorded
    if record is None or not record.priority:
        return
    parts = tuple(sentences.statements(text))
    told = {f"P{hit[1] or hit[2]}" for each in record.texts for hit in _PRIORITY.finditer(each)}
    of_changes = {each for each in parts if _CHANGED.search(each.text)}
    for hit in _PRIORITY.finditer(text):
        said = f"P{hit[1] or hit[2]}"
        is_change = draft.kind == UpdateKind.DOWNGRADE or sentences.around(parts, hit.start()) in of_changes
        if said == record.priority or (is_change and said in record.former_priorities | told):
            continue
        message = f"The incident is {record.priority}; the text says {said}."
        yield findings.at(
            hit, code="C11", severity=ERROR, message=message, suggestions=(record.priority,), rule="priority"
        )


def reference(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: the number of another incident, which is not linked to this one."""
    record = draft.recorded
    if record is None or not record.reference:
        return
    known = " ".join(record.texts).upper()
    for hit in _references(record.reference).finditer(text):
        said = hit.group().upper()
        if said == record.reference or said in record.linked_references or said in known:
            continue
        message = f"This is {record.reference}; the text says {said}, which is not linked to it."
        yield findings.at(
            hit, code="C11", severity=ERROR, message=message, suggestions=(record.reference,), rule="reference"
        )


def _references(own: str) -> re.Pattern[str]:
    """Numbers of incidents: ours, and those in the shape of this one's, “INC-559034”."""
    shape = re.sub(r"\\?[0-9]+", lambda hit: rf"\d{{{len(hit.group())}}}", re.escape(own))
    is_like = re.search(r"[A-Za-z]", own) is not None and re.search(r"\d{3}", own) is not None
    return re.compile(rf"(?<![\w-])(?:{_REFERENCE}{f'|{shape}' if is_like else ''})(?![\w-])", re.IGNORECASE)
