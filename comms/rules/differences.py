"""What changed from one text to another, in words, for people who compare them."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

SAME: Final = "same"
OUT: Final = "out"
IN: Final = "in"
_PIECES: Final = re.compile(r"\s+|\w+(?:[.:,'’-]\w+)*|[^\w\s]")
# Beyond this many words what is common in the text no longer anchors the comparison: it would take too long.
_LONG: Final = 2000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that stands in both texts, in the earlier one only (out), or in the later one only (in)."""

    kind: str
    text: str


def between(before: str, after: str) -> tuple[Piece, ...]:
    """The later text with what went out and what came in; joined without what is out it is the later text."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    pieces: list[Piece] = []
    is_long = len(old) + len(new) > _LONG
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=is_long).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(new[c:d])))
            continue
        pieces += [Piece(kind, text) for kind, text in ((OUT, "".join(old[a:b])), (IN, "".join(new[c:d]))) if text]
    return tuple(pieces)
