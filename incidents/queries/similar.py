"""What looks the same as what somebody types: running incidents, those that ended lately, open candidates.

Everything goes through the one visibility query. Full-text search finds, `rules.likeness` orders and says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import CharField, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from incidents.choices import COMMANDED_STATES, LIVE_STATES, CandidateState, IncidentState
from incidents.models import Candidate, ImpactStatement, Incident
from incidents.queries import desk, visibility
from incidents.rules import likeness
from incidents.rules.likeness import Likeness, Report
from teams.models import Person, Service

RECENT = timedelta(days=14)
SHOWN = 5
COMPARED = 40  # of what the database found, the likeliest first
_CONFIG = "english"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Similar(Generic[Row]):
    """An incident or a candidate that looks the same, with why in words."""

    row: Row
    why: str
    may_add: bool = True  # ended ones are shown, since they may be back, and take no callers
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything that looks the same, each list the likeliest first."""

    incidents: Sequence[Similar[Incident]] = ()
    candidates: Sequence[Similar[Candidate]] = ()


def find(*, person: Person | AnonymousUser, service: Service | None, text: str, where: str, now: datetime) -> Found:
    """Two queries; none before something was said."""
    typed = Report(text=text, where=where, service=service.name if service else "")
    if not typed.service and not likeness.words(f"{text} {where}"):
        return Found()
    return Found(
        incidents=_incidents(typed, person=person, service=service, now=now),
        candidates=_candidates(typed, person=person, service=service),
    )


def live(*, person: Person | AnonymousUser, candidate: Candidate, now: datetime) -> list[Similar[Incident]]:
    """The running incidents that a candidate may belong to."""
    service = candidate.service
    typed = Report(text=candidate.cannot_do, where=candidate.where, service=service.name if service else "")
    found = _incidents(typed, person=person, service=service, now=now)
    return [one for one in found if one.row.state in LIVE_STATES]


def _incidents(
    typed: Report, *, person: Person | AnonymousUser, service: Service | None, now: datetime
) -> list[Similar[Incident]]:
    since = now - RECENT
    running = Q(state__in=sorted(LIVE_STATES))
    ended = Q(closed_at__gte=since) | Q(state=IncidentState.RESOLVED, resolved_at__gte=since)
    statements = ImpactStatement.objects.filter(incident=OuterRef("pk")).order_by("-version")
    words = Concat("activity", Value(" "), "who", Value(" "), "where", output_field=CharField())
    found = (
        visibility.visible_incidents(person)
        .filter(running | ended)
        .select_related("service")
        .annotate(
            stated=Coalesce(Subquery(statements.values(words=words)[:1]), Value("")),
            place=Coalesce(Subquery(statements.values("where")[:1]), Value("")),
        )
    )
    rows = _matching(found, typed, service=service, fields=("title", "stated"), newest="-declared_at")
    return _likest(
        (
            row,
            likeness.compare(
                typed, Report(text=f"{row.title} {row.stated}", where=row.place, service=row.service.name)
            ),
        )
        for row in rows
    )


def _candidates(typed: Report, *, person: Person | AnonymousUser, service: Service | None) -> list[Similar[Candidate]]:
    found = desk.visible_candidates(person).filter(state=CandidateState.OPEN)
    rows = _matching(found, typed, service=service, fields=("title", "cannot_do", "where"), newest="-raised_at")
    return _likest((row, likeness.compare(typed, _reported(row))) for row in rows)


def _reported(row: Candidate) -> Report:
    service = row.service.name if row.service else ""
    return Report(text=f"{row.title} {row.cannot_do}", where=row.where, service=service)


def _matching(
    found: QuerySet[Any], typed: Report, *, service: Service | None, fields: tuple[str, ...], newest: str
) -> list[Any]:
    """Rows of the same service, or with any of the words or their beginnings."""
    same = Q(service=service) if service else Q(pk__in=[])
    words = likeness.words(f"{typed.text} {typed.where}")
    if not words:
        return list(found.filter(same).order_by(newest)[:COMPARED])
    query = SearchQuery(" | ".join(f"{word}:*" for word in words), search_type="raw", config=_CONFIG)
    ranked = found.annotate(vector=SearchVector(*fields, config=_CONFIG), rank=SearchRank(F("vector"), query))
    return list(ranked.filter(same | Q(vector=query)).order_by("-rank", newest)[:COMPARED])


def _likest(pairs: Iterable[tuple[Any, Likeness | None]]) -> list[Similar[Any]]:
    """The likeliest first; exercises and what has ended after what runs."""
    alike = [(row, like) for row, like in pairs if like is not None]
    alike.sort(key=lambda pair: (_is_over(pair[0]), getattr(pair[0], "is_exercise", False), -pair[1].points))
    return [_similar(row, like) for row, like in alike[:SHOWN]]


def _similar(row: Any, like: Likeness) -> Similar[Any]:
    if isinstance(row, Candidate):
        return Similar(row=row, why=like.why)
    ended_at = row.closed_at or row.resolved_at if _is_over(row) else None
    return Similar(row=row, why=like.why, may_add=row.state in COMMANDED_STATES, ended_at=ended_at)


def _is_over(row: Any) -> bool:
    return isinstance(row, Incident) and row.state not in LIVE_STATES
