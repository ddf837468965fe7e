"""Keeping the roll-ups of measures: what changed is counted again within a minute, everything once a day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db.models import Max, Min, QuerySet
from django.db.models.functions import TruncMonth

from incidents.models import Incident, TimelineEntry
from incidents.rules.intake_trends import next_month
from mim_portal.lib import dbtime
from reviews.models import MetricMonth, MetricYear
from reviews.queries.metrics import figures
from reviews.rules.periods import MONTHS_OF_A_YEAR
from reviews.services import rollup_sums

# Entries that committed late are found again: their numbers lie at most so far back.
LOOK_BACK: Final = 1_000
SECONDS: Final = 20.0
STALE_AFTER: Final = timedelta(days=1)
# A year whose months change all the time is not added up all the time; its months serve meanwhile.
YEAR_AFTER: Final = timedelta(hours=1)


def roll_up(*, now: datetime, seconds: float = SECONDS) -> int:
    """Count months again, then add years up that they changed; how many months were counted.

    Months in which something happened come first, then those never counted, those with a service that changed hands,
    and stale ones. A small organisation has none: its page reads every value. One at a time; who comes second does
    nothing.
    """
    if not figures.is_large():
        return 0
    started, done = dbtime.now(), 0
    newest: int = TimelineEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    for month in _due(now=now):
        if not rollup_sums.count_month(month, last_entry=newest, now=now):
            return done
        done += 1
        if (dbtime.now() - started).total_seconds() > seconds:
            return done
    for year in _years(now=now):
        if not rollup_sums.add_year(year, now=now) or (dbtime.now() - started).total_seconds() > seconds:
            break
    return done


def _due(*, now: datetime) -> list[date]:
    """Every month that is to be counted again, the most urgent first."""
    rows = list(MetricMonth.objects.all())
    known = {row.month: row.refreshed_at for row in rows}
    changed: set[date] = set()
    if rows:
        entries = TimelineEntry.objects.filter(pk__gt=max(row.last_entry for row in rows) - LOOK_BACK)
        changed = _months(Incident.objects.filter(pk__in=entries.values("incident")))
        changed |= _months(Incident.objects.filter(closed_at=None))  # their promises fall due by themselves
    ends = Incident.objects.aggregate(first=Min("declared_at"), last=Max("declared_at"))
    never = [month for month in _between(ends["first"], ends["last"]) if month not in known]
    owners = rollup_sums.owners()
    moved = [row.month for row in rows if _changed_hands(row.owners, owners)]
    stale = sorted((month for month, at in known.items() if now - at > STALE_AFTER), key=lambda one: known[one])
    newest_first = (month for part in (changed, never, moved) for month in sorted(part, reverse=True))
    return list(dict.fromkeys([*newest_first, *stale]))


def _changed_hands(then: Mapping[str, int | None], now: Mapping[str, int | None]) -> bool:
    """Whether one of the services was another team's when the month was counted."""
    return any(team != now.get(service) for service, team in then.items() if service in now)


def _years(*, now: datetime) -> list[int]:
    """Years of which every month is counted, not added up since one of them was; the newest first."""
    months = Counter(month.year for month in MetricMonth.objects.values_list("month", flat=True))
    rows = MetricYear.objects.values_list("year", "is_current", "added_at")
    added = {year for year, is_current, at in rows if is_current or now - at < YEAR_AFTER}
    return sorted((year for year, n in months.items() if n == MONTHS_OF_A_YEAR and year not in added), reverse=True)


def _months(incidents: QuerySet[Incident]) -> set[date]:
    rows = incidents.order_by().values_list(TruncMonth("declared_at", tzinfo=UTC), flat=True).distinct()
    return {row.date() for row in rows}


def _between(first: datetime | None, last: datetime | None) -> Sequence[date]:
    if first is None or last is None:
        return []
    month, found = first.date().replace(day=1), []
    while month <= last.date():
        found.append(month)
        month = next_month(month)
    return found
