"""Moments as people type them: “yesterday 9:10 pm”, “Fri 20 Nov, 20:10 CET”, “09:10 (UTC+0), first call”.

What stands beside a clock time says its day; a day that stands elsewhere is about something else (“09:10, release
yesterday”), and so is the time at which it last worked. What could mean two moments is not guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from mim_portal.lib import zone_names

# What named the day.
CLOCK_ALONE, WEEKDAY, DATE = "", "weekday", "date"
FURTHEST_OFFSET: Final = 14  # hours; anything beyond is a typing error, and guessing would record a wrong time
_HALF_A_YEAR: Final = timedelta(days=183)
_SMALL_HOURS: Final = 6
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_I: Final = re.IGNORECASE
_CLOCK: Final = re.compile(
    r"(?<![\d:.])(?:(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)(?:\s?(?P<half>[ap])\.?m\b\.?)?|"
    r"(?P<hour12>1[0-2]|0?[1-9])\s?(?P<half12>[ap])\.?m\b\.?)",
    _I,
)
_OFFSET: Final = re.compile(r"\b(?:UTC|GMT)\s*(?:([+-])\s?(\d{1,2})(?::?(\d{2}))?)?", _I)
_ZONE: Final = re.compile(rf"\s*\(?(?:(?P<name>{'|'.join(zone_names.EVERY)})\b|{_OFFSET.pattern})\)?", _I)
_DAY: Final = (
    r"(?:(?P<rel>(?:the\s+)?day\s+before\s+yesterday|yesterday|tomorrow|today|tonight|last(?=\s+night)|"
    r"this(?=\s+(?:morning|afternoon|evening))|in\s+the|at(?=\s+night))|"
    r"(?:(?P<which>last|this|next)\s+)?\b(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|"
    r"thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\.?)(?:\s+(?P<part>morning|afternoon|evening|night))?|"
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s+of)?\s+(?P<m>{_MONTH})(?:,?\s+(?P<y>\d{{4}}))?|"
    rf"(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y2>\d{{4}}))?|"
    r"(?P<iso>\d{4}-\d{2}-\d{2})T?"
)
_WORDS_BETWEEN: Final = r"(?:at|around|about|approx\.?|ca\.?|circa|from|since|just after|after)"
_BEFORE: Final = re.compile(rf"\b(?:{_DAY})(?!\w)(?:[\s(~-]|\b{_WORDS_BETWEEN}(?!\w))*$", _I)
# A comma, as in “Friday, 20:10”, belongs to the day only where the text begins with it.
_OPENING: Final = re.compile(
    rf"^\W*(?:(?:since|from|on|it|began|begun|started)\s+)*(?:(?:{'|'.join(_DAYS)})\w*\.?,?\s+)?(?:{_DAY}),?\W*"
    rf"(?:{_WORDS_BETWEEN}\s*)?$",
    _I,
)
_AFTER: Final = re.compile(rf"\s+(?:on\s+)?(?:{_DAY})(?![\w'’-])", _I)
_NUMBERS: Final = re.compile(
    r"^\W*(?:(?:since|from|on)\s+)?(?P<n1>\d{1,2})(?P<sep>[./])(?P<n2>\d{1,2})(?:(?P=sep)(?P<ny>\d{4}|\d{2})?)?,?\s+"
    rf"(?:{_WORDS_BETWEEN}\s+)?(?=\d{{1,2}}(?:[:h.]\d\d|\s?[ap]\.?m))",
    _I,
)
# The question asks both when it began and when it last worked.
_WORKED: Final = re.compile(r"\b(?:work(?:ed|ing|s)|fine|ok)\b", _I)
_FAILED: Final = re.compile(r"\b(?:not|no longer|stopped|since|from|until|till|fail\w*|first)\b|n['’]t\b", _I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The instant in UTC, what named its day, and whether the clocks skipped the time that was typed."""

    at: datetime
    day: str
    is_skipped: bool = False


def read(words: str, *, now: datetime, tz: tzinfo) -> Moment | None:
    """The moment that the words name, or None. Without a day it is the last one that is not in the future; without a
    zone of its own, one of `tz`.
    """
    numbers = _NUMBERS.match(words)
    clock = _clock(words, numbers.end() if numbers else 0)
    if clock is None:
        return None
    zone, rest = _zone(words, clock.end(), now=now, tz=tz)
    if zone is None:
        return None
    before = words[: clock.start()]
    said = _OPENING.search(before) or _BEFORE.search(before) or _AFTER.match(words, rest)
    try:
        return _moment(clock, numbers or said, zone=zone, now=now)
    except (ValueError, OverflowError):  # a day that no calendar has
        return None


def placed(local: datetime, zone: tzinfo, *, day: str) -> Moment:
    """A time of these clocks as an instant."""
    at = local.replace(tzinfo=zone).astimezone(UTC)
    return Moment(at=at, day=day, is_skipped=at.astimezone(zone).replace(tzinfo=None) != local)


def _clock(words: str, start: int) -> re.Match[str] | None:
    """The first clock time that is not the one at which it still worked."""
    for found in _CLOCK.finditer(words, start):
        said = words[start : found.start()]
        if not _WORKED.search(said) or _FAILED.search(said):
            return found
        start = found.end()
    return None


def _zone(words: str, end: int, *, now: datetime, tz: tzinfo) -> tuple[tzinfo | None, int]:
    """The zone of the time, None where it cannot be known, and where the words go on."""
    beside = _ZONE.match(words, end)
    rest = beside.end() if beside else end
    if beside and beside["name"]:
        name = beside["name"].upper()
        if (one := zone_names.fixed(name)) is not None:
            return one, rest
        return (tz if now.astimezone(tz).tzname() == name else None), rest
    offset = _OFFSET.search(words)
    if offset is None:
        return tz, rest
    sign, hours, minutes = offset.groups()
    if sign is None:
        return UTC, rest
    if int(hours) > FURTHEST_OFFSET:
        return None, rest
    length = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-length if sign == "-" else length), rest


def _moment(clock: re.Match[str], said: re.Match[str] | None, *, zone: tzinfo, now: datetime) -> Moment | None:
    given = said.groupdict() if said else {}
    at, today = _time_of_day(clock, part=_part(given)), now.astimezone(zone).date()
    if given.get("weekday"):
        return _on_weekday(given, at, today=today, zone=zone, now=now)
    on = _named(given, today)
    if on is not None:
        found = placed(datetime.combine(on, at), zone, day=DATE)
        is_last_evening = given.get("rel") == "tonight" and now.astimezone(zone).hour < _SMALL_HOURS
        return found if not is_last_evening or found.at <= now else _day_before(found, zone)
    if "n1" in given:
        return None  # 11/12 is a day in November or in December
    named = DATE if (given.get("rel") or "").casefold() == "last" else CLOCK_ALONE  # “last night”
    found = placed(datetime.combine(today, at), zone, day=named)
    return _day_before(found, zone) if found.at > now else found


def _day_before(found: Moment, zone: tzinfo) -> Moment:
    local = found.at.astimezone(zone).replace(tzinfo=None)
    return placed(local - timedelta(days=1), zone, day=found.day)


def _part(given: dict[str, str | None]) -> str:
    """Morning, afternoon, evening, night, or nothing."""
    return "evening" if (given.get("rel") or "").casefold() == "tonight" else (given.get("part") or "").casefold()


def _time_of_day(clock: re.Match[str], *, part: str) -> time:
    hour, half = int(clock["hour"] or clock["hour12"]), (clock["half"] or clock["half12"] or "").casefold()
    is_late = (part in {"afternoon", "evening"} and 1 <= hour < 12) or (part == "night" and _SMALL_HOURS <= hour < 12)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif is_late and not half:
        hour += 12
    return time(hour, int(clock["minute"] or 0))


def _on_weekday(given: dict[str, str | None], at: time, *, today: date, zone: tzinfo, now: datetime) -> Moment | None:
    """The last such day; today only where the time has come and nobody says “last”."""
    which, name = (given["which"] or "").casefold(), (given["weekday"] or "").casefold()
    if which == "next":
        return None
    back = (today.weekday() - _DAYS.index(name[:3])) % 7
    found = placed(datetime.combine(today - timedelta(days=back), at), zone, day=WEEKDAY)
    if back or (found.at <= now and which != "last"):
        return found
    return placed(datetime.combine(today - timedelta(days=7), at), zone, day=WEEKDAY)


def _named(given: dict[str, str | None], today: date) -> date | None:
    """The day that the words name; None where they name none."""
    if given.get("iso"):
        return date.fromisoformat(str(given["iso"]))
    if given.get("m") or given.get("m2"):
        month = _MONTHS.index(str(given["m"] or given["m2"]).casefold()[:3]) + 1
        return _in_year(int(given["d"] or given["d2"] or 0), month, given["y"] or given["y2"], today)
    if given.get("n1"):
        return _of_numbers(given, today)
    rel = " ".join((given.get("rel") or "").casefold().split())
    if rel in {"today", "this", "tonight"}:
        return today
    back = {"yesterday": 1, "tomorrow": -1}.get(rel, 2 if rel.endswith("before yesterday") else 0)
    return today - timedelta(days=back) if back else None


def _in_year(day: int, month: int, year: str | None, today: date) -> date:
    """Without a year, the one that lies nearest."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = date(today.year, month, day)
    return found.replace(year=today.year - 1) if found - today > _HALF_A_YEAR else found


def _of_numbers(given: dict[str, str | None], today: date) -> date | None:
    """20.11. is a day of November everywhere, 20/11 too; 11/12 is one of two."""
    first, second = int(given["n1"] or 0), int(given["n2"] or 0)
    if given["sep"] == "." or first > 12 or first == second:
        return _in_year(first, second, given["ny"], today)
    return _in_year(second, first, given["ny"], today) if second > 12 else None
