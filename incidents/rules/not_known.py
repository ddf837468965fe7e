"""“Unknown, asked at 10:05 (UTC+0), answer expected 10:30” is an answer, and worth half (domain.md 2.2)."""

import re
from typing import Final

from incidents.rules import intake_grades as grades

_EXPECTED: Final = re.compile(r"answer expected", re.IGNORECASE)
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def words(*, asked_at: str, expected: str = "") -> str:
    """What is stored for a fact that nobody knows yet; `asked_at` is a clock time with its offset."""
    return with_expected(f"Unknown, asked at {asked_at}", expected)


def with_expected(answer: str, expected: str) -> str:
    """The same with the time by which an answer is expected, unless it has one; other answers stay as they are."""
    time = clock(expected)
    if not time or not grades.unknown_but_asked(answer) or _EXPECTED.search(answer):
        return answer
    return f"{answer}, answer expected {time}"


def clock(text: str) -> str:
    """“9:05” and “09:05:00” as 09:05; anything else is no time of day."""
    match = _CLOCK.match(text.strip())
    return f"{int(match[1]):02d}:{match[2]}" if match else ""
