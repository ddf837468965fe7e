"""Words that incidents are found by: how a text is taken apart, what a person's words ask for, where they stand.

Texts and questions are taken apart alike, so that what was written is what is found: runs of letters, digits and
underscores, without regard to case. Nothing that a person types is an operator.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_WORD = 60
MOST_WORDS = 10
SHORTEST_BEGINNING = 3  # shorter words are matched whole: a letter or two begins too much
_WORD = re.compile(r"\w+")
_BEFORE, _AROUND = 60, 180


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a snippet; `is_found` where it is what the person looked for."""

    text: str
    is_found: bool


def words(*texts: str) -> list[str]:
    """The different words of the texts, in the order of their first appearance."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
            found[word[:LONGEST_WORD]] = None
    return list(found)


def question(text: str) -> list[str]:
    """What is looked for: the first ten words of what was typed."""
    return words(text)[:MOST_WORDS]


def tsquery(asked: Iterable[str]) -> str:
    """All of the words, in PostgreSQL's notation; from three letters on a word is found by its beginning."""
    return " & ".join(f"'{word}':*" if len(word) >= SHORTEST_BEGINNING else f"'{word}'" for word in asked)


def pieces(text: str, asked: Sequence[str]) -> list[Piece]:
    """The whole text, cut where words that were looked for begin and end."""
    cut: list[Piece] = []
    at = 0
    for hit in _pattern(asked).finditer(text) if asked else ():
        cut += [Piece(text[at : hit.start()], False), Piece(hit[0], True)]
        at = hit.end()
    return [piece for piece in [*cut, Piece(text[at:], False)] if piece.text]


def snippet(text: str, asked: Sequence[str]) -> list[Piece]:
    """A line around the first word that was found; nothing where none is in the text."""
    hit = _pattern(asked).search(text) if asked else None
    if hit is None:
        return []
    start = max(0, hit.start() - _BEFORE)
    if start:
        start = text.find(" ", start, hit.start()) + 1 or hit.start()
    end = start + _AROUND
    if end < len(text):
        end = max(text.rfind(" ", start, end), hit.end())
    line = f"{'… ' if start else ''}{' '.join(text[start:end].split())}{' …' if end < len(text) else ''}"
    return pieces(line, asked)


def _pattern(asked: Sequence[str]) -> re.Pattern[str]:
    ends = (re.escape(word) + (r"\w*" if len(word) >= SHORTEST_BEGINNING else "") for word in asked)
    return re.compile(rf"\b(?:{'|'.join(ends)})(?!\w)", re.IGNORECASE)
