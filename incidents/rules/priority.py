"""Priority is impact x urgency (domain.md 1.5), and what is asked before it goes down (1.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from incidents.choices import MAJOR_PRIORITIES, DowngradeAnswer, Priority

_MATRIX: Final = {
    (1, 1): Priority.P1,
    (1, 2): Priority.P2,
    (2, 1): Priority.P2,
    (1, 3): Priority.P3,
    (2, 2): Priority.P3,
    (3, 1): Priority.P3,
    (2, 3): Priority.P4,
    (3, 2): Priority.P4,
    (3, 3): Priority.P5,
}


def compute(*, impact: int, urgency: int) -> Priority:
    """The priority of two levels from 1 (high) to 3 (low); ValueError outside them."""
    try:
        return _MATRIX[impact, urgency]
    except KeyError:
        raise ValueError(f"Impact and urgency are 1, 2 or 3, not {impact} and {urgency}.") from None


def is_major(priority: str) -> bool:
    """Whether an imported ticket of this priority counts as a major incident: P1 and P2."""
    return priority in MAJOR_PRIORITIES


def needs_reason(*, computed: str, chosen: str) -> bool:
    """Setting another priority than the computed one needs a reason: no edit is silent."""
    return computed != chosen


def is_downgrade(*, before: str, after: str) -> bool:
    """P1 to P2 is a downgrade: audiences are told before their cadence changes."""
    return after > before


# What should hold before a priority goes down, by code.
DOWNGRADE_QUESTIONS: Final[Mapping[str, str]] = {
    "workaround": "Most of those affected use a workaround, or few enough are affected",
    "no_critical_window": "Nothing critical to the business lies in the next 4 hours",
    "no_trigger": "Nothing about safety, security or a regulator is involved",
    "liaison_agrees": "The business liaison agrees",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question's answer; anything but yes has its reason."""

    answer: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why the answers cannot be taken; `field` names the question at fault."""

    code: str
    field: str
    message: str


def downgrade_answers(given: Mapping[str, Answered], *, reason: str) -> dict[str, Answered]:
    """All four, in order: a question that nobody answered is not known, and the one reason of the change stands for
    every answer that has none of its own.
    """
    found = {}
    for code in DOWNGRADE_QUESTIONS:
        one = given.get(code, Answered(answer=DowngradeAnswer.UNKNOWN))
        is_enough = one.answer == DowngradeAnswer.YES or one.reason.strip()
        found[code] = one if is_enough else Answered(answer=one.answer, reason=reason.strip())
    return found


def check_downgrade(given: Mapping[str, Answered], *, reason: str) -> Problem | None:
    """A priority goes down once the four questions are answered: no and not known stop nobody, with their reason."""
    for code, one in given.items():
        if code not in DOWNGRADE_QUESTIONS:
            return Problem(code="unknown_question", field=code, message=f"There is no question {code}.")
        if one.answer not in DowngradeAnswer.values:
            words = ", ".join(DowngradeAnswer.values)
            return Problem(code="unknown_answer", field=code, message=f"Answer one of: {words}.")
    for code, one in downgrade_answers(given, reason=reason).items():
        if one.answer != DowngradeAnswer.YES and not one.reason.strip():
            question = DOWNGRADE_QUESTIONS[code]
            message = f"“{question}”: say yes, or give the reason why it goes down all the same."
            return Problem(code="reason_missing", field=code, message=message)
    return None
