"""Sentences and words of a message as its readers see them, and the school grade that reading them asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# A stop ends a sentence where white space follows and no small letter: not “09.30”, “e.g. this”, “v2.1”,
# nor the number of a list.
_END: Final = re.compile(r"(?m)(?<![.!?…])(?<!^\d)(?<!^\d\d)[.!?…]++[\"”’)\]]*+(?=\s+[^a-z\s]|\s*\Z)|\n+")
_STARTS_LINE: Final = re.compile(r"[\s>#]*(?:[-*•+]\s+|\d{1,3}[.)]\s+)?")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_WORDS: Final = re.compile(r"https?://\S+|(?<!\S)[^\s@]+@\S+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands."""

    start: int
    end: int
    text: str


def split(text: str) -> Iterator[Sentence]:
    """The sentences of a text in their order; a line of a list or a heading is one of its own."""
    begin = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        lead = _STARTS_LINE.match(text, begin, end)
        first = lead.end() if lead is not None else begin
        stripped = text[first:end].rstrip()
        if stripped:
            yield Sentence(first, first + len(stripped), stripped)
        begin = max(begin, end)


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
