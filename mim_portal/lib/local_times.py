"""Which instants a wall-clock time names where the clocks change: usually one, sometimes none, sometimes two.

A person who types 01:30 on the night when the clocks go back means one of two moments, and on the night when they go
forward may mean none: neither is guessed.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

_TYPED: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d(?::\d\d)?)"
    r"\s*(?:(?P<utc>Z)|\(?(?:UTC)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\)?)?"
)


def read(text: str) -> datetime:
    """'2026-11-23 14:30' as a time without zone; with an offset ('+01:00', 'UTC+1', 'Z') as the instant that it names.

    ValueError for anything else, and for days and hours that no calendar has.
    """
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    local = datetime.fromisoformat(f"{found['day']}T{found['clock']}")
    if found["utc"]:
        return local.replace(tzinfo=UTC)
    if not found["sign"]:
        return local
    length = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return local.replace(tzinfo=timezone(-length if found["sign"] == "-" else length))


def instants(local: datetime, tz: tzinfo) -> tuple[datetime, ...]:
    """The instants, in UTC and in order, at which the clocks of the zone showed this time."""
    found: list[datetime] = []
    for fold in (0, 1):
        at = local.replace(tzinfo=tz, fold=fold).astimezone(UTC)
        if at.astimezone(tz).replace(tzinfo=None, fold=0) == local and at not in found:
            found.append(at)
    return tuple(sorted(found))


def written(at: datetime, tz: tzinfo) -> str:
    """'2026-10-25 01:30 +01:00': the instant so that it can be typed back and means no other."""
    local = at.astimezone(tz)
    offset = local.isoformat()[-6:]
    return f"{local:%Y-%m-%d %H:%M} {offset}"
