"""Figures over any number of incidents: years, months and days from their roll-ups, the rest from the record.

Roll-ups hold public incidents alone. Private ones that the person may see, days begun or ended by the period, and
months not rolled up yet are counted where they stand, in the same classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, Q, QuerySet

from incidents.models import Incident
from reviews.models import MetricMonth, MetricRollup, MetricYear
from reviews.queries.metrics import counting, facts
from reviews.queries.metrics.counting import Filters
from reviews.queries.metrics.facts import Key
from reviews.rules import classes, periods
from reviews.rules.classes import Classes
from reviews.rules.periods import Period
from teams.models import Person, Service

_ADDED = """
WITH r AS MATERIALIZED ({chosen})
SELECT r.measure, r.audience, c.class, sum(c.count)::bigint, 0, 0
FROM r CROSS JOIN LATERAL unnest(r.classes, r.counts) AS c (class, count)
GROUP BY r.measure, r.audience, c.class
UNION ALL
SELECT r.measure, r.audience, NULL, (sum(r.n) - sum((SELECT coalesce(sum(x), 0) FROM unnest(r.counts) x)))::bigint,
    sum(r.hits)::bigint, sum(r.invalid)::bigint
FROM r GROUP BY r.measure, r.audience
"""
_SUMS = ("period", "n", "hits", "invalid", "classes", "counts")
_NEEDED = ("measure", "audience", *_SUMS[1:])


@dataclass(frozen=True, kw_only=True)
class Split:
    """The periods that are read from roll-ups, whether the team's own sums hold, and lists of the incidents in none."""

    periods: Sequence[Period]
    by_team: bool
    rest: Sequence[QuerySet[Incident]]


def split(person: Person | AnonymousUser, filters: Filters, *, years: bool = True) -> Split:
    """What fills the period with the fewest sums; days are kept of all services alone. Three queries at most."""
    months = list(MetricMonth.objects.order_by("month").defer("owners"))
    of_all = not filters.service and not filters.team
    filled = periods.fill(
        filters.since,
        filters.until,
        months=[row.month for row in months],
        years=MetricYear.objects.filter(is_current=True).values_list("year", flat=True) if years else (),
        by_day=[row.month for row in months if row.has_days and of_all],
    )
    rest = counting.parts(person, filters)
    if rest and filled:
        rest[0] = rest[0].filter(_outside(filled))
    by_team = bool(filters.team) and not filters.service and _still_theirs(filters.team, filled)
    return Split(periods=filled, by_team=by_team, rest=rest)


def read(person: Person | AnonymousUser, filters: Filters, *, now: datetime) -> dict[Key, Classes]:
    """Every measure by audience."""
    found = split(person, filters)
    parts: dict[Key, list[Classes]] = {}
    for counted in found.rest:
        for key, one in facts.classes(counted, now=now).items():
            parts.setdefault(key, []).append(one)
    rows: dict[Key, list[Sequence[int | None]]] = {}
    for measure, audience, *row in _added(found, filters):
        rows.setdefault((measure, audience), []).append(row)
    for key, several in rows.items():
        parts.setdefault(key, []).append(facts.of_rows(several))
    return {key: classes.merged(several) for key, several in parts.items()}


def by_month(person: Person | AnonymousUser, filters: Filters, *, measure: str, now: datetime) -> dict[date, Classes]:
    """One measure over all audiences, by the month in which the incident was declared."""
    found = split(person, filters, years=False)
    parts: dict[date, list[Classes]] = {}
    for counted in found.rest:
        for month, one in facts.months(counted, measure=measure, now=now).items():
            parts.setdefault(month, []).append(one)
    for name, n, hits, invalid, numbers, counts in _chosen(found, filters).filter(measure=measure).values_list(*_SUMS):
        one = Classes(n=n, hits=hits, invalid=invalid, counts=dict(zip(numbers, counts, strict=True)))
        parts.setdefault(date.fromisoformat(f"{name[:7]}-01"), []).append(one)
    return {month: classes.merged(several) for month, several in parts.items()}


def rolled_at() -> datetime | None:
    """When the newest of the roll-ups was counted; None without any."""
    at: datetime | None = MetricMonth.objects.aggregate(at=Max("refreshed_at"))["at"]
    return at


def _outside(filled: Sequence[Period]) -> Q:
    """Declared in none of these periods."""
    outside = Q()
    for begin, end in periods.gaps(filled):
        one = Q(declared_at__gte=begin) if begin else Q()
        outside |= one & Q(declared_at__lt=end) if end else one
    return outside


def _still_theirs(team: str, filled: Sequence[Period]) -> bool:
    """Whether the services that were counted for the team in these periods are those that it owns now."""
    owned = dict(Service.objects.filter(owner_team__slug=team).values_list("pk", "owner_team"))
    if not filled or not owned:
        return False
    key = next(iter(owned.values()))
    then = MetricMonth.objects.filter(month__gte=filled[0].first, month__lt=filled[-1].after)
    return all(
        (owner == key) == (int(service) in owned)
        for owners in then.values_list("owners", flat=True)
        for service, owner in owners.items()
    )


def _chosen(found: Split, filters: Filters) -> QuerySet[MetricRollup]:
    """The sums of these filters in the periods that are read from sums."""
    rows = MetricRollup.objects.filter(period__in=[one.name for one in found.periods], priority=filters.priority)
    if found.by_team:
        return rows.filter(service=None, team__slug=filters.team)
    if not filters.service and not filters.team:
        return rows.filter(service=None, team=None)
    services = Service.objects.all()
    if filters.service:
        services = services.filter(slug=filters.service)
    if filters.team:
        services = services.filter(owner_team__slug=filters.team)
    return rows.filter(team=None, service__in=list(services.values_list("pk", flat=True)))


def _added(found: Split, filters: Filters) -> list[Sequence[Any]]:
    """These sums added up by measure and audience: rows of both, class, facts, kept, invalid."""
    rows = _chosen(found, filters).order_by().values(*_NEEDED)
    try:
        chosen, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # no period, or no service
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ADDED.format(chosen=chosen), parameters)
        return list(cursor.fetchall())
