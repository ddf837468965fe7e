"""The sums themselves: a month counted from the record, with its days where they are many; a year added from months."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from incidents.models import Incident
from reviews.models import MetricMonth, MetricRollup, MetricYear
from reviews.queries.metrics import counting, facts
from reviews.rules import periods
from teams.models import Service

# So many incidents of one month are also counted by day; fewer are read from the record as fast.
DAYS_FROM: Final = 1_000
_LOCK: Final = 7_266_001

_COLUMNS: Final = "period, priority, service_id, team_id, measure, audience, n, hits, invalid, classes, counts"
_KEYS: Final = "priority, service_id, team_id, measure, audience"
_ARRAYS: Final = """coalesce(array_agg(class ORDER BY class) FILTER (WHERE class IS NOT NULL), '{}'),
    coalesce(array_agg(n ORDER BY class) FILTER (WHERE class IS NOT NULL), '{}')"""
# What stands for the day in a month without days, and in one with them: also the groups of every day.
_WITHOUT_DAYS: Final = {"@day@": "NULL::text", "@days@": ""}
_WITH_DAYS: Final = {
    "@day@": "day",
    "@days@": ", (day, measure, audience, class), (day, measure, audience, class, priority)",
}
_MONTH: Final = f"""
INSERT INTO reviews_metricrollup ({_COLUMNS})
SELECT coalesce(day, %(month)s), coalesce(priority, ''), service_id, team_id, measure, audience,
    sum(n), sum(hits), sum(invalid), {_ARRAYS}
FROM (
    SELECT @day@ AS day, priority, service_id, team_id, measure, audience, class, count(*) AS n,
        count(*) FILTER (WHERE hit) AS hits, count(*) FILTER (WHERE value < 0) AS invalid
    FROM (
        SELECT f.*, s.owner_team_id AS team_id, to_char(f.declared_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
            {facts.CLASS} AS class
        FROM facts f JOIN teams_service s ON s.id = f.service_id
    ) AS classed
    GROUP BY GROUPING SETS (
        (measure, audience, class), (measure, audience, class, priority),
        (measure, audience, class, service_id), (measure, audience, class, priority, service_id),
        (measure, audience, class, team_id), (measure, audience, class, priority, team_id) @days@
    )
    HAVING GROUPING(team_id) = 1 OR team_id IS NOT NULL
) AS counted_once
GROUP BY day, {_KEYS}
"""  # noqa: S608 -- joins constants
_YEAR: Final = f"""
INSERT INTO reviews_metricrollup ({_COLUMNS})
WITH months AS (SELECT * FROM reviews_metricrollup WHERE period = ANY(%(months)s))
SELECT %(year)s, {_KEYS}, sum(facts), sum(hits), sum(invalid), {_ARRAYS}
FROM (
    SELECT {_KEYS}, NULL::smallint AS class, 0 AS n, sum(n) AS facts, sum(hits) AS hits, sum(invalid) AS invalid
    FROM months GROUP BY {_KEYS}
    UNION ALL
    SELECT {_KEYS}, c.class, sum(c.count), 0, 0, 0
    FROM months CROSS JOIN LATERAL unnest(classes, counts) AS c (class, count) GROUP BY {_KEYS}, c.class
) AS added
GROUP BY {_KEYS}
"""  # noqa: S608 -- joins constants


@transaction.atomic
def count_month(first: date, *, last_entry: int, now: datetime) -> bool:
    """Count the month again, whole; the sum of its year is no longer current. False: another counts just now."""
    month = periods.month(first)
    public = counting.counted(Incident.objects.filter(is_private=False))
    of_month = public.filter(declared_at__gte=month.begins, declared_at__lt=month.ends)
    if not _alone():
        return False
    has_days = len(of_month.values_list("pk")[DAYS_FROM - 1 : DAYS_FROM]) > 0
    statement = _MONTH
    for place, words in (_WITH_DAYS if has_days else _WITHOUT_DAYS).items():
        statement = statement.replace(place, words)
    composed, parameters = facts.with_facts(of_month, statement, now=now)
    names = [month.name, *(day.name for day in periods.days(first))]
    MetricRollup.objects.filter(period__in=names)._raw_delete(using=connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(composed, {**parameters, "month": month.name})
    told = {"refreshed_at": now, "last_entry": last_entry, "has_days": has_days, "owners": owners()}
    MetricMonth.objects.update_or_create(month=first, defaults=told)
    MetricYear.objects.filter(year=first.year).update(is_current=False)
    return True


@transaction.atomic
def add_year(number: int, *, now: datetime) -> bool:
    """Add the months of the year up. False: another counts just now."""
    if not _alone():
        return False
    months = [date(number, one, 1) for one in range(1, periods.MONTHS_OF_A_YEAR + 1)]
    year = periods.year(number).name
    MetricRollup.objects.filter(period=year)._raw_delete(using=connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(_YEAR, {"year": year, "months": [periods.month(one).name for one in months]})
    MetricYear.objects.update_or_create(year=number, defaults={"added_at": now, "is_current": True})
    return True


def owners() -> Mapping[str, Any]:
    """Whose each service is, by their keys; null where it is nobody's."""
    return {str(service): team for service, team in Service.objects.values_list("pk", "owner_team")}


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
