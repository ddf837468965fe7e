"""What is asked before the record of an incident is closed (domain.md 1.8), and what counts as an answer.

Nobody waits for service here, so the list is complete; and nothing on it is a dead end: what the record cannot show a
person answers, and what nobody knows is an answer with its reason. Restoration, watch and the restored message are
facts that no answer replaces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from incidents.choices import ClosureAnswer, Priority

SECOND_PERSON: Final = "second_person"
IMPACT_FINAL: Final = "impact_final"
EVERY_ANSWER: Final = (ClosureAnswer.DONE, ClosureAnswer.NOT_APPLICABLE, ClosureAnswer.UNKNOWN)
# In which order the list is worked through; what other apps add and is not named here comes before the second person.
ORDER: Final = (
    "restoration_confirmed",
    "watch_elapsed",
    "restored_told",
    "closure_told",
    IMPACT_FINAL,
    "times",
    "child_tickets",
    "emergency_changes",
    "temporary_fixes",
    "problem_record",
    "review",
    "feedback",
    "regulatory",
    "lapses",
)
_NEEDS_NOTE: Final = frozenset({ClosureAnswer.NOT_APPLICABLE, ClosureAnswer.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person answered, and when. `version` is what the answer was about, where the thing has versions."""

    answer: str
    note: str
    by: int
    at: datetime
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the list.

    `met` comes from the record; `detail` says what the record shows, `fix` is the address of the page that mends it.
    Without `answers` only the record can meet it. `version` makes an older answer void.
    """

    code: str
    question: str
    met: bool = False
    detail: str = ""
    fix: str = ""
    answers: tuple[ClosureAnswer, ...] = ()
    note_always: bool = False
    version: int | None = None
    given: Given | None = None

    @property
    def is_open(self) -> bool:
        """Neither shown by the record nor answered."""
        return not self.met and self.given is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why an answer cannot be taken."""

    code: str
    message: str


def in_order(items: Iterable[Item]) -> list[Item]:
    """The list as people work through it."""
    places = {code: place for place, code in enumerate(ORDER)}
    places[SECOND_PERSON] = len(ORDER) + 1
    return sorted(items, key=lambda item: places.get(item.code, len(ORDER)))


def answered(items: Iterable[Item], given: Mapping[str, Given], *, accountable: int | None) -> list[Item]:
    """The items with the answers that still hold: about the version that there is, and the second person's only while
    somebody else is accountable.
    """
    found = []
    for item in items:
        one = given.get(item.code)
        is_void = one is not None and (
            one.version != item.version or (item.code == SECOND_PERSON and one.by == accountable)
        )
        found.append(item if is_void else replace(item, given=one))
    return found


def still_open(items: Iterable[Item]) -> list[Item]:
    """What stands between the incident and its closing."""
    return [item for item in items if item.is_open]


def needs_second_person(priority: str) -> bool:
    """A P1 is closed by two people."""
    return priority == Priority.P1


def check(item: Item, *, answer: str, note: str, by: int, accountable: int | None) -> Problem | None:
    """Whether this person may answer so."""
    if not item.answers:
        return Problem(code="from_the_record", message="This comes from the record and cannot be answered by hand.")
    if answer not in item.answers:
        words = ", ".join(item.answers)
        return Problem(code="unknown_answer", message=f"Answer one of: {words}.")
    if not note.strip() and (item.note_always or answer in _NEEDS_NOTE):
        return Problem(code="note_missing", message="Say in a few words why, or where it can be found.")
    if item.code == SECOND_PERSON and by == accountable:
        return Problem(
            code="same_person", message="You are accountable for this incident: somebody else reads the record."
        )
    return None
