"""A file of holidays: a calendar (.ics), or a sheet (CSV) with the columns date and name.

What cannot be used is left out and said, day by day: one odd entry must not keep twenty good ones out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from dateutil import rrule
from icalendar import Calendar

from teams.rules import table
from teams.rules.table import Unreadable

MOST: Final = 1000
MOST_BYTES: Final = 512 * 1024
LONGEST_NAME: Final = 120
_LONGEST: Final = 31  # days of one entry
_YEARS: Final = timedelta(days=3 * 366)
_DAY: Final = timedelta(days=1)
_DATES: Final = ("date", "day", "on", "start_date")
_NAMES: Final = ("name", "holiday", "summary", "title", "subject")
_RULE_PARTS: Final = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "UNTIL", "WKST"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Days with their names, in order, and what was left out, as sentences."""

    days: dict[date, str]
    left_out: tuple[str, ...]


def read(raw: bytes, *, today: date) -> Read:
    """The days of the file, three years back and ahead; Unreadable where it is neither kind."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"The file has more than {MOST_BYTES // 1024} KB. A year of holidays has a few.")
    if raw.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        entries = _of_calendar(raw, today=today)
    else:
        entries = _of_sheet(raw)
    days: dict[date, str] = {}
    left_out: list[str] = []
    for on, name, problem in islice(entries, MOST):
        if problem or on is None:
            left_out.append(problem)
        elif not today - _YEARS <= on <= today + _YEARS:
            left_out.append(f"{name} on {on.isoformat()} is more than three years away.")
        else:
            days[on] = name
    return Read(days=dict(sorted(days.items())), left_out=tuple(left_out))


def name_of(text: str) -> str:
    """A name on one line."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST_NAME].strip() or "Holiday"


_Entry = tuple[date | None, str, str]


def _of_sheet(raw: bytes) -> Iterator[_Entry]:
    found = table.read(raw)
    day = next((one for one in found.headings if one in _DATES), None)
    name = next((one for one in found.headings if one in _NAMES), None)
    if day is None or name is None:
        raise Unreadable("Give the sheet two columns, date and name, or hand in a calendar file (.ics).")
    return _rows(found, day=day, name=name)


def _rows(found: table.Table, *, day: str, name: str) -> Iterator[_Entry]:
    for row in found.rows:
        text = row.cells[day]
        try:
            yield date.fromisoformat(text), name_of(row.cells[name]), ""
        except ValueError:
            yield None, "", f"Row {row.number}: “{text[:40]}” is no date. Write it as 2026-12-25."


def _of_calendar(raw: bytes, *, today: date) -> Iterator[_Entry]:
    try:
        events = Calendar.from_ical(raw).walk("VEVENT")
    except (ValueError, IndexError, KeyError) as error:
        raise Unreadable("The calendar file cannot be read. Export it again as .ics.") from error
    return (entry for event in events for entry in _of_event(event, today=today))


def _of_event(event: Any, *, today: date) -> Iterator[_Entry]:
    name = name_of(str(event.get("SUMMARY", "")))
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    start, end = (getattr(event.get(key), "dt", None) for key in ("DTSTART", "DTEND"))
    if not isinstance(start, date) or isinstance(start, datetime):
        yield None, name, f"{name}: it is no whole day."
        return
    length = (end - start).days if isinstance(end, date) and not isinstance(end, datetime) else 1
    if not 1 <= length <= _LONGEST:
        yield None, name, f"{name}: it lasts {length} days."
        return
    starts, problem = _starts(event, start, today=today)
    if problem:
        yield None, name, f"{name}: {problem}"
    for first in starts:
        for number in range(length):
            yield first + number * _DAY, name, ""


def _starts(event: Any, start: date, *, today: date) -> tuple[list[date], str]:
    """The days on which an entry begins: its own, or one a year; and why they cannot be told."""
    rule = event.get("RRULE")
    if event.get("EXDATE") or event.get("RDATE") or isinstance(rule, list):
        return [], "it repeats with exceptions. Enter its days by hand."
    if rule is None:
        return [start], ""
    parts = {str(key).upper() for key in rule}
    if rule.get("FREQ") != ["YEARLY"] or parts - _RULE_PARTS or start.year < today.year - 200:
        return [], "it repeats in another way than once a year. Enter its days by hand."
    last = min([today + _YEARS, *(_as_date(one) for one in rule.get("UNTIL", ()))])
    given = {key: value for key, value in rule.items() if str(key).upper() != "UNTIL"}
    text = type(rule)(given).to_ical().decode()
    try:
        begins = datetime.combine(start, time(0))
        found = rrule.rrulestr(f"{text};UNTIL={last:%Y%m%d}", dtstart=begins, ignoretz=True)
        days = [at.date() for at in islice(found, 300)]
    except ValueError:
        return [], "its rule cannot be read. Enter its days by hand."
    return [day for day in days if day >= today - _YEARS], ""


def _as_date(one: date) -> date:
    return one.date() if isinstance(one, datetime) else one
