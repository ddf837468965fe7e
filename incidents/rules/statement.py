"""Makes impact statements from what people typed: the desk's facts, and times as they are spoken on a bridge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from incidents.choices import Confidence
from incidents.rules import intake_grades as grades
from incidents.rules import spoken_times

TEXTS: Final = (
    "who",
    "activity",
    "count",
    "count_basis",
    "where",
    "not_affected",
    "since",
    "until",
    "workaround",
    "consequence",
    "critical_time",
)
# What has a confidence and a source of its own.
STATED: Final = (*TEXTS, "data_state")
FIELDS: Final = (*STATED, "confidence", "sources")
DESK: Final = "service desk"
LONGEST_SOURCE: Final = 200
_ALL: Final = "all"

_WHO_CANNOT: Final = re.compile(
    r"^(?P<who>.{2,80}?)\s+(?P<activity>(?:can\s?not|can['’]t|could\s?not|couldn['’]t|"
    r"(?:are|is)\s+(?:unable|not able)\s+to)\s+\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Groups that stand in lower case inside a sentence; any other first word may be a name.
_COMMON: Final = re.compile(
    r"(?:all|any|some|most|many|the|our|staff|stores?|shops?|users?|people|customers?|clients?|callers?|employees|"
    r"colleagues|agents?|patients?|nurses|doctors|students|teachers|drivers|cashiers|pickers|managers|everyone|"
    r"everybody|nobody|tills|terminals|scanners|printers|phones)\b",
    re.IGNORECASE,
)
_NOT_AFFECTED: Final = re.compile(r"[\s;,.]*\b(?:but\s+)?(?:not|un)[ -]?affected\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """A start time as typed and, where it can be read, as an instant; a bare clock time is approximate. `day` is what
    named its day, and the clocks may have skipped the time (incidents.rules.spoken_times).
    """

    text: str
    at: datetime | None
    exact: bool = False
    day: str = spoken_times.CLOCK_ALONE
    is_skipped: bool = False


def from_desk(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The first version of the impact from the desk's answers, without asking anybody to type them again.

    What the desk does not know, although it asked, is not stated: "unknown, asked at 10:05" is no number and no start.
    The desk's `basis`, `since_when` and `business_consequence` are the statement's `count_basis`, `since` and
    `consequence`; “staff cannot submit timesheets” becomes who and activity.
    """
    facts = {name: "" if grades.unknown_but_asked(str(text or "")) else text for name, text in facts.items()}
    cannot_do = _line(facts.get("cannot_do"))
    match = _WHO_CANNOT.match(cannot_do)
    where, not_affected = _split_where(_line(facts.get("where")))
    basis = _line(facts.get("basis"))
    consequence, critical = _line(facts.get("business_consequence")), _line(facts.get("critical_time"))
    made = {
        "who": _group(match["who"]) if match else "",
        "activity": match["activity"] if match else cannot_do,
        "count": _line(facts.get("affected_count")),
        "count_basis": basis,
        "where": where,
        "not_affected": not_affected,
        "since": _line(facts.get("since_when")),
        "workaround": _line(facts.get("workaround")),
        "consequence": consequence or critical,
        "critical_time": critical if consequence else "",
    }
    return made | {
        "confidence": Confidence.ESTIMATED if basis else Confidence.UNKNOWN,
        "sources": {name: DESK for name, text in made.items() if text},
    }


def read_since(text: str, *, now: datetime, tz: tzinfo = UTC) -> Since:
    """An ISO time is exact; anything else is read as people say it, or has no instant.

    “09:10 (UTC+0), first call” at 12:00 is today 09:10; “23:50” at 00:10 is yesterday; with a day beside it, as in
    “2026-11-22 09:10 (UTC+0)” or “yesterday 9:10 pm”, it is that day's.
    """
    words = text.strip()
    try:
        typed = datetime.fromisoformat(words)
    except ValueError:
        spoken = spoken_times.read(words, now=now, tz=tz)
        if spoken is None:
            return Since(text=words, at=None)
        return Since(text=words, at=spoken.at, day=spoken.day, is_skipped=spoken.is_skipped)
    try:
        placed = spoken_times.placed(typed.replace(tzinfo=None), typed.tzinfo or tz, day=spoken_times.DATE)
    except OverflowError:  # the first or the last day there is, elsewhere
        return Since(text=words, at=None)
    exact = len(words) > len("2026-11-23")
    return Since(text=words, at=placed.at, exact=exact, day=placed.day, is_skipped=placed.is_skipped)


def pack_confidence(given: str | Mapping[str, str]) -> dict[str, str]:
    """One value, or one a field, as stored."""
    return {_ALL: given} if isinstance(given, str) else dict(given)


def unpack_confidence(stored: Mapping[str, str]) -> str | dict[str, str]:
    """As people and the API have it."""
    if not stored:
        return str(Confidence.UNKNOWN)
    return stored[_ALL] if set(stored) == {_ALL} else dict(stored)


def confidence_by_field(confidence: str | Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """How sure each stated fact is; a fact that nobody rated is not yet known to be right."""
    said = [name for name in STATED if texts.get(name)]
    if isinstance(confidence, str):
        return dict.fromkeys(said, confidence or str(Confidence.UNKNOWN))
    return {name: confidence.get(name, str(Confidence.UNKNOWN)) for name in said}


def one_or_by_field(by_field: Mapping[str, str]) -> str | dict[str, str]:
    """One value where all facts are equally sure, as people say it; else one a field."""
    values = set(by_field.values())
    if not values:
        return str(Confidence.UNKNOWN)
    return values.pop() if len(values) == 1 else dict(by_field)


def bad_confidence(given: object) -> str:
    """What is wrong with a confidence, or nothing."""
    values = given.values() if isinstance(given, Mapping) else [given]
    if all(value in Confidence.values for value in values) and set(given if isinstance(given, Mapping) else ()) <= set(
        STATED
    ):
        return ""
    words = ", ".join(Confidence.values)
    return f"Confidence is one of {words}, or an object with one of them for each field."


def bad_sources(given: object) -> str:
    """What is wrong with the sources, or nothing."""
    if isinstance(given, str):
        given = {_ALL: given}
    if not isinstance(given, Mapping) or not set(given) <= {*STATED, _ALL}:
        return 'Sources are an object with a text for each field, for example {"count": "headcount"}.'
    if any(not isinstance(value, str) or len(value) > LONGEST_SOURCE for value in given.values()):
        return f"A source is a text of at most {LONGEST_SOURCE} characters."
    return ""


def pack_sources(given: str | Mapping[str, str]) -> dict[str, str]:
    """As stored: without the empty ones."""
    all_of_them = {_ALL: given} if isinstance(given, str) else given
    return {name: text.strip() for name, text in all_of_them.items() if text.strip()}


def _split_where(where: str) -> tuple[str, str]:
    parts = _NOT_AFFECTED.split(where, maxsplit=1)
    if len(parts) == 2 and parts[0] and parts[1]:
        return parts[0].strip(" ;,."), parts[1].strip(" ;,.")
    return where, ""


def _group(who: str) -> str:
    """“Store staff” stands inside a sentence as “store staff”; “Dublin office” keeps its name."""
    return who[0].lower() + who[1:] if _COMMON.match(who) else who


def _line(value: object) -> str:
    return " ".join(str(value or "").split())
