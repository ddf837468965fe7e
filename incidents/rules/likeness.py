"""Whether what somebody types is already known: which words, service and places two reports share, said in words.

PostgreSQL's full-text search finds; this orders what it found and explains it. Likeness of letters (RapidFuzz) forgives
a typing error; it never makes two things alike that share no word, service or place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

SHORTEST: Final = 3
MOST_WORDS: Final = 24  # of one text; a pasted log says no more about likeness than its beginning
LONGEST_WORD: Final = 40
SAME_WORD: Final = 88  # of 100: one wrong letter in eight
_WORD: Final = re.compile(r"[^\W_]+")
_ENDINGS: Final = ("ings", "ing", "ies", "ed", "es", "s")
# Words that stand in every report and tell none from another.
_COMMON: Final = frozenset(
    [
        "about",
        "able",
        "after",
        "again",
        "all",
        "also",
        "and",
        "any",
        "anybody",
        "are",
        "asked",
        "because",
        "been",
        "before",
        "being",
        "but",
        "call",
        "called",
        "callers",
        "can",
        "cannot",
        "could",
        "couldn",
        "did",
        "does",
        "doesn",
        "doing",
        "don",
        "down",
        "each",
        "error",
        "errors",
        "every",
        "everybody",
        "everyone",
        "for",
        "from",
        "get",
        "gets",
        "getting",
        "gone",
        "had",
        "has",
        "have",
        "how",
        "into",
        "issue",
        "issues",
        "its",
        "just",
        "know",
        "known",
        "last",
        "longer",
        "many",
        "may",
        "more",
        "most",
        "much",
        "new",
        "not",
        "nothing",
        "now",
        "off",
        "one",
        "only",
        "other",
        "our",
        "out",
        "over",
        "people",
        "problem",
        "problems",
        "said",
        "says",
        "several",
        "she",
        "since",
        "some",
        "staff",
        "still",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "those",
        "through",
        "today",
        "too",
        "try",
        "trying",
        "under",
        "unknown",
        "until",
        "use",
        "user",
        "users",
        "using",
        "very",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "will",
        "with",
        "without",
        "work",
        "working",
        "works",
        "would",
        "yes",
        "you",
        "your",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is compared: the words of a report, its place, and its service as the catalogue names it."""

    text: str = ""
    where: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two reports share; `points` only order a list and are shown to nobody."""

    points: int
    same_service: bool
    words: tuple[str, ...]
    places: tuple[str, ...]

    @property
    def why(self) -> str:
        """“same service, same words: timesheets, same place: Dublin”."""
        parts = ["same service"] if self.same_service else []
        if self.words:
            parts.append(f"same {'words' if len(self.words) > 1 else 'word'}: {', '.join(self.words)}")
        if self.places:
            parts.append(f"same {'places' if len(self.places) > 1 else 'place'}: {', '.join(self.places)}")
        return ", ".join(parts)


def words(text: str) -> tuple[str, ...]:
    """The words of a text that can tell one report from another, each once, in lower case."""
    found = (word.casefold() for word in _WORD.findall(text))
    telling = [word for word in found if SHORTEST <= len(word) <= LONGEST_WORD and word not in _COMMON]
    return tuple(dict.fromkeys(telling))[:MOST_WORDS]


def compare(typed: Report, known: Report) -> Likeness | None:
    """What the two share, or None where that is too little to bother somebody who is on the phone.

    The same service is enough. Without it, two words have to be shared, or one word and a place, or one word that is
    all that was typed so far.
    """
    same_service = bool(typed.service) and typed.service == known.service
    said = words(typed.text)
    shared = _shared(said, words(known.text))
    places = _shared(words(typed.where), words(f"{known.where} {known.text}"))
    enough = len(shared) >= 2 or bool(shared and places) or (bool(shared) and len(said) == 1)
    if not same_service and not enough:
        return None
    alike = fuzz.token_set_ratio(" ".join(said), " ".join(words(known.text))) if shared else 0.0
    points = 40 * same_service + 10 * min(len(shared), 4) + 8 * min(len(places), 2) + round(alike / 4)
    return Likeness(points=points, same_service=same_service, words=shared[:4], places=places[:3])


def _shared(typed: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """The typed words that the other text has too, in the words of the other text."""
    pairs = ((word, next((other for other in known if _same(word, other)), None)) for word in typed)
    return tuple(dict.fromkeys(other for _word, other in pairs if other is not None))


def _same(one: str, other: str) -> bool:
    first, second = _stem(one), _stem(other)
    if first == second:
        return True
    if min(len(first), len(second)) < 5 or first.isdecimal():
        return False
    return second.startswith(first) or fuzz.ratio(first, second) >= SAME_WORD


def _stem(word: str) -> str:
    """Without the ending that plural and tense put on it; enough to compare, no more."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending)
    return word
