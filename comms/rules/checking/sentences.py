"""Sentences and words of a message as its readers see them, and the school grade that reading them asks for."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# A stop ends a sentence where white space follows and no small letter: not “09.30”, “e.g. this”, “v2.1”,
# nor the number of a list. A name like “fra-1c” may begin one.
_END: Final = re.compile(
    r"(?m)(?<![.!?…])(?<!^\d)(?<!^\d\d)(?<!e\.g)(?<!i\.e)[.!?…]++[\"”’)\]]*+"
    r"(?=\s+(?:[^a-z\s]|[a-z]{1,12}-\w{0,12}\d)|\s*\Z)|\n+"
)
# Where a sentence goes on to say something else: “…, but England is not affected”. A gap begins where no white space
# stands before it, so that a long one is looked at once.
_TURN: Final = re.compile(r";\s+|(?:,|(?<![\s,]))\s+(?:but|while|whereas|although)\s+", re.IGNORECASE)
_STARTS_LINE: Final = re.compile(r"[\s>#]*(?:[-*•+]\s+|\d{1,3}[.)]\s+)?")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_WORDS: Final = re.compile(r"https?://\S+|(?<!\S)[^\s@]+@\S+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a part of one, and where it begins."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def split(text: str) -> Iterator[Sentence]:
    """The sentences of a text in their order; a line of a list or a heading is one of its own."""
    begin = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        lead = _STARTS_LINE.match(text, begin, end)
        first = lead.end() if lead is not None else begin
        stripped = text[first:end].rstrip()
        if stripped:
            yield Sentence(stripped, first)
        begin = max(begin, end)


def statements(text: str) -> Iterator[Sentence]:
    """Sentences, parted again where they go on to say something else, so that each part is compared alone."""
    return iter(_statements(text))


@lru_cache(maxsize=16)  # many rules read the same text
def _statements(text: str) -> tuple[Sentence, ...]:
    return tuple(_parted(text))


def _parted(text: str) -> Iterator[Sentence]:
    for sentence in split(text):
        begin = 0
        for start, end in (*(turn.span() for turn in _TURN.finditer(sentence.text)), (len(sentence.text),) * 2):
            if sentence.text[begin:start].strip():
                yield Sentence(sentence.text[begin:start], sentence.start + begin)
            begin = end


def around(parts: Sequence[Sentence], at: int) -> Sentence:
    """The one of the parts of a text in which this place lies; an empty one between two."""
    found = bisect_right(parts, at, key=lambda each: each.start) - 1
    return parts[found] if found >= 0 and at < parts[found].end else Sentence("", at)


def words(text: str) -> list[str]:
    """The words of a text: what consists of letters; addresses and numbers are none."""
    return _WORD.findall(_NO_WORDS.sub(" ", text))


def grade(text: str) -> float:
    """The school grade that reading the text asks for, by the Automated Readability Index (Senter and Smith, 1967).

    4.71 × letters per word + 0.5 × words per sentence − 21.43. It counts no syllables, so it needs no dictionary.
    """
    found = words(text)
    count = sum(bool(words(sentence.text)) for sentence in split(text))
    if not found or not count:
        return 0.0
    letters = sum(len(word) for word in found)
    return 4.71 * letters / len(found) + 0.5 * len(found) / count - 21.43
