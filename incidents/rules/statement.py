"""Makes impact statements from what people typed: the desk's facts, and times as they are spoken on a bridge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from incidents.choices import Confidence

TEXTS: Final = (
    "who",
    "activity",
    "count",
    "count_basis",
    "where",
    "not_affected",
    "since",
    "workaround",
    "consequence",
)
FIELDS: Final = (*TEXTS, "confidence")
_ALL: Final = "all"
FURTHEST_OFFSET: Final = 14  # hours; anything beyond is a typing error, and guessing would record a wrong time

_WHO_CANNOT: Final = re.compile(
    r"^(?P<who>.{2,80}?)\s+(?P<activity>(?:can\s?not|can['’]t|could\s?not|couldn['’]t|"
    r"(?:are|is)\s+(?:unable|not able)\s+to)\s+\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Groups that stand in lower case inside a sentence; any other first word may be a name.
_COMMON: Final = re.compile(
    r"(?:all|any|some|most|many|the|our|staff|store|shop|users?|people|customers?|clients?|callers?|employees|"
    r"colleagues|agents?|patients?|nurses|doctors|students|teachers|drivers|cashiers|managers|everyone|everybody)\b",
    re.IGNORECASE,
)
_NOT_AFFECTED: Final = re.compile(r"[\s;,.]*\b(?:but\s+)?(?:not|un)[ -]?affected\s*:?\s*", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:.h]([0-5]\d)(?!\d)")
_OFFSET: Final = re.compile(r"\b(?:UTC|GMT)\s*(?:([+-])\s?(\d{1,2})(?::?(\d{2}))?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """A start time as typed and, where it can be read, as an instant; a bare clock time is approximate."""

    text: str
    at: datetime | None
    exact: bool = False


def from_desk(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The first version of the impact from the desk's answers, without asking anybody to type them again.

    The desk's `basis`, `since_when` and `business_consequence` are the statement's `count_basis`, `since` and
    `consequence`; “staff cannot submit timesheets” becomes who and activity.
    """
    cannot_do = _line(facts.get("cannot_do"))
    match = _WHO_CANNOT.match(cannot_do)
    where, not_affected = _split_where(_line(facts.get("where")))
    basis = _line(facts.get("basis"))
    consequence, critical = _line(facts.get("business_consequence")), _line(facts.get("critical_time"))
    if consequence and critical and critical not in consequence:
        consequence = f"{consequence.rstrip('.')} (critical time: {critical})"
    return {
        "who": _group(match["who"]) if match else "",
        "activity": match["activity"] if match else cannot_do,
        "count": _line(facts.get("affected_count")),
        "count_basis": basis,
        "where": where,
        "not_affected": not_affected,
        "since": _line(facts.get("since_when")),
        "workaround": _line(facts.get("workaround")),
        "consequence": consequence or critical,
        "confidence": Confidence.ESTIMATED if basis else Confidence.UNKNOWN,
    }


def read_since(text: str, *, now: datetime, tz: tzinfo = UTC) -> Since:
    """An ISO time is exact. A clock time is the last one that is not in the future, in its own offset or else `tz`.

    “09:10 (UTC+0), first call” at 12:00 is today 09:10; “23:50” at 00:10 is yesterday. Anything else has no instant.
    """
    words = text.strip()
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return _read_clock(words, now=now, tz=tz)
    try:
        at = (at if at.tzinfo else at.replace(tzinfo=tz)).astimezone(UTC)
    except OverflowError:  # the first or the last day there is, elsewhere
        return Since(text=words, at=None)
    return Since(text=words, at=at, exact=len(words) > len("2026-11-23"))


def pack_confidence(given: str | Mapping[str, str]) -> dict[str, str]:
    """One value, or one a field, as stored."""
    return {_ALL: given} if isinstance(given, str) else dict(given)


def unpack_confidence(stored: Mapping[str, str]) -> str | dict[str, str]:
    """As people and the API have it."""
    if not stored:
        return str(Confidence.UNKNOWN)
    return stored[_ALL] if set(stored) == {_ALL} else dict(stored)


def bad_confidence(given: object) -> str:
    """What is wrong with a confidence, or nothing."""
    values = given.values() if isinstance(given, Mapping) else [given]
    if all(value in Confidence.values for value in values) and set(given if isinstance(given, Mapping) else ()) <= set(
        TEXTS
    ):
        return ""
    words = ", ".join(Confidence.values)
    return f"Confidence is one of {words}, or an object with one of them for each field."


def _read_clock(words: str, *, now: datetime, tz: tzinfo) -> Since:
    clock = _CLOCK.search(words)
    if clock is None:
        return Since(text=words, at=None)
    offset = _OFFSET.search(words)
    if offset and int(offset[2] or 0) > FURTHEST_OFFSET:
        return Since(text=words, at=None)
    zone = _zone(offset) if offset else tz
    local = now.astimezone(zone)
    at = local.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    if at > now:
        at -= timedelta(days=1)
    return Since(text=words, at=at.astimezone(UTC))


def _zone(match: re.Match[str]) -> tzinfo:
    sign, hours, minutes = match.groups()
    if sign is None:
        return UTC
    length = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-length if sign == "-" else length)


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
