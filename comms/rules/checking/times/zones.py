"""Zones of times in a message: offsets, short names that mean one, and those that the writer's own zone decides.

“EST” is Eastern time for whoever writes in Chicago and nothing that readers could know for whoever writes in Dublin.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from mim_portal.lib import zone_names

_OFFSET: Final = r"(?:UTC|GMT)(?:\s?[+\-−]\s?\d{1,2}(?::?\d{2})?)?"
_AMERICAN: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_OUTER: Final = ("America/Halifax", "America/St_Johns", "America/Anchorage", "Pacific/Honolulu")
_ARABIA: Final = timedelta(hours=3)  # Riyadh calls its own time AST, which the tables of zones do not say
_IN_WORDS: Final = {"Eastern": "ET", "Central": "CT", "Mountain": "MT", "Pacific": "PT"}
_NAMES: Final = "|".join((*zone_names.IN_FULL, *zone_names.EVERY, *_AMERICAN))
SHORT: Final = rf"(?-i:{_NAMES}|(?:{'|'.join(_IN_WORDS)})(?:\s+[Tt]ime)?)\b"
# A zone belongs to a time that it follows at once, or in brackets after the day: “14:30 today, 23 Nov (London, UTC+0)”.
_BEHIND: Final = re.compile(
    # “11:05 hours IST”, “07:50 Irish time (IST)”, “08:50 (Dutch time, CEST)”
    rf"(?:\s*(?:hours|hrs))?(?:,(?=\s*(?:{'|'.join(zone_names.IN_FULL)})))?\s*\(?"
    rf"(?:(?-i:[A-Z])[\w ]{{2,20}}?\stime,?\s+\(?)?(?P<name>{SHORT})\)?(?!\s*[(,]\s*{_OFFSET})|"
    r"\s+(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?|local)\s+time\b(?!\s*[(,])|"  # “2.50 pm Malaysian time”
    rf"\s*,?\s*(?:{_OFFSET}(?!\w)|Z\b|[+−]\d{{2}}:?\d{{2}}\b|"
    rf"[\w ,]{{0,40}}\((?:[^()\n]{{0,40}}[ ,])?{_OFFSET}\)|\s+in\s+[\w ]{{2,30}},\s*{_OFFSET}(?!\w))",
    re.IGNORECASE,
)
_NAME: Final = re.compile(rf"\b(?:{SHORT})", re.IGNORECASE)
_HAS_OFFSET: Final = re.compile(_OFFSET, re.IGNORECASE)
_STATED: Final = re.compile(
    r"\s*\(?(?:[^()\n\d]{0,20}[ ,(])?(?:UTC|GMT)\s?(?P<offset>[+\-−]\s?\d{1,2}(?::?\d{2})?)?|\s?(?P<zulu>Z\b)"
)
_ALL_TIMES: Final = re.compile(
    r"\b(?:all\s+times|times)\s+(?:(?:here|below|given|shown|stated|are|in)\s+){0,4}"
    # “All times Eastern (UTC-5)”, “times are in India time (UTC+5:30)”
    r"(?:(?!UTC|GMT)[A-Z][\w.]*\s+){0,2}(?:time,?\s+)?\(?(?:UTC|GMT)"
    r"(?:\s?(?P<offset>[+\-−]\s?\d{1,2}(?::?\d{2})?))?(?!\w)",
    re.IGNORECASE,
)


# The head of a list of times: “Timeline (PST / UTC)”.
_HEAD: Final = re.compile(
    rf"(?im)^[^\w\n]*(?:[\w ]{{0,20}} )?(?:timeline|times|log|history|chronology)[ ,:]*"
    rf"\((?:all )?(?:times )?(?:are |in )*(?:{SHORT}|{_OFFSET})(?:\s*[/,|]\s*(?:{SHORT}|{_OFFSET}))*\)"
)


def has_head(text: str) -> bool:
    """Whether a list of times says in its head which zones they are in."""
    return _HEAD.search(text) is not None


def behind(text: str, at: int) -> re.Match[str] | None:
    """The zone that follows here; its group `name` is a short name."""
    return _BEHIND.match(text, at)


@lru_cache(maxsize=8)  # asked for every time of a text
def of_all(text: str) -> tzinfo | None:
    """The zone that a text gives for all its times: “all times UTC-8”."""
    said = _ALL_TIMES.search(text)
    return _fixed(said["offset"] or "+0") if said is not None else None


def stated(text: str, at: int, *, day: datetime, own: tzinfo) -> tzinfo | None:
    """The zone that is stated behind a time which ends here; None without one, and for a name that may mean several."""
    offset = _STATED.match(text, at)
    if offset is not None:
        return UTC if offset["zulu"] else _fixed(offset["offset"] or "+0")
    said = behind(text, at)
    return meaning(said["name"], day=day, own=own) if said is not None and said["name"] else None


def meaning(name: str, *, day: datetime, own: tzinfo) -> tzinfo | None:
    """What a short name of a zone means to those who write in their own zone; None where it may mean several."""
    name = zone_names.IN_FULL.get(name, name)
    if (one := zone_names.fixed(name)) is not None:
        return one
    mine = _names(own, day.astimezone(own).year)
    short = _IN_WORDS.get(name.split()[0], name)
    if short in mine:
        return timezone(mine[short])
    if short == "AST" and set(mine.values()) == {_ARABIA}:
        return timezone(_ARABIA)
    return american(short, day=day) if _is_american(mine) else None


def american(short: str, *, day: datetime) -> tzinfo | None:
    """What a short name means in North America."""
    if short in _AMERICAN:
        return ZoneInfo(_AMERICAN[short])
    offsets = {
        each: length
        for zone in (*_AMERICAN.values(), *_OUTER)
        for each, length in _names(ZoneInfo(zone), day.year).items()
    }
    return timezone(offsets[short]) if short in offsets else None


def named(text: str, start: int, end: int) -> str:
    """The short name that ends a time, or the range which it begins; nothing where an offset does."""
    found = [] if _HAS_OFFSET.search(text, start, end) else [hit[0] for hit in _NAME.finditer(text, start, end)]
    return found[-1] if found else ""


def has_several(name: str) -> bool:
    """Whether the name is one that several zones have."""
    return name not in zone_names.ONE_OFFSET


def _is_american(names: Mapping[str, timedelta]) -> bool:
    """Whether it is one of the zones with these names in North America, and not that of Manila or Shanghai."""
    all_year = ({"MST": timedelta(hours=-7)}, {"CST": timedelta(hours=-6)}, {"HST": timedelta(hours=-10)})
    return bool({"NDT", "ADT", "EDT", "CDT", "MDT", "PDT", "AKDT"} & set(names)) or names in all_year


@lru_cache(maxsize=100)
def _names(zone: tzinfo, year: int) -> dict[str, timedelta]:
    """How the zone is called in winter and in summer."""
    days = (datetime(year, month, 1, 12, tzinfo=zone) for month in (1, 7))
    return {each.tzname() or "": each.utcoffset() or timedelta(0) for each in days}


def _fixed(offset: str) -> timezone:
    """The zone of “+1”, “+05:30”, “-0330”."""
    sign = -1 if offset[0] in "-−" else 1
    digits = offset[1:].strip().replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    length = timedelta(hours=hours, minutes=minutes)
    return UTC if not length else timezone(sign * min(length, timedelta(hours=23, minutes=59)))
