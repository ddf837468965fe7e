"""Scores what the service desk hands over, with reasons and what is missing (domain.md 2.2, DESIGN 1a).

Ten facts, scaled from 97 to 100 points (legibility is not scored). Caps keep a score honest: without what people
cannot do, or how many, it stays below 50; with the safety question open it stays below 70. A low score is never a
refusal: the manager accepts and asks. Pages show `words`, the API the number as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from incidents.choices import SafetyAnswer
from incidents.rules import intake_grades as grades
from incidents.rules.intake_grades import FULL, HALF, NONE, Grade
from incidents.rules.intake_questions import BY_CODE, Question

RUBRIC_VERSION: Final = "2026-1"
MAXIMUM: Final = 97
CAP_WITHOUT_ACTIVITY_OR_COUNT: Final = 49
CAP_WITHOUT_SAFETY: Final = 69
# Lowest score of each band.
BANDS: Final = (("ready", 85), ("usable", 70), ("gaps", 50), ("not_ready", 0))
# What raises a candidate; nothing else blocks.
REQUIRED: Final = ("service", "cannot_do", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the desk typed, by the field names of the API. Empty is not asked; `safety_or_security` empty as well."""

    service: str = ""
    service_in_catalogue: bool = False
    cannot_do: str = ""
    affected_count: str = ""
    basis: str = ""
    where: str = ""
    since_when: str = ""
    evidence: str = ""
    business_consequence: str = ""
    critical_time: str = ""
    checks_done: str = ""
    workaround: str = ""
    contact: str = ""
    safety_or_security: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScore:
    """One fact of the rubric: its weight out of 97, what it earned, and why."""

    code: str
    weight: int
    grade: str
    reason: str
    deficit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that would help, with the question to ask and why it is asked."""

    code: str
    question: str
    short: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeScore:
    """The score of a record at one moment, with everything needed to explain it later."""

    score: int
    band: str
    items: tuple[ItemScore, ...]
    missing: tuple[Missing, ...]
    deficits: tuple[str, ...]
    words: str
    capped_at: int | None = None
    rubric_version: str = RUBRIC_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    code: str
    weight: int
    fields: tuple[str, ...]
    grade: Callable[[Facts], Grade]


_RUBRIC: Final = (
    _Item(
        code="service",
        weight=12,
        fields=("service",),
        grade=lambda f: grades.service(f.service, in_catalogue=f.service_in_catalogue),
    ),
    _Item(code="cannot_do", weight=15, fields=("cannot_do",), grade=lambda f: grades.cannot_do(f.cannot_do)),
    _Item(
        code="affected_count",
        weight=15,
        fields=("affected_count", "basis"),
        grade=lambda f: grades.affected_count(f.affected_count, f.basis),
    ),
    _Item(code="where", weight=10, fields=("where",), grade=lambda f: grades.where(f.where)),
    _Item(code="since_when", weight=10, fields=("since_when",), grade=lambda f: grades.since_when(f.since_when)),
    _Item(code="evidence", weight=10, fields=("evidence",), grade=lambda f: grades.evidence(f.evidence)),
    _Item(
        code="business_consequence",
        weight=8,
        fields=("business_consequence", "critical_time"),
        grade=lambda f: grades.business_consequence(f.business_consequence, f.critical_time),
    ),
    _Item(code="checks_done", weight=8, fields=("checks_done",), grade=lambda f: grades.checks_done(f.checks_done)),
    _Item(code="workaround", weight=5, fields=("workaround",), grade=lambda f: grades.workaround(f.workaround)),
    _Item(code="contact", weight=4, fields=("contact",), grade=lambda f: grades.contact(f.contact)),
)


def score(facts: Facts) -> IntakeScore:
    """The score with its band, items, open questions and one sentence in words."""
    items = tuple(_score_item(item, facts) for item in _RUBRIC)
    scored, cap = points(
        {item.code: (item.weight, item.grade) for item in items},
        safety_is_answered=facts.safety_or_security in SafetyAnswer.values,
    )
    band = band_of(scored)
    missing = _missing(items, facts)
    return IntakeScore(
        score=scored,
        band=band,
        items=items,
        missing=missing,
        deficits=_deficits(items, facts),
        words=words(band, missing),
        capped_at=cap,
    )


def band_of(points: int) -> str:
    """ready from 85, usable from 70, gaps from 50, else not_ready."""
    return next(band for band, lowest in BANDS if points >= lowest)


def words(band: str, missing: tuple[Missing, ...]) -> str:
    """What an agent reads instead of a number: what helps next, never more than two questions."""
    if not missing:
        return "Ready. Nothing is missing."
    first = missing[0].short
    two = first if len(missing) == 1 else f"{first.rstrip('?')}, and {missing[1].short}"
    if band == "ready":
        return f"Ready. If you can, add: {first}"
    if band == "usable":
        return f"Usable; one thing would help: {first}"
    if band == "gaps":
        return f"Good start. Please ask: {two}"
    return f"You can send it now, and the manager will ask. What helps most: {two}"


def missing_required(facts: Facts) -> tuple[Question, ...]:
    """The questions whose answers a candidate cannot be raised without."""
    return tuple(BY_CODE[code] for code in REQUIRED if not getattr(facts, code).strip())


def _scaled(halves: int) -> int:
    """Half points out of twice 97, as whole points out of 100, rounded half up."""
    return (halves * 100 + MAXIMUM) // (2 * MAXIMUM)


def _score_item(item: _Item, facts: Facts) -> ItemScore:
    """The grade of one fact; "not known, asked at hh:mm" is worth half, whatever else the words contain."""
    graded = item.grade(facts)
    texts = [getattr(facts, name) for name in item.fields]
    if (graded.grade == NONE and any(map(grades.asked, texts))) or any(map(grades.unknown_but_asked, texts)):
        graded = Grade(grade=HALF, reason="Not known yet, and somebody was asked.")
    return ItemScore(
        code=item.code,
        weight=item.weight,
        grade=graded.grade,
        reason=graded.reason,
        deficit=graded.deficit,
    )


def points(graded: Mapping[str, tuple[int, str]], *, safety_is_answered: bool) -> tuple[int, int | None]:
    """Points out of 100 for weight and grade by item, and the cap that held them down; None where none did."""
    halves = sum(weight * {FULL: 2, HALF: 1, NONE: 0}[grade] for weight, grade in graded.values())
    cap = None if safety_is_answered else CAP_WITHOUT_SAFETY
    if NONE in {graded["cannot_do"][1], graded["affected_count"][1]}:
        cap = CAP_WITHOUT_ACTIVITY_OR_COUNT
    return min(_scaled(halves), 100 if cap is None else cap), cap


def _missing(items: tuple[ItemScore, ...], facts: Facts) -> tuple[Missing, ...]:
    """Open questions, the most valuable first. What was already asked is not asked again."""
    worth: list[tuple[int, str]] = []
    if facts.safety_or_security not in SafetyAnswer.values:
        worth.append((100, "safety_or_security"))
    elif facts.safety_or_security == SafetyAnswer.UNKNOWN:
        worth.append((9, "safety_or_security"))
    for item, rule in zip(items, _RUBRIC, strict=True):
        if item.grade == FULL or any(grades.asked(getattr(facts, name)) for name in rule.fields):
            continue
        lost = item.weight * (2 if item.grade == NONE else 1)
        worth.append((lost, _open_field(item, facts)))
    worth.sort(key=lambda pair: -pair[0])
    return tuple(_question(code) for _lost, code in worth)


def _open_field(item: ItemScore, facts: Facts) -> str:
    """Which of an item's two fields is the open one."""
    if item.code == "affected_count" and item.grade == HALF and item.deficit == "count_without_basis":
        return "basis"
    if item.code == "business_consequence" and item.grade == HALF and grades.unknown(facts.critical_time):
        return "critical_time"
    return item.code


def _question(code: str) -> Missing:
    card = BY_CODE[code]
    return Missing(code=code, question=card.question, short=card.short, why=card.why)


def _deficits(items: tuple[ItemScore, ...], facts: Facts) -> tuple[str, ...]:
    """Common shortcomings by code, each once, for feedback to the desk as a whole."""
    codes = [item.deficit for item in items if item.deficit is not None]
    if grades.asserts_cause(f"{facts.cannot_do}\n{facts.evidence}\n{facts.business_consequence}"):
        codes.append("cause_asserted")
    return tuple(dict.fromkeys(codes))
