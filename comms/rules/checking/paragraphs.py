"""A text as paragraphs, each of which can be checked for itself, and what the checker says of it put together again."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from comms.rules.checking.wording.language import LanguageMatch
from comms.rules.checking.wording.language_kinds import needs_neighbours

BETWEEN: Final = "\n\n"
# Counts up when what is remembered of a paragraph changes its meaning.
_EDITION: Final = "1"
_BLANK_LINES: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and where it begins, in UTF-16 units as the checker counts."""

    offset: int
    text: str


def split(text: str) -> list[Paragraph]:
    """The paragraphs of a text: what blank lines part. Those that say nothing are left out."""
    found, start, offset = [], 0, 0
    for end, after in (*((gap.start(), gap.end()) for gap in _BLANK_LINES.finditer(text)), (len(text), len(text))):
        piece = text[start:end]
        if piece.strip():
            found.append(Paragraph(offset, piece))
        offset += units(text[start:after])
        start = after
    return found


def key(text: str, *, language: str) -> str:
    """The name under which a paragraph's answer is kept. It says nothing about the paragraph.

    Our words are no part of it: they are taken out of the answer afterwards, so that a new term counts at once.
    """
    return hashlib.sha256("\0".join((_EDITION, language, text)).encode("utf-8", "surrogatepass")).hexdigest()


def joined(texts: Iterable[str]) -> str:
    """Paragraphs as one text, for one question."""
    return BETWEEN.join(texts)


def shared_out(texts: Sequence[str], matches: Iterable[LanguageMatch]) -> list[tuple[LanguageMatch, ...]]:
    """What was said of the joined text, by paragraph, with offsets in each.

    What depends on other paragraphs is left out: it would be another answer beside other neighbours.
    """
    answers: list[list[LanguageMatch]] = [[] for _ in texts]
    spans = list(_spans(texts))
    for match in matches:
        for index, (start, end) in enumerate(spans):
            if start <= match.offset < end:
                own = replace(match, offset=match.offset - start)
                inside = match.offset + match.length <= end
                if inside and not needs_neighbours(own.rule_id, at_start=not texts[index][: own.offset].strip()):
                    answers[index].append(own)
    return [tuple(answer) for answer in answers]


def placed(paragraphs: Iterable[Paragraph], answers: Mapping[str, Iterable[LanguageMatch]]) -> Iterator[LanguageMatch]:
    """The answers by text, moved to where the paragraphs stand."""
    for paragraph in paragraphs:
        for match in answers[paragraph.text]:
            yield replace(match, offset=match.offset + paragraph.offset)


def units(text: str) -> int:
    """Length in UTF-16 units: characters beyond the basic plane count two."""
    return len(text) + sum(ord(each) > 0xFFFF for each in text)


def _spans(texts: Iterable[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for text in texts:
        end = start + units(text)
        yield start, end
        start = end + len(BETWEEN)
