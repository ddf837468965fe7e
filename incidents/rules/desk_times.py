"""Times on the desk's form that cannot be meant as they stand: said in words, never a reason to refuse."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from incidents.rules import intake_grades as grades
from incidents.rules import statement
from mim_portal.lib import times

LONG_AGO = timedelta(days=14)


def doubts(facts: Mapping[str, object], *, now: datetime, tz: tzinfo = UTC) -> list[str]:
    """What to ask about the start and the critical time: future, long past, one before the other, or no such time."""
    started, said = _read(facts.get("since_when"), now=now, tz=tz)
    critical, critical_said = _read(facts.get("critical_time"), now=now, tz=tz)
    return [*_about_start(started, said, now=now, tz=tz), *_about_end(started, critical, critical_said, now=now, tz=tz)]


def _read(text: object, *, now: datetime, tz: tzinfo) -> tuple[datetime | None, str]:
    words = str(text or "").strip()
    if grades.asked(words):
        return None, ""
    return statement.read_since(words, now=now, tz=tz).at, words


def _about_start(at: datetime | None, words: str, *, now: datetime, tz: tzinfo) -> list[str]:
    if at is None:
        return []
    shown = times.date_time(at, tz)
    if at > now:
        return [f"The start {shown} is still to come. When did the first person notice?"]
    if now - at > LONG_AGO:
        return [f"The start {shown} is more than two weeks ago. Is the date right?"]
    if _is_bare(words) and at.astimezone(tz).date() != now.astimezone(tz).date():
        return [f"The start is read as {shown}, since it is not that late yet today. Write the date if that is wrong."]
    if _is_bare(words) and _falls_into_gap(at, words, tz=tz):
        return [f"There was no such time: the clocks went forward. It is read as {shown}."]
    return []


def _about_end(started: datetime | None, at: datetime | None, words: str, *, now: datetime, tz: tzinfo) -> list[str]:
    if at is None or _is_bare(words):
        return []  # a clock time alone may be today's or tomorrow's
    shown = times.date_time(at, tz)
    if started is not None and at < started:
        return [f"The critical time {shown} is before the start. Which one is wrong?"]
    if at < now - timedelta(days=1):
        return [f"The critical time {shown} has passed. What is lost now?"]
    return []


def _is_bare(words: str) -> bool:
    """A clock time without its date."""
    try:
        datetime.fromisoformat(words)
    except ValueError:
        return True
    return False


def _falls_into_gap(at: datetime, words: str, *, tz: tzinfo) -> bool:
    """Whether the typed local time was skipped by the clocks: read back, it is another one."""
    clock = f"{at.astimezone(tz):%H:%M}"
    return clock not in words and clock.lstrip("0") not in words and "UTC" not in words and "GMT" not in words
