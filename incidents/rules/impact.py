"""The impact sentence, and what it still lacks (domain.md 3.1 and 3.2).

Pages, messages and the API take the sentence from here, so that no two places say different things about one fact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from incidents.choices import Confidence, DataState
from incidents.rules import titles
from mim_portal.lib import times

NOT_YET_KNOWN: Final = "not yet known"
# What an open gate reads until somebody knows (domain.md 3.2): said, and with the time of the next word about it.
_BEING_CHECKED: Final = re.compile(
    r"^\s*not (?:yet )?known\b[\s,;]*(?:(?:is )?being checked)?[\s,;]*(.*)$", re.I | re.S
)
# What happens to people's data, in the words of the sentence.
DATA_WORDS: Final = {
    DataState.LOST: "Data is lost",
    DataState.DELAYED: "Data is delayed",
    DataState.AT_RISK: "Data is at risk",
    DataState.NONE_KNOWN: "No loss of data is known",
}
# The seven gates, with the question that fills each. The first message needs only the first three.
GATES: Final = (
    ("who", "Who is affected?"),
    ("activity", "What can they not do?"),
    ("since", "Since when?"),
    ("count", "How many, and what is the number based on?"),
    ("where", "Where, and where not?"),
    ("workaround", "Is there a workaround, or none yet?"),
    ("consequence", "What is lost, and by when?"),
)
FIRST_MESSAGE_GATES: Final = frozenset({"who", "activity", "since"})

_CANNOT: Final = re.compile(
    r"^\s*(?:(?:can\s?not|can['’]t|could\s?not|couldn['’]t|(?:are\s+|is\s+)?(?:unable|not able)\s+to)\s+)",
    re.IGNORECASE,
)
_DEGRADED: Final = re.compile(
    r"^\s*(?:(?:is|are|was|were|has|have|had|must|need|wait|see|get|experience|find|lose|receive)\b)",
    re.IGNORECASE,
)
_PREPOSITION: Final = re.compile(
    r"^(?:in|at|on|across|within|throughout|for|from|outside|near|everywhere|worldwide)\b",
    re.IGNORECASE,
)
_LOCATED: Final = re.compile(r"\b(?:is|are|was|were|works?|unaffected|not affected)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """The facts of one version. Texts are empty where nothing is known."""

    service: str = ""
    who: str = ""
    activity: str = ""
    count: str = ""
    count_basis: str = ""
    where: str = ""
    not_affected: str = ""
    since: datetime | None = None
    since_text: str = ""  # as it was typed, where no instant can be read from it
    until: datetime | None = None
    workaround: str = ""
    consequence: str = ""
    critical_time: str = ""
    data_state: str = ""
    confidence: str | Mapping[str, str] = field(default=Confidence.UNKNOWN)
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One of the seven things that an impact statement says, and whether it does."""

    code: str
    question: str
    filled: bool
    needed_first: bool
    being_checked: bool = False  # said to be not yet known, with a time: filled, and still open


def sentence(impact: Impact, *, tz: tzinfo = UTC, past: bool = False) -> str:
    """The impact in plain words, in the reader's zone with its offset; in the past tense once restored.

    “About 1,200 store staff in Ireland and Scotland cannot submit timesheets in Payroll, since 09:10 (UTC+0). England
    is not affected. Paper form works. Payroll closes 12:00. Estimated from till error counts, as of 09:31 (UTC+0).”
    """
    said, open_facts = _told_apart(impact)
    parts = [
        _who_cannot_what(said, tz=tz, past=past),
        _not_affected(said.not_affected, past=past),
        _as_sentence(said.workaround),
        _consequence(said),
        _as_sentence(DATA_WORDS[DataState(said.data_state)] if said.data_state in DATA_WORDS else ""),
        open_facts,
        _confidence(said, tz=tz),
    ]
    return " ".join(part for part in parts if part)


def symptom(impact: Impact) -> str:
    """What who cannot do, as the sentence says it: “store staff cannot submit timesheets”; empty if unknown."""
    if not impact.activity.strip():
        return ""
    return f"{impact.who.strip() or 'people'} {_predicate(impact, past=False)}"


def being_checked(by: datetime, *, tz: tzinfo = UTC) -> str:
    """What an open gate reads: “not yet known, being checked, by 10:45 (UTC+0)”."""
    return f"{NOT_YET_KNOWN}, being checked, by {times.clock_time(by, tz)}"


def is_being_checked(text: str) -> bool:
    """Whether a field says that nobody knows yet."""
    return _BEING_CHECKED.match(text) is not None


def known(text: str) -> str:
    """The field, or nothing where it says that nobody knows yet."""
    return "" if is_being_checked(text) else text


def gates(impact: Impact) -> tuple[Gate, ...]:
    """The seven gates in the order in which they are asked. A number counts only with its basis."""
    filled = {
        "who": bool(impact.who.strip()),
        "activity": bool(impact.activity.strip()),
        "since": impact.since is not None or bool(impact.since_text.strip()),
        "count": bool(impact.count.strip() and impact.count_basis.strip()),
        "where": bool(impact.where.strip()),
        "workaround": bool(impact.workaround.strip()),
        "consequence": bool(impact.consequence.strip()),
    }
    texts = {code: getattr(impact, "since_text" if code == "since" else code) for code, _question in GATES}
    return tuple(
        Gate(
            code=code,
            question=question,
            filled=filled[code] or is_being_checked(texts[code]),
            needed_first=code in FIRST_MESSAGE_GATES,
            being_checked=is_being_checked(texts[code]),
        )
        for code, question in GATES
    )


def missing(impact: Impact, *, first_message: bool = False) -> tuple[Gate, ...]:
    """The gates still open; for the first message only those that it cannot do without."""
    return tuple(gate for gate in gates(impact) if not gate.filled and (gate.needed_first or not first_message))


def overall_confidence(confidence: str | Mapping[str, str]) -> str:
    """One word for a confidence by field: only as sure as its least sure fact."""
    if isinstance(confidence, str):
        return confidence or Confidence.UNKNOWN
    values = set(confidence.values())
    for word in (Confidence.UNKNOWN, Confidence.ESTIMATED):
        if word in values:
            return word
    return Confidence.CONFIRMED if values else Confidence.UNKNOWN


# How a fact that nobody knows yet is called inside the sentence.
_OPEN_WORDS: Final = {
    "who": "who exactly",
    "since_text": "since when",
    "count": "how many",
    "where": "where",
    "workaround": "whether there is a way around it",
    "consequence": "what stops, and by when",
}


def _told_apart(impact: Impact) -> tuple[Impact, str]:
    """The facts that are known, and one sentence about those that are being checked."""
    by: dict[str, list[str]] = {}
    gone: dict[str, str] = {}
    for name, words in _OPEN_WORDS.items():
        match = _BEING_CHECKED.match(getattr(impact, name))
        if match:
            gone[name] = ""
            by.setdefault(match[1].strip().rstrip("."), []).append(words)
    told = "; ".join(f"{', '.join(words)}{f', {when}' if when else ''}" for when, words in by.items())
    return replace(impact, **gone), f"{_capital(NOT_YET_KNOWN)}, being checked: {told}." if told else ""  # type: ignore[arg-type]


def _who_cannot_what(impact: Impact, *, tz: tzinfo, past: bool) -> str:
    text = f"{_subject(impact)} {_predicate(impact, past=past)}"
    service = impact.service.strip()
    if service and service.casefold() not in text.casefold():
        text += f" to {service}" if text.endswith(" in") else f" in {service}"
    if impact.since is None and impact.since_text.strip():
        return f"{text}, since {impact.since_text.strip().rstrip('.')}."
    if impact.since is None:
        return f"{text}. The start time is {NOT_YET_KNOWN}."
    if past and impact.until is not None:
        since = times.due_time(impact.since, tz, now=impact.until)
        return f"{text}, from {since} to {times.clock_time(impact.until, tz)}."
    since = times.due_time(impact.since, tz, now=impact.as_of or impact.since)
    return f"{text}, since {since}."


# A number with a word behind it says what it counts: “40 stores”, “1,200 of 9,000 tills”; “1,200 so far” does not.
_OWN_NOUN: Final = re.compile(
    r"\d(?:[\d.,]*)\s+(?!(?:to|and|or|of|so|in|at|per|percent|thousand|million|hundred|dozen|about|around|more|fewer|less)\b)"
    r"(?P<noun>[^\W\d_]{3,})",
    re.IGNORECASE,
)


def _subject(impact: Impact) -> str:
    who = impact.who.strip() or "people"
    where = impact.where.strip().rstrip(".")
    if where and not _PREPOSITION.match(where):
        where = f"in {where}"
    count = impact.count.strip()
    if not count:
        return " ".join(part for part in (_capital(who), where, f"(number {NOT_YET_KNOWN})") if part)
    estimated = _confidence_of(impact, "count") != Confidence.CONFIRMED and count[0].isdigit()
    own = _OWN_NOUN.search(count)
    if own is not None and own["noun"].casefold() in who.casefold():  # “12 stores” of “stores in Scotland”
        count = " ".join(f"{count[: own.start('noun')]}{count[own.end('noun') :]}".split())
    elif own is not None:  # “40 stores”: customers in Leeds (about 40 stores)
        told = f"({'about ' if estimated else ''}{_thousands(count)})"
        return _capital(" ".join(part for part in (who, where, told) if part))
    return _capital(" ".join(part for part in ("About" if estimated else "", _thousands(count), who, where) if part))


def _predicate(impact: Impact, *, past: bool) -> str:
    activity = impact.activity.strip().rstrip(".")
    if not activity:
        return "were affected" if past else "are affected"
    bare = titles.lower_first(_CANNOT.sub("", activity))
    if not _CANNOT.search(activity) and _DEGRADED.match(activity):
        return titles.lower_first(activity)
    return f"could not {bare}" if past else f"cannot {bare}"


def _not_affected(text: str, *, past: bool) -> str:
    words = text.strip().rstrip(".")
    if not words or _LOCATED.search(words):
        return _as_sentence(words)
    several = bool(re.search(r"\band\b|,|s$", words))
    verb = ("were" if several else "was") if past else ("are" if several else "is")
    return f"{_capital(words)} {verb} not affected."


def _consequence(impact: Impact) -> str:
    words = impact.consequence.strip().rstrip(".")
    critical = impact.critical_time.strip().rstrip(".")
    if not words or not critical or critical in words:
        return _as_sentence(words)
    return _as_sentence(f"{words} (critical time: {critical})")


def _confidence(impact: Impact, *, tz: tzinfo) -> str:
    words = {Confidence.CONFIRMED: "Confirmed", Confidence.ESTIMATED: "Estimated"}
    text = words.get(Confidence(overall_confidence(impact.confidence)), "Not yet confirmed")
    basis = impact.count_basis.strip().rstrip(".")
    if basis:
        text += f", from {basis}" if text == "Not yet confirmed" else f" from {basis}"
    if impact.as_of is not None:
        text += f", as of {times.clock_time(impact.as_of, tz)}"
    return f"{text}."


def _confidence_of(impact: Impact, name: str) -> str:
    if isinstance(impact.confidence, str):
        return impact.confidence
    return impact.confidence.get(name, Confidence.UNKNOWN)


def _thousands(count: str) -> str:
    """1200 becomes 1,200 wherever a bare number stands; everything else stays as typed."""
    return re.sub(r"(?<![\d.,:/])\d{4,9}(?![\d.,:/])", lambda number: f"{int(number.group()):,}", count)


def _as_sentence(text: str) -> str:
    words = text.strip()
    if not words:
        return ""
    return _capital(words) if words[-1] in ".!?" else f"{_capital(words)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
