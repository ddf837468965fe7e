"""What changed between two texts, word by word (domain.md 3.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

SAME: Final = "same"
ADDED: Final = "added"
TAKEN: Final = "taken"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, came or went."""

    kind: str
    text: str


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in reading order, to be set with a blank between them; what went stands before what came."""
    return tuple(piece for piece in _pieces(before.split(), after.split()) if piece.text)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(SAME, " ".join(old[from_old:to_old]))
        else:
            yield Piece(TAKEN, " ".join(old[from_old:to_old]))
            yield Piece(ADDED, " ".join(new[from_new:to_new]))
