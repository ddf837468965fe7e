"""Keeping the roll-ups of measures: what changed is counted again within a minute, everything once a day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet
from django.db.models.functions import TruncMonth

from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from reviews.models import MetricMonth
from reviews.queries.metrics import counting, facts
from reviews.queries.metrics.figures import EXACT_UP_TO
from reviews.queries.metrics.rollups import begins, next_month

# Entries that committed late are found again: their numbers lie at most so far back.
LOOK_BACK: Final = 1_000
SECONDS: Final = 20.0
STALE_AFTER: Final = timedelta(days=1)
_LOCK: Final = 7_266_001

_INTO = """
INSERT INTO reviews_metricrollup
    (month_id, priority, service_id, measure, audience, n, hits, invalid, classes, counts)
SELECT %(month)s, coalesce(priority, ''), service_id, measure, audience, sum(n), sum(hits), sum(invalid),
    coalesce(array_agg(class ORDER BY class) FILTER (WHERE class IS NOT NULL), '{}'),
    coalesce(array_agg(n ORDER BY class) FILTER (WHERE class IS NOT NULL), '{}')
FROM (
    SELECT priority, service_id, measure, audience, class, count(*) AS n,
        count(*) FILTER (WHERE hit) AS hits, count(*) FILTER (WHERE value < 0) AS invalid
    FROM (SELECT f.*, {class_of} AS class FROM facts f) AS classed
    GROUP BY GROUPING SETS (
        (measure, audience, class), (measure, audience, class, priority),
        (measure, audience, class, service_id), (measure, audience, class, priority, service_id)
    )
) AS counted_once
GROUP BY priority, service_id, measure, audience
""".replace("{class_of}", facts.CLASS)


def roll_up(*, now: datetime, seconds: float = SECONDS) -> int:
    """Count months again: those in which something happened, then those never counted, then stale ones; how many.

    A small organisation has none: its page reads every value. One at a time; who comes second does nothing.
    """
    if not _is_large():
        return 0
    started, done = dbtime.now(), 0
    newest: int = TimelineEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    for month in _due(now=now):
        if not _refresh(month, last_entry=newest, now=now):
            break
        done += 1
        if (dbtime.now() - started).total_seconds() > seconds:
            break
    return done


def _is_large() -> bool:
    return len(Incident.objects.order_by().values_list("pk")[EXACT_UP_TO : EXACT_UP_TO + 1]) > 0


def _due(*, now: datetime) -> list[date]:
    """Changed months first, then those never counted, the newest first, then those older than a day."""
    known = dict(MetricMonth.objects.values_list("month", "refreshed_at"))
    seen = MetricMonth.objects.aggregate(last=Max("last_entry"))["last"]
    changed: set[date] = set()
    if seen is not None:
        entries = TimelineEntry.objects.filter(pk__gt=seen - LOOK_BACK)
        changed = _months(Incident.objects.filter(pk__in=entries.values("incident")))
        changed |= _months(Incident.objects.filter(closed_at=None))  # their promises fall due by themselves
    ends = Incident.objects.aggregate(first=Min("declared_at"), last=Max("declared_at"))
    never = [month for month in _between(ends["first"], ends["last"]) if month not in known]
    stale = [month for month, at in known.items() if now - at > STALE_AFTER]
    ordered = [*sorted(changed, reverse=True), *sorted(never, reverse=True), *sorted(stale, key=lambda one: known[one])]
    return list(dict.fromkeys(ordered))


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


@transaction.atomic
def _refresh(month: date, *, last_entry: int, now: datetime) -> bool:
    public = counting.counted(Incident.objects.filter(is_private=False))
    of_month = public.filter(declared_at__gte=begins(month), declared_at__lt=begins(next_month(month)))
    statement, parameters = facts.with_facts(of_month, _INTO, now=now, month=month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return False
        MetricMonth.objects.update_or_create(month=month, defaults={"refreshed_at": now, "last_entry": last_entry})
        cursor.execute("DELETE FROM reviews_metricrollup WHERE month_id = %s", [month])
        cursor.execute(statement, parameters)
    return True
