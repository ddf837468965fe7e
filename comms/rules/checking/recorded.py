"""What the record says of an incident, as the checks of a message compare it (C08, C11, C15, C25)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final


def listed(words: str) -> frozenset[str]:
    """A list of words, as it is written in the code."""
    return frozenset(words.split())


_WORD: Final = re.compile(r"[^\W\d_][\w'’-]+")
# Words that say nothing about which people or which work is meant.
_EMPTY: Final = listed(
    "a about all also an and any are as at be been but by can cannot could did do does for from had has have if "
    "in into is it its may more most no not of off on only or other our out over several some still such than "
    "that the their them then there these they this those to too under until up us was we were what when where "
    "which who will with would you your able unable see get use using used new"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The current impact statement and the incident. Texts are empty where nothing is known yet."""

    service: str = ""
    who: str = ""
    activity: str = ""
    count: str = ""
    where: str = ""
    not_affected: str = ""
    workaround: str = ""
    other_texts: tuple[str, ...] = ()  # everything else that the statement says: basis, consequence, critical time
    since: datetime | None = None
    since_is_exact: bool = True
    restored_at: datetime | None = None
    priority: str = ""
    former_priorities: frozenset[str] = frozenset()
    reference: str = ""
    linked_references: frozenset[str] = frozenset()
    lacking: tuple[str, ...] = ()  # questions that the statement does not answer yet
    required: tuple[str, ...] = ()  # those among the unanswered that the organisation requires
    as_of: datetime | None = None
    interval: timedelta | None = None  # the shortest time between two promised updates

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that the statement says in words."""
        return (
            self.service,
            self.who,
            self.activity,
            self.count,
            self.where,
            self.not_affected,
            self.workaround,
            *self.other_texts,
        )

    @property
    def folded(self) -> str:
        """All of that in one text in small letters, to look names up in."""
        return " ".join(self.texts).casefold()


@lru_cache(maxsize=512)  # the record's texts are asked for again and again while one message is checked
def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, as stems: “timesheets” and “timesheet” are one."""
    return frozenset(stem(word) for word in _WORD.findall(text.casefold()) if word not in _EMPTY)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A crude stem, enough to see that two forms are one word."""
    for ending in ("ingly", "ing", "ies", "ied", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
    return word
