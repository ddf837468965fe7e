"""Figures over any number of incidents: whole months from their roll-ups, the rest from the record.

Roll-ups hold public incidents alone. Private ones that the person may see, months begun or ended by the period, and
months not rolled up yet are counted where they stand, in the same classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Max, Q, QuerySet

from incidents.models import Incident
from reviews.models import MetricMonth, MetricRollup
from reviews.queries.metrics import counting, facts
from reviews.queries.metrics.counting import Filters
from reviews.queries.metrics.facts import Key
from reviews.rules import classes
from reviews.rules.classes import Classes
from teams.models import Person

_ADDED = """
SELECT {what} c.class, sum(c.count)::bigint, 0, 0
FROM reviews_metricrollup r CROSS JOIN LATERAL unnest(r.classes, r.counts) AS c (class, count)
WHERE {which} GROUP BY {what} c.class
UNION ALL
SELECT {what} NULL, (sum(r.n) - sum((SELECT coalesce(sum(x), 0) FROM unnest(r.counts) x)))::bigint,
    sum(r.hits)::bigint, sum(r.invalid)::bigint
FROM reviews_metricrollup r WHERE {which} GROUP BY {grouped}
"""


@dataclass(frozen=True, kw_only=True)
class Split:
    """The months that are read from roll-ups, and the incidents that are not in them."""

    months: Sequence[date]
    rest: QuerySet[Incident]


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def begins(month: date) -> datetime:
    """The instant at which it begins in UTC."""
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def split(person: Person | AnonymousUser, filters: Filters) -> Split:
    """Every month that lies whole in the period and is rolled up; two queries with the one over the rest."""
    known = MetricMonth.objects.order_by("month").values_list("month", flat=True)
    months = [
        month
        for month in known
        if (filters.since is None or begins(month) >= filters.since)
        and (filters.until is None or begins(next_month(month)) <= filters.until)
    ]
    rest = counting.incidents(person, filters)
    if months:
        rest = rest.filter(Q(is_private=True) | _outside(months))
    return Split(months=months, rest=rest)


def read(person: Person | AnonymousUser, filters: Filters, *, now: datetime) -> dict[Key, Classes]:
    """Every measure by audience."""
    found = split(person, filters)
    parts: dict[Key, list[Classes]] = {}
    for key, one in facts.classes(found.rest, now=now).items():
        parts.setdefault(key, []).append(one)
    rows: dict[Key, list[Sequence[int | None]]] = {}
    for measure, audience, *row in _added(found.months, filters, what=("r.measure", "r.audience")):
        rows.setdefault((measure, audience), []).append(row)
    for key, several in rows.items():
        parts.setdefault(key, []).append(facts.of_rows(several))
    return {key: classes.merged(several) for key, several in parts.items()}


def by_month(person: Person | AnonymousUser, filters: Filters, *, measure: str, now: datetime) -> dict[date, Classes]:
    """One measure over all audiences, by the month in which the incident was declared."""
    found = split(person, filters)
    parts = {month: [one] for month, one in facts.months(found.rest, measure=measure, now=now).items()}
    rows: dict[date, list[Sequence[int | None]]] = {}
    for month, *row in _added(found.months, filters, what=("r.month_id",), measure=measure):
        rows.setdefault(month, []).append(row)
    for month, several in rows.items():
        parts.setdefault(month, []).append(facts.of_rows(several))
    return {month: classes.merged(several) for month, several in parts.items()}


def rolled_at() -> datetime | None:
    """When the newest of the roll-ups was counted; None without any."""
    at: datetime | None = MetricMonth.objects.aggregate(at=Max("refreshed_at"))["at"]
    return at


def _outside(months: Sequence[date]) -> Q:
    """Declared in none of these months: before the first, after the last, or in a gap between them."""
    outside = Q(declared_at__lt=begins(months[0])) | Q(declared_at__gte=begins(next_month(months[-1])))
    for before, after in pairwise(months):
        if next_month(before) != after:
            outside |= Q(declared_at__gte=begins(next_month(before)), declared_at__lt=begins(after))
    return outside


def _added(
    months: Sequence[date], filters: Filters, *, what: tuple[str, ...], measure: str = ""
) -> list[Sequence[Any]]:
    if not months:
        return []
    rows = MetricRollup.objects.filter(month__in=months, priority=filters.priority)
    if filters.service or filters.team:
        rows = rows.filter(service__isnull=False)
        if filters.service:
            rows = rows.filter(service__slug=filters.service)
        if filters.team:
            rows = rows.filter(service__owner_team__slug=filters.team)
    else:
        rows = rows.filter(service__isnull=True)
    if measure:
        rows = rows.filter(measure=measure)
    chosen, parameters = rows.order_by().values("pk").query.sql_with_params()
    columns = ", ".join(what)
    statement = _ADDED.format(what=f"{columns},", grouped=columns, which=f"r.id IN ({chosen})")
    with connection.cursor() as cursor:
        cursor.execute(statement, (*parameters, *parameters))
        return list(cursor.fetchall())
