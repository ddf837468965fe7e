"""What teams and managers say about working together, pooled: never one by one (domain.md 5.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviews.rules import statistics

FEWEST: Final = 5
SCALE: Final = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One question: how often each answer was given, and the middle one."""

    question: str
    middle: float
    counts: tuple[int, ...]  # of 1 to 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """One side: how many answered, and their answers from five on."""

    n: int
    answers: tuple[Answers, ...] = ()


def pool(questions: Sequence[str], rows: Sequence[Sequence[int]]) -> Pooled:
    """`rows` has one answer for each question; under five there is only their number."""
    if len(rows) < FEWEST:
        return Pooled(n=len(rows))
    columns = zip(*rows, strict=True)
    return Pooled(
        n=len(rows),
        answers=tuple(
            Answers(
                question=question,
                middle=statistics.median(column),
                counts=tuple(column.count(value) for value in SCALE),
            )
            for question, column in zip(questions, columns, strict=True)
        ),
    )
