"""The figures of the page, the API and the report: exact from every value, or from classes where there are too many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from comms.models import Audience
from incidents.models import Incident
from reviews.queries.metrics import counting, facts, rollups
from reviews.queries.metrics.counting import Filters
from reviews.queries.metrics.facts import Key, Values
from reviews.rules import classes
from reviews.rules import metrics as rules
from reviews.rules.classes import Classes
from reviews.rules.metrics import Definition, Length, Measure, Share
from teams.models import Person

# So many incidents are read value by value; more are counted in classes 2 % wide.
EXACT_UP_TO: Final = 5_000


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One measure over everything, and for each audience where it has one."""

    definition: Definition
    total: Measure
    by_audience: tuple[tuple[str, str, Measure], ...] = ()  # code, name, measure


def is_many(person: Person | AnonymousUser, filters: Filters) -> bool:
    """Whether more incidents count than are read one by one."""
    return _exceeds(counting.incidents(person, filters))


def is_large() -> bool:
    """Whether the whole organisation has more than that: roll-ups are kept for nobody else."""
    return _exceeds(Incident.objects.all())


def _exceeds(rows: QuerySet[Incident]) -> bool:
    return len(rows.order_by().values_list("pk")[EXACT_UP_TO : EXACT_UP_TO + 1]) > 0


def figures(
    person: Person | AnonymousUser, *, filters: Filters, now: datetime, many: bool | None = None
) -> list[Figures]:
    """Every measure in the order of its definitions; five queries at most whatever the number of incidents.

    `many` is what `is_many` said, where it was asked already.
    """
    found: Mapping[Key, Values | Classes]
    if is_many(person, filters) if many is None else many:
        found = rollups.read(person, filters, now=now)
    else:
        found = facts.values(counting.incidents(person, filters), now=now)
    audiences = list(Audience.objects.order_by("position", "pk").values_list("code", "name"))
    return [_figure(definition, found, audiences) for definition in rules.DEFINITIONS]


def _figure(
    definition: Definition, found: Mapping[Key, Values | Classes], audiences: Sequence[tuple[str, str]]
) -> Figures:
    own = {audience: one for (measure, audience), one in found.items() if measure == definition.code}
    return Figures(
        definition=definition,
        total=_measure(definition, list(own.values())),
        by_audience=tuple((code, name, _measure(definition, [own[code]])) for code, name in audiences if code in own),
    )


def _measure(definition: Definition, parts: Sequence[Values | Classes]) -> Measure:
    many = [part for part in parts if isinstance(part, Classes)]
    if many:
        return rules.of_classes(definition, classes.merged(many))
    several = [part for part in parts if isinstance(part, Values)]
    if definition.unit == "share":
        return rules.of_share(Share(hits=sum(part.hits for part in several), n=sum(part.n for part in several)))
    values = tuple(value for part in several for value in part.values)
    return rules.of_length(Length(values=values, invalid=sum(part.invalid for part in several)))


def by_month(
    person: Person | AnonymousUser,
    *,
    filters: Filters,
    definition: Definition,
    now: datetime,
    many: bool | None = None,
) -> list[tuple[date, Measure]]:
    """The measure of every month in which incidents of the period were declared, the oldest first."""
    if is_many(person, filters) if many is None else many:
        found = rollups.by_month(person, filters, measure=definition.code, now=now)
    else:
        found = facts.months(counting.incidents(person, filters), measure=definition.code, now=now)
    return [(month, rules.of_classes(definition, one)) for month, one in sorted(found.items())]
