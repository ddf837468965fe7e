"""How times, durations and zones are written, everywhere the same: pages, messages, snapshots, API texts.

An abbreviation such as IST or BST names several zones, an offset names one (domain.md 4.3), so every time carries it.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from mim_portal.lib import language_tags

ENGLISH: Final = "en"
# Days from Monday on, and months, as messages in these languages have them; every other language has the English ones.
_DAYS: Final[Mapping[str, tuple[str, ...]]] = {
    ENGLISH: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
_MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    ENGLISH: ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "de": ("Jan.", "Feb.", "März", "April", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "fr": ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
}
_WHOLE_MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    ENGLISH: (
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
        *("November", "December"),
    ),
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"),
        *("November", "Dezember"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"),
        *("novembre", "décembre"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre"),
        *("noviembre", "diciembre"),
    ),
}


def zone(name: str) -> tzinfo:
    """The zone called `name`, or UTC where the name is unknown."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def offset(at: datetime) -> str:
    """'UTC+0', 'UTC+5:30', 'UTC-3' of an aware time."""
    return _offset(at.utcoffset() or timedelta())


@lru_cache(maxsize=256)
def _offset(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    sign = "-" if seconds < 0 else "+"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{sign}{hours}:{minutes:02d}" if minutes else f"UTC{sign}{hours}"


def clock_time(at: datetime, tz: tzinfo = UTC) -> str:
    """'14:30 (UTC+0)'."""
    return _clock_time(at.astimezone(tz))


def exact_time(at: datetime, tz: tzinfo = UTC) -> str:
    """'14:30:51 (UTC+0)', or '14:30 (UTC+0)' at a whole minute: the moment from which something may be done."""
    local = at.astimezone(tz)
    return f"{local:%H:%M:%S} ({offset(local)})" if local.second else _clock_time(local)


def _clock_time(local: datetime) -> str:
    return f"{local.hour:02d}:{local.minute:02d} ({offset(local)})"


def date_time(at: datetime, tz: tzinfo = UTC, *, language: str = ENGLISH) -> str:
    """'Mon 23 Nov, 14:30 (UTC+0)'."""
    local = at.astimezone(tz)
    return f"{_day_and_month(local, language)}, {_clock_time(local)}"


def full_date_time(at: datetime, tz: tzinfo = UTC, *, language: str = ENGLISH) -> str:
    """'Mon 23 Nov 2026, 14:30 (UTC+0)'; in German 'Mo 23. Nov. 2026', in French 'lun. 23 nov. 2026', in Spanish
    'lun 23 nov 2026'.
    """
    local = at.astimezone(tz)
    return f"{_day_and_month(local, language)} {local.year}, {_clock_time(local)}"


def _day_and_month(local: date, tag: str) -> str:
    language = _spoken(tag)
    number = f"{local.day}"
    if language == "de":
        number += "."
    elif language == "fr" and local.day == 1:
        number = "1er"
    return f"{_DAYS[language][local.weekday()]} {number} {_MONTHS[language][local.month - 1]}"


def _spoken(tag: str) -> str:
    own = language_tags.primary(tag)
    return own if own in _DAYS else ENGLISH


def day(on: date, *, language: str = ENGLISH) -> str:
    """'Mon 23 Nov 2026'."""
    return f"{_day_and_month(on, language)} {on.year}"


def month(of: date, *, language: str = ENGLISH) -> str:
    """'November 2026', in Spanish 'noviembre de 2026'."""
    spoken = _spoken(language)
    return f"{_WHOLE_MONTHS[spoken][of.month - 1]} {'de ' if spoken == 'es' else ''}{of.year}"


@lru_cache(maxsize=32)
def names(language: str) -> frozenset[str]:
    """The days and months as this language has them here, without a stop, in lower case."""
    spoken = _spoken(language)
    return frozenset(name.rstrip(".").casefold() for name in (*_DAYS[spoken], *_MONTHS[spoken]))


def due_time(at: datetime, tz: tzinfo = UTC, *, now: datetime, language: str = ENGLISH) -> str:
    """The time alone on the reader's own day, with the date on any other."""
    same_day = at.astimezone(tz).date() == now.astimezone(tz).date()
    return clock_time(at, tz) if same_day else date_time(at, tz, language=language)


def duration(length: timedelta | float) -> str:
    """'45 s', '12 min', '1 h 24 min', '3 d 2 h'; negative lengths are written as positive."""
    seconds = int(abs(length.total_seconds() if isinstance(length, timedelta) else length))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def iso(at: datetime) -> str:
    """RFC 3339 in UTC with whole milliseconds, as API and <time datetime> have it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
