"""What stands in one cell of the organisation's files, read and written."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from teams.choices import CallHours, ServiceTier
from teams.rules import fields, mail_address
from teams.rules.fields import Unusable

_SEPARATORS = re.compile(r"[;,|\n]")
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
CONTACT_KINDS = ("email", "phone", "chat", "pager")


def words(longest: int) -> Callable[[str], str]:
    return lambda text: fields.words(text, longest=longest)


def prose(text: str) -> str:
    return fields.prose(text, longest=4000)


def yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unusable("Write yes or no.")


def several(read: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    """Values in one cell, separated by semicolons; in alphabetical order, each once."""

    def read_all(text: str) -> tuple[str, ...]:
        return tuple(sorted({read(part) for part in _SEPARATORS.split(text) if part.strip()}))

    return read_all


def roles(text: str) -> tuple[str, ...]:
    return tuple(sorted(fields.roles(part for part in _SEPARATORS.split(text) if part.strip())))


def role(text: str) -> str:
    found = fields.roles([text]) if text.strip() else ("",)
    return found[0]


def address(text: str) -> str:
    return mail_address.normalised(text) if text.strip() else ""


def username(text: str) -> str:
    """As somebody has it; a new one is looked at more closely."""
    return fields.words(text, longest=150)


def slug_or_none(text: str) -> str:
    return fields.slug(text) if text.strip() else ""


def language(text: str) -> str:
    return text.strip().lower().replace("_", "-") or "en-gb"


def zone(text: str) -> str:
    return fields.time_zone(text) if text.strip() else "UTC"


def zone_or_none(text: str) -> str:
    return fields.time_zone(text) if text.strip() else ""


def tier(text: str) -> str:
    word = text.strip().lower() or ServiceTier.STANDARD.value
    if word not in ServiceTier.values:
        raise Unusable(f"Write one of {', '.join(ServiceTier.values)}.")
    return word


def kind_of_contact(text: str) -> str:
    word = {"e-mail": "email", "mail": "email"}.get(text.strip().lower(), text.strip().lower())
    if word not in CONTACT_KINDS:
        raise Unusable(f"Write one of {', '.join(CONTACT_KINDS)}.")
    return word


def call_hours(text: str) -> str:
    word = text.strip().lower().replace(" ", "_").replace("-", "_") or CallHours.ALWAYS.value
    if word not in CallHours.values:
        raise Unusable(f"Write one of {', '.join(CallHours.values)}.")
    return word


def number(text: str) -> int | None:
    plain = re.sub(r"[\s'’]", "", text)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 10):
        raise Unusable("Write a whole number, such as 1200.")
    return int(plain)


def position(text: str) -> int:
    found = number(text) or 0
    if found > 32767:
        raise Unusable("Write a number up to 32767.")
    return found


def moment(text: str) -> datetime:
    """With an offset it is that instant; without, a time of the row's zone, still without one."""
    try:
        return datetime.fromisoformat(text.strip().upper())
    except ValueError:
        raise Unusable("Write the time as 2026-11-23 08:00, or with its offset as 2026-11-23 08:00+01:00.") from None


def instant(at: datetime, *, zone: str) -> datetime:
    """The instant in UTC of a time of the zone. One that the clocks skip or show twice needs its offset."""
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    tz = ZoneInfo(zone)
    early, late = (at.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if early.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != at:
        raise Unusable(f"There is no {at:%H:%M} on {at:%Y-%m-%d} in {zone}: the clocks jump over it.")
    raise Unusable(f"There are two {at:%H:%M} on {at:%Y-%m-%d} in {zone}: write the offset, such as +01:00.")


def write_yes(value: bool) -> str:
    return "yes" if value else "no"


def write_joined(values: tuple[str, ...]) -> str:
    return "; ".join(values)


def write_number(value: int | None) -> str:
    return "" if value is None else str(value)


def write_moment(value: datetime) -> str:
    return value.isoformat(sep=" ", timespec="minutes" if not value.second else "seconds")
