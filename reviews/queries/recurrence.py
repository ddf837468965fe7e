"""Factors that came back: what was linked, what looks alike, as far as the person sees the incidents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, QuerySet

from incidents.rules import likeness
from incidents.rules.likeness import Report
from reviews.models import ContributingFactor
from reviews.queries import reviews as queries
from reviews.rules import recurrence as rules
from teams.models import Person

SHOWN = 5
COMPARED = 40  # of what the database found, the likeliest first
LISTED = 50
READ = 5_000  # linked factors of twelve months
_CONFIG = "english"


@dataclass(frozen=True, kw_only=True)
class Similar:
    """A factor of another review that says much the same, with why in words."""

    factor: ContributingFactor
    why: str


@dataclass(frozen=True, kw_only=True)
class Recurring:
    """One condition that came back; its factors newest first."""

    key: int
    factors: Sequence[ContributingFactor]
    recurrence: int
    priority: int | None


def similar(factor: ContributingFactor, *, person: Person | AnonymousUser, now: datetime) -> list[Similar]:
    """Factors of other reviews of twelve months that share words and are not linked yet; one query."""
    words = likeness.words(factor.statement)
    if not words:
        return []
    query = SearchQuery(" | ".join(f"{word}:*" for word in words), search_type="raw", config=_CONFIG)
    found = (
        _seen(person, now=now)
        .exclude(review=factor.review_id)
        .annotate(vector=SearchVector("statement", config=_CONFIG), rank=SearchRank(F("vector"), query))
        .filter(vector=query)
        .order_by("-rank", "-pk")
    )
    if factor.recurring_id is not None:
        found = found.exclude(recurring__isnull=False, recurring=factor.recurring_id)
    typed = Report(text=factor.statement)
    alike = [(row, likeness.compare(typed, Report(text=row.statement))) for row in found[:COMPARED]]
    likest = sorted(((like.points, row, like.why) for row, like in alike if like), key=lambda one: -one[0])
    return [Similar(factor=row, why=why) for _points, row, why in likest[:SHOWN]]


def linked(
    factors: Iterable[ContributingFactor], *, person: Person | AnonymousUser, now: datetime
) -> Mapping[int, Recurring]:
    """By key of the factor: what it recurs with. One query, none where nothing is linked."""
    group_of = {one.pk: one.recurring_id for one in factors if one.recurring_id is not None}
    if not group_of:
        return {}
    groups = {one.key: one for one in _grouped(_seen(person, now=now).filter(recurring__in=group_of.values()), now=now)}
    return {pk: groups[group] for pk, group in group_of.items() if group in groups}


def priority_alone(factor: ContributingFactor) -> int | None:
    """Of a factor that stands in one review."""
    return rules.priority(recurrence=1, effect=factor.effect, changeability=factor.changeability)


def everything(person: Person | AnonymousUser, *, now: datetime) -> list[Recurring]:
    """What came back, what to look at first at the top; one query."""
    return _grouped(_seen(person, now=now).filter(recurring__isnull=False).order_by("-pk")[:READ], now=now)[:LISTED]


def _grouped(rows: QuerySet[ContributingFactor], *, now: datetime) -> list[Recurring]:
    by_key = {row.pk: row for row in rows}
    known = [
        rules.Known(
            factor_id=row.pk,
            group_id=row.recurring_id,
            at=row.review.incident.declared_at,
            effect=row.effect,
            changeability=row.changeability,
        )
        for row in by_key.values()
        if row.recurring_id is not None
    ]
    return [
        Recurring(
            key=one.group_id,
            factors=[by_key[pk] for pk in one.factor_ids],
            recurrence=one.recurrence,
            priority=one.priority,
        )
        for one in rules.recurring(known, now=now)
    ]


def _seen(person: Person | AnonymousUser, *, now: datetime) -> QuerySet[ContributingFactor]:
    """Factors of reviews that the person may see, of incidents of twelve months that were no exercise."""
    reviews = queries.visible_reviews(person).filter(
        incident__declared_at__gte=rules.since(now), incident__is_exercise=False
    )
    return ContributingFactor.objects.filter(review__in=reviews.values("pk")).select_related(
        "review__incident__service"
    )
