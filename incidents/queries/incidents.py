"""Finding incidents: one by reference, lists by filter; always through visibility."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from incidents.choices import LIVE_STATES, IncidentState
from incidents.models import Incident
from incidents.queries.visibility import visible_incidents
from incidents.rules import references
from teams.models import Person

# Sorted by an index, and unique, so that a cursor can page it.
ORDERING = ("-declared_at", "-id")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; several states or priorities mean any of them. Times are those of declaration."""

    state: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    service: str = ""
    q: str = ""
    live: bool | None = None
    declared_from: datetime | None = None
    declared_to: datetime | None = None
    exercise: bool | None = None


def get(reference: str, person: Person | AnonymousUser) -> Incident | None:
    """The incident, or None where it does not exist for this person."""
    return visible_incidents(person).select_related("service__owner_team").filter(reference=reference).first()


def listing(person: Person | AnonymousUser, filters: Filters | None = None) -> QuerySet[Incident]:
    """Visible incidents, the latest declared first."""
    chosen = filters or Filters()
    found = visible_incidents(person).select_related("service")
    if chosen.live is not None:
        live = Q(state__in=sorted(LIVE_STATES))
        found = found.filter(live if chosen.live else ~live)
    if chosen.state:
        found = found.filter(state__in=chosen.state)
    if chosen.priority:
        found = found.filter(priority__in=chosen.priority)
    if chosen.service:
        found = found.filter(service__slug=chosen.service)
    if chosen.declared_from is not None:
        found = found.filter(declared_at__gte=chosen.declared_from)
    if chosen.declared_to is not None:
        found = found.filter(declared_at__lt=chosen.declared_to)
    if chosen.exercise is not None:
        found = found.filter(is_exercise=chosen.exercise)
    if chosen.q.strip():
        found = _matching(found, chosen.q.strip())
    return found.order_by(*ORDERING)


def live(person: Person | AnonymousUser) -> QuerySet[Incident]:
    """What runs now, exercises last, then by priority and age."""
    return listing(person, Filters(live=True)).order_by("is_exercise", "priority", "declared_at", "id")


def in_watch(person: Person | AnonymousUser) -> QuerySet[Incident]:
    """Restored incidents that somebody still watches."""
    return listing(person, Filters(state=(IncidentState.MONITORING,)))


def _matching(found: QuerySet[Incident], text: str) -> QuerySet[Incident]:
    """A reference as people type it, the ticket's number elsewhere, or words of the title, beginnings included."""
    exact = Q(external_ref=text)
    reference = references.parse(text)
    if reference is not None:
        exact |= Q(reference=str(reference))
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return found.filter(exact)
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
    vector = SearchVector("title", "reference", "external_ref", config="simple")
    return found.annotate(words=vector).filter(Q(words=query) | exact)
