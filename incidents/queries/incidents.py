"""Finding incidents: one by reference, lists by filter; always through visibility."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Subquery

from incidents.choices import LIVE_STATES, IncidentState
from incidents.models import CommandTenure, Incident
from incidents.queries import finding
from incidents.queries.visibility import (
    parts,
    private_to,
    public,
    sees_any,
    sees_private,
    visible_incidents,
    visible_to,
)
from incidents.rules import references
from mim_portal.lib import keys, merged, prepared
from teams.models import Person, Service

# Sorted by an index, and unique, so that a cursor can page it.
ORDERING = ("-declared_at", "-id")
LIVE_FEW = 100


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; several states or priorities mean any of them. Times are those of declaration.

    `manager` is a username: whoever is or was accountable for an incident is public.
    """

    state: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    service: str = ""
    manager: str = ""
    q: str = ""
    external_ref: str = ""
    live: bool | None = None
    declared_from: datetime | None = None
    declared_to: datetime | None = None
    exercise: bool | None = None


def get(reference: str, person: Person | AnonymousUser) -> Incident | None:
    """The incident, or None where it does not exist for this person."""
    return _seen.first(person=person, reference=reference) if sees_any(person) else None


@prepared.query
def _seen(*, person: int, reference: str) -> QuerySet[Incident]:
    return visible_to(person).select_related("service__owner_team").filter(reference=reference)


def listing(person: Person | AnonymousUser, filters: Filters | None = None) -> merged.Ordered[Incident]:
    """Visible incidents, the latest declared first."""
    chosen = filters or Filters()
    every = parts(person)
    found = merged.Merged(Incident, [_narrowed(one, chosen) for one in every], order=ORDERING, related=("service",))
    text = chosen.q.strip()
    if not text:
        return found
    reference = references.parse(text)
    if reference is not None:
        return found.filter(reference=str(reference))
    if _is_number_elsewhere(text) and found.filter(external_ref=text).exists():
        return found.filter(external_ref=text)
    visible = _narrowed(visible_incidents(person), chosen)
    return finding.Searched(found, visible=visible, text=text, column=finding.column(person))


def first_rows(
    person: Person | AnonymousUser, chosen: Filters, *, count: int, after: Incident | None = None
) -> list[Incident]:
    """The first so many of `listing`, or those that follow after a row; without words it is composed once for each
    set of filters in use.
    """
    if not sees_any(person) or chosen.q.strip():
        found = listing(person, chosen)
        if after is not None:
            found = found.filter(keys.beyond(found.order, keys.of(after, found.order)))
        return found[:count]
    own = {"person": person.pk} if sees_private(person) else {}
    key = {} if after is None else {"after_at": after.declared_at, "after_id": after.pk}
    given = {name: value for name, value in _values(chosen) if value}
    return _first_rows(chosen.live, chosen.exercise, count)(**own, **key, **given)


def _values(chosen: Filters) -> Iterator[tuple[str, Any]]:
    """The filters that go into the SQL as parameters; whether something is live or an exercise changes its text."""
    yield "state", list(chosen.state)
    yield "priority", list(chosen.priority)
    for name in ("service", "manager", "external_ref", "declared_from", "declared_to"):
        yield name, getattr(chosen, name)


@functools.cache
def _first_rows(live: bool | None, exercise: bool | None, count: int) -> prepared.Query[Incident]:
    def compose(
        *, person: int = 0, after_at: datetime | None = None, after_id: int = 0, **given: Any
    ) -> QuerySet[Incident]:
        chosen = Filters(live=live, exercise=exercise, **given)
        every = [public(), *private_to(person)] if person else [public()]
        found = merged.Merged(Incident, [_narrowed(one, chosen) for one in every], order=ORDERING, related=("service",))
        if after_id:
            found = found.filter(keys.beyond(ORDERING, [after_at, after_id]))
        return found.first_rows(count)

    return prepared.Query(compose)


def suggestions(person: Person | AnonymousUser, text: str, *, now: datetime, most: int = 8) -> list[Incident]:
    """What somebody may mean who types a part of a reference, a ticket's number or words of a title; newest first."""
    meant = Q(reference__in=references.guesses(text, year=now.year)) | Q(external_ref=text.strip())
    found = list(visible_incidents(person).filter(meant).order_by(*ORDERING)[:most])
    listed = merged.Merged(Incident, parts(person), order=ORDERING)
    visible = visible_incidents(person)
    titled = finding.Searched(listed, visible=visible, text=text, column="title_words")
    known = {row.pk for row in found}
    return [*found, *(row for row in titled[:most] if row.pk not in known)][:most]


def live(person: Person | AnonymousUser) -> QuerySet[Incident]:
    """What runs now, exercises last, then by priority and age."""
    return _live(visible_incidents(person))


def live_few(person: Person | AnonymousUser) -> list[Incident]:
    """The first of them, as many as a board has room for."""
    return _live_few(person=person) if sees_any(person) else []


@prepared.query
def _live_few(*, person: int) -> QuerySet[Incident]:
    return _live(visible_to(person))[:LIVE_FEW]


def live_open() -> list[Incident]:
    """What runs and is no secret and no exercise: for readers without an account, whom no membership admits."""
    return list(_live(Incident.objects.filter(is_private=False, is_exercise=False))[:LIVE_FEW])


def _live(visible: QuerySet[Incident]) -> QuerySet[Incident]:
    found = visible.filter(state__in=sorted(LIVE_STATES)).select_related("service")
    return found.order_by("is_exercise", "priority", "declared_at", "id")


def in_watch(person: Person | AnonymousUser) -> QuerySet[Incident]:
    """Restored incidents that somebody still watches."""
    return live(person).filter(state=IncidentState.MONITORING).order_by(*ORDERING)


def _narrowed(found: QuerySet[Incident], chosen: Filters) -> QuerySet[Incident]:
    """Everything but the words."""
    if chosen.live is not None:
        found = found.filter(state__in=sorted(LIVE_STATES if chosen.live else set(IncidentState) - LIVE_STATES))
    if chosen.state:
        found = found.filter(state__in=chosen.state)
    if chosen.priority:
        found = found.filter(priority__in=chosen.priority)
    if chosen.service:
        found = found.filter(service=Subquery(Service.objects.filter(slug=chosen.service).values("pk")))
    if chosen.manager:
        manager = Subquery(Person.objects.filter(username=chosen.manager).values("pk"))
        found = found.filter(pk__in=CommandTenure.objects.filter(manager=manager).values("incident"))
    if chosen.external_ref:
        found = found.filter(external_ref=chosen.external_ref)
    if chosen.declared_from is not None:
        found = found.filter(declared_at__gte=chosen.declared_from)
    if chosen.declared_to is not None:
        found = found.filter(declared_at__lt=chosen.declared_to)
    if chosen.exercise is not None:
        found = found.filter(is_exercise=chosen.exercise)
    return found


def _is_number_elsewhere(text: str) -> bool:
    """One word with a digit in it, as tickets have; it is looked up as it stands before it is taken for words."""
    return len(text.split()) == 1 and any(sign.isdigit() for sign in text)
