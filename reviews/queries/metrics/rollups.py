"""Figures over any number of incidents: years, months and days from their roll-ups, the rest from the record.

Roll-ups hold public incidents alone. Private ones that the person may see, days begun or ended by the period, and
months not rolled up yet are counted where they stand, in the same classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
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
SELECT {what}, c.class, sum(c.count)::bigint, 0, 0
FROM r CROSS JOIN LATERAL unnest(r.classes, r.counts) AS c (class, count)
GROUP BY {what}, c.class
UNION ALL
SELECT {what}, NULL, (sum(r.n) - sum((SELECT coalesce(sum(x), 0) FROM unnest(r.counts) x)))::bigint,
    sum(r.hits)::bigint, sum(r.invalid)::bigint
FROM r GROUP BY {what}
"""
_NEEDED = ("period", "measure", "audience", "n", "hits", "invalid", "classes", "counts")


@dataclass(frozen=True, kw_only=True)
class Split:
    """The periods that are read from roll-ups, whether the team's own sums hold, and the incidents in none of them."""

    periods: Sequence[Period]
    by_team: bool
    rest: QuerySet[Incident]


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
    rest = counting.incidents(person, filters)
    if filled:
        rest = rest.filter(Q(is_private=True) | _outside(filled))
    by_team = bool(filters.team) and not filters.service and _still_theirs(filters.team, filled)
    return Split(periods=filled, by_team=by_team, rest=rest)


def read(person: Person | AnonymousUser, filters: Filters, *, now: datetime) -> dict[Key, Classes]:
    """Every measure by audience."""
    found = split(person, filters)
    parts: dict[Key, list[Classes]] = {}
    for key, one in facts.classes(found.rest, now=now).items():
        parts.setdefault(key, []).append(one)
    rows: dict[Key, list[Sequence[int | None]]] = {}
    for measure, audience, *row in _added(found, filters, what="r.measure, r.audience"):
        rows.setdefault((measure, audience), []).append(row)
    for key, several in rows.items():
        parts.setdefault(key, []).append(facts.of_rows(several))
    return {key: classes.merged(several) for key, several in parts.items()}


def by_month(person: Person | AnonymousUser, filters: Filters, *, measure: str, now: datetime) -> dict[date, Classes]:
    """One measure over all audiences, by the month in which the incident was declared."""
    found = split(person, filters, years=False)
    parts = {month: [one] for month, one in facts.months(found.rest, measure=measure, now=now).items()}
    rows: dict[date, list[Sequence[int | None]]] = {}
    for month, *row in _added(found, filters, what="substr(r.period, 1, 7)", measure=measure):
        rows.setdefault(date.fromisoformat(f"{month}-01"), []).append(row)
    for month, several in rows.items():
        parts.setdefault(month, []).append(facts.of_rows(several))
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


def _added(found: Split, filters: Filters, *, what: str, measure: str = "") -> list[Sequence[Any]]:
    """The roll-ups of these filters added up: rows of what is asked, class, facts, kept, invalid."""
    if not found.periods:
        return []
    rows = MetricRollup.objects.filter(period__in=[one.name for one in found.periods], priority=filters.priority)
    if found.by_team:
        rows = rows.filter(service=None, team__slug=filters.team)
    elif filters.service or filters.team:
        services = Service.objects.all()
        if filters.service:
            services = services.filter(slug=filters.service)
        if filters.team:
            services = services.filter(owner_team__slug=filters.team)
        keys = list(services.values_list("pk", flat=True))
        if not keys:
            return []
        rows = rows.filter(team=None, service__in=keys)
    else:
        rows = rows.filter(service=None, team=None)
    if measure:
        rows = rows.filter(measure=measure)
    chosen, parameters = rows.order_by().values(*_NEEDED).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ADDED.format(chosen=chosen, what=what), parameters)
        return list(cursor.fetchall())
