"""Tasks typed in one line, and how many people one manager can lead."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# Beyond this one person loses the thread: form a workstream with a lead (domain.md 1.3, span of control).
SPAN_OF_CONTROL: Final = 7
LEAST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 6
_OWNER = re.compile(r"(?<!\S)@([\w][\w.+-]*)")
_CLOCK = re.compile(r"(?:^|\s)(?:by\s+|until\s+)?([01]?\d|2[0-3]):([0-5]\d)[.!]?$", re.IGNORECASE)
_MINUTES = re.compile(r"(?:^|\s)(?:\+|in\s+)(\d{1,3})\s?(?:m|min|minutes)?[.!]?$", re.IGNORECASE)
# A time this long past is meant for today; longer ago it is tomorrow's.
_JUST_PASSED = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """What somebody typed in one line: what to do, who, by when."""

    title: str
    owner: str
    due_at: datetime | None


def task_line(text: str, *, now: datetime) -> TaskLine:
    """Read “confirm with Dublin desk @desmond 10:45” or “… +15”; `now` is in the writer's own zone.

    Only the first @name and a time at the very end are read; everything else is the task as typed.
    """
    found = _OWNER.search(text)
    owner = found.group(1).rstrip(".") if found else ""
    rest = (text[: found.start()] + text[found.end() :]) if found else text
    rest = " ".join(rest.split())
    rest, due_at = _due(rest, now=now)
    return TaskLine(title=rest.strip(), owner=owner, due_at=due_at)


def _due(text: str, *, now: datetime) -> tuple[str, datetime | None]:
    minutes = _MINUTES.search(text)
    if minutes:
        return text[: minutes.start()], now + timedelta(minutes=int(minutes.group(1)))
    clock = _CLOCK.search(text)
    if clock is None:
        return text, None
    due_at = now.replace(hour=int(clock.group(1)), minute=int(clock.group(2)), second=0, microsecond=0)
    if due_at < now - _JUST_PASSED:
        due_at += timedelta(days=1)
    return text[: clock.start()], due_at


def is_late(*, due_at: datetime | None, now: datetime) -> bool:
    """Whether a time box has run out."""
    return due_at is not None and now > due_at


def over_span(lines: int) -> bool:
    """Whether more people and groups report to the manager than one person can lead."""
    return lines > SPAN_OF_CONTROL


def options(given: str | list[str]) -> list[str]:
    """Options as typed, one a line; each once, in their order."""
    lines = given.splitlines() if isinstance(given, str) else given
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def options_problem(found: list[str], *, one_tap: bool) -> str:
    """The code of what is wrong with the options; empty where nothing is."""
    if len(found) > MOST_OPTIONS:
        return "too_many"
    if any(len(option) > 120 for option in found):
        return "too_long"
    if one_tap and len(found) < LEAST_OPTIONS:
        return "too_few"
    return ""
