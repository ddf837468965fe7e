"""Times on the desk's form that cannot be meant as they stand: said in words, never a reason to refuse."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from incidents.rules import intake_grades as grades
from incidents.rules import spoken_times, statement
from incidents.rules.statement import Since
from mim_portal.lib import times

LONG_AGO = timedelta(days=14)


def doubts(facts: Mapping[str, object], *, now: datetime, tz: tzinfo = UTC) -> list[str]:
    """What to ask about the start and the critical time: future, long past, one before the other, or no such time."""
    started = _read(facts.get("since_when"), now=now, tz=tz)
    critical = _read(facts.get("critical_time"), now=now, tz=tz)
    return [*_about_start(started, now=now, tz=tz), *_about_end(started.at, critical, now=now, tz=tz)]


def _read(text: object, *, now: datetime, tz: tzinfo) -> Since:
    words = str(text or "").strip()
    return statement.read_since("" if grades.asked(words) else words, now=now, tz=tz)


def _about_start(start: Since, *, now: datetime, tz: tzinfo) -> list[str]:
    if start.at is None:
        return []
    shown = times.date_time(start.at, tz)
    if start.at > now:
        return [f"The start {shown} is still to come. When did the first person notice?"]
    if now - start.at > LONG_AGO:
        return [f"The start {shown} is more than two weeks ago. Is the date right?"]
    is_alone = start.day == spoken_times.CLOCK_ALONE
    if is_alone and start.at.astimezone(tz).date() != now.astimezone(tz).date():
        return [f"The start is read as {shown}, since it is not that late yet today. Write the date if that is wrong."]
    if start.is_skipped:
        return [f"There was no such time: the clocks went forward. It is read as {shown}."]
    return []


def _about_end(started: datetime | None, critical: Since, *, now: datetime, tz: tzinfo) -> list[str]:
    if critical.at is None or critical.day != spoken_times.DATE:
        return []  # a clock time alone may be today's or tomorrow's, a weekday the last or the next
    shown = times.date_time(critical.at, tz)
    if started is not None and critical.at < started:
        return [f"The critical time {shown} is before the start. Which one is wrong?"]
    if critical.at < now - timedelta(days=1):
        return [f"The critical time {shown} has passed. What is lost now?"]
    return []
