"""C11: another service that stands in a text in the place of one that the record names and the text does not."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.places import place_names, place_words
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.sentences import Sentence
from mim_portal.lib import findings
from mim_portal.lib.findings import ERROR, Finding

_LEAD: Final = 300  # characters before a name that say something of it
_AT_PLACE: Final = re.compile(r"\s+(?:at|in|across)\s+(?:the\s+)?(?P<place>[A-ZÀ-ÖØ-Þ][^.;\n]{0,60})")
# What people may use in its place, or what is well, is named rightly.
_INSTEAD: Final = re.compile(
    r"\b(?:instead|via|us(?:e|es|ed|ing)|alternative(?:ly)?|also|too|as well|both|other|another|depends?|needs?|works?|"
    r"normal(?:ly)?|fine|open|never|not affected|unaffected)\b",
    re.IGNORECASE,
)
_IS_TOLD: Final = re.compile(r"\s+(?:has|have|is|are|was|were)\b", re.IGNORECASE)
_TOLD_IN: Final = re.compile(
    r"\b(?:(?:in|on|through|your|about|for|with)\s+(?:the\s+|our\s+)?|\d[\d,]*\s+)$", re.IGNORECASE
)
_STAYED_WELL: Final = re.compile(
    r"\b(?:worked|ran|remained|remains?|stayed|stays?|(?:has|have) been)\s+"
    r"(?:throughout|available|open|up|normal(?:ly)?|as usual)\b|\b(?:is|are|was|were)\s+working\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"\b(?:please|use|using|instead|via|through|log in|sign in|go to|open)\b", re.IGNORECASE)


class StandIns:
    """Which services that the record holds no word of (`unknown`) stand for one that it names."""

    def __init__(self, draft: Draft, record: Recorded, *, unknown: Iterable[str]) -> None:
        self.is_named = record.service.casefold() in draft.body.casefold()
        self.is_only_one = not self.is_named and sum(name in draft.body for name in unknown) == 1
        self.where = () if self.is_named else tuple(place_names.recorded(draft, record))
        named = [name for name in draft.known.services if name in record.workaround]
        ways = [name for name in named if not any(name in other and name != other for other in named)]
        self.lacks_way = bool(ways) and not any(name in draft.body for name in ways)

    def are(self, sentence: Sentence, hit: re.Match[str]) -> bool:
        """Whether this one is a stand-in, of the incident's own service or of the way round it."""
        return (
            self._is_at_its_place(sentence, hit)
            or (self.lacks_way and _ASKS.search(sentence.text) is not None)
            or (self.is_only_one and _is_told_of(sentence, hit))
        )

    def _is_at_its_place(self, sentence: Sentence, hit: re.Match[str]) -> bool:
        """“Opened for Rostering at Leeds”, a recorded place, where the text names its own service nowhere."""
        behind = _AT_PLACE.match(sentence.text, hit.end()) if self.where else None
        return behind is not None and any(behind["place"].startswith(each) for each in self.where)


def _is_told_of(sentence: Sentence, hit: re.Match[str]) -> bool:
    """Whether something is told of it, or in it: “Rostering has been late”, “your hours in Rostering”."""
    lead = sentence.text[max(hit.start() - _LEAD, 0) : hit.start()]
    is_subject = not lead.rpartition(": ")[2].strip(" *_#-") and _IS_TOLD.match(sentence.text, hit.end()) is not None
    if not is_subject and _TOLD_IN.search(lead) is None:
        return False
    return _INSTEAD.search(sentence.text) is None


def other_called_well(draft: Draft, text: str) -> Iterator[Finding]:
    """C11: a service that the record holds no word of is said to be well, and the one that the record says it of stands
    nowhere.
    """
    record = draft.recorded
    if record is None:
        return
    left = [each for each in draft.known.services if each in record.not_affected and each not in draft.body]
    said = record.folded
    others = [each for each in draft.known.services if each.casefold() not in said]
    if not left or not others:
        return
    pattern = findings.any_of(others, within=text, flags=re.NOFLAG)
    for sentence in sentences.statements(text):
        if not (place_words.UNAFFECTED.search(sentence.text) or _STAYED_WELL.search(sentence.text)):
            continue
        for hit in pattern.finditer(sentence.text):
            yield findings.at(
                hit,
                code="C11",
                severity=ERROR,
                message=f"The record says that {left[0]} is not affected; the text says it of {hit.group()}.",
                suggestions=(left[0],),
                rule="other_well",
                offset=sentence.start,
            )
