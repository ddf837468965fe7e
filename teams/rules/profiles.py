"""What a team declares about how it works: five fields to confirm, the rest grows; never traits of a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from teams.choices import ProfileField

TO_CONFIRM: Final = (
    ProfileField.REACH,
    ProfileField.VOICE,
    ProfileField.FACTS_WANTED,
    ProfileField.WORKING,
    ProfileField.AVOID,
)
GROWING: Final = tuple(field for field in ProfileField if field not in TO_CONFIRM)
FIELDS: Final = tuple(field.value for field in (*TO_CONFIRM, *GROWING))
TEXTS: Final = tuple(name for name in FIELDS if name not in {"facts_wanted", "ask_again_minutes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How often a version proved right among those who said so."""

    right: int
    wrong: int


def accuracy(votes: Iterable[bool]) -> Accuracy:
    """The votes of one version, counted; never by person."""
    given = list(votes)
    return Accuracy(right=given.count(True), wrong=given.count(False))


def is_stale(*, review_date: date | None, today: date) -> bool:
    """A version whose review is overdue: its word is still the team's, and somebody should look at it again."""
    return review_date is not None and review_date < today


def missing(profile: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Which of the five the team has not said yet."""
    return tuple(field.value for field in TO_CONFIRM if not profile or not profile[field])


def as_text(value: object) -> str:
    """A field as people read and propose it: facts one a line."""
    if isinstance(value, list | tuple):
        return "\n".join(str(each) for each in value)
    return "" if value is None else str(value)


def lines(text: str) -> list[str]:
    """What is written one a line, without blanks."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def from_text(field: str, text: str) -> object:
    """The value that a proposed text stands for; ValueError where minutes are no number."""
    if field == ProfileField.FACTS_WANTED:
        return lines(text)
    return int(text) if field == ProfileField.ASK_AGAIN_MINUTES else text.strip()


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that say something else, in the order of asking."""
    return tuple(name for name in FIELDS if as_text(before.get(name)) != as_text(after.get(name)))
