"""Finding incidents: one by reference, lists by filter; always through visibility."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet, Subquery

from incidents.choices import LIVE_STATES, IncidentState
from incidents.models import CommandTenure, Incident
from incidents.queries import command, finding
from incidents.queries.finding_questions import Composed, Kept, Lists
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
SUGGESTED = 8
FEW_MANAGED = 2_000  # incidents of a manager that are collected and sorted rather than looked for among all

# What changes the text of a list's SQL: `live` and `exercise` of its filters, and whether its manager managed few.
Shape = tuple[bool | None, bool | None, bool]
EVERYTHING: Shape = (None, None, False)


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
    few = _is_few(chosen.manager)
    found = _merged(every, chosen, few=few)
    text = chosen.q.strip()
    if not text:
        return found
    reference = references.parse(text)
    if reference is not None:
        return found.filter(reference=str(reference))
    if _is_number_elsewhere(text) and found.filter(external_ref=text).exists():
        return found.filter(external_ref=text)
    lists = Lists(found=found, visible=_narrowed(visible_incidents(person), chosen, few=few))
    return finding.Searched(Composed(lists), text=text, column=finding.column(person))


def first_rows(
    person: Person | AnonymousUser, chosen: Filters, *, count: int, after: Incident | None = None
) -> list[Incident]:
    """The first so many of `listing`, or what follows after a row; composed once for each set of filters.

    Each has its `manager_name`, and the `text` in which words were looked for.
    """
    text = chosen.q.strip()
    is_number = bool(text) and (references.parse(text) is not None or _is_number_elsewhere(text))
    if is_number or not sees_any(person):
        found = listing(person, chosen)
        if after is not None:
            found = found.filter(keys.beyond(found.order, keys.of(after, found.order)))
        return finding.shown([row.pk for row in found[:count]])
    own = {"person": person.pk} if sees_private(person) else {}
    key = {} if after is None else {"after_at": after.declared_at, "after_id": after.pk}
    narrowing = {name: value for name, value in _values(chosen) if value}
    values = {**own, **key, **narrowing}
    shape = (chosen.live, chosen.exercise, _is_few(chosen.manager))
    if text:
        kept = Kept(_lists, shape, values, order=ORDERING, is_whole=not narrowing and shape == EVERYTHING)
        return finding.shown(finding.Searched(kept, text=text, column=finding.column(person)).first_keys(count))
    return _first_rows(shape, count)(**values)


def _values(chosen: Filters) -> Iterator[tuple[str, Any]]:
    """The filters that go into the SQL as parameters; the rest (`Shape`) changes its text."""
    yield "state", list(chosen.state)
    yield "priority", list(chosen.priority)
    for name in ("service", "manager", "external_ref", "declared_from", "declared_to"):
        yield name, getattr(chosen, name)


@functools.cache
def _first_rows(shape: Shape, count: int) -> prepared.Query[Incident]:
    def compose(**given: Any) -> QuerySet[Incident]:
        return _lists(shape, **given).found.first_rows(count).annotate(manager_name=command.last_manager_name())

    return prepared.Query(compose)


def _lists(
    shape: Shape,
    is_private: bool | None = None,
    *,
    person: int = 0,
    after_at: datetime | None = None,
    after_id: int = 0,
    **given: Any,
) -> Lists:
    """What somebody finds by these filters, `person` being somebody who sees private ones; all, or one half of it."""
    live, exercise, few = shape
    chosen = Filters(live=live, exercise=exercise, **given)
    private = private_to(person) if person else []
    found = _merged(private if is_private else [public(), *private], chosen, few=few)
    visible = _narrowed(visible_to(person) if person else public(), chosen, few=few)
    if is_private:
        visible = visible.filter(is_private=True)
    lists = Lists(found=found, visible=visible)
    return lists.filter(keys.beyond(ORDERING, [after_at, after_id])) if after_id else lists


def _merged(every: list[QuerySet[Incident]], chosen: Filters, *, few: bool) -> merged.Merged[Incident]:
    parts = [_narrowed(part, chosen, few=few) for part in every]
    return merged.Merged(Incident, parts, order=ORDERING, related=("service",))


def suggestions(person: Person | AnonymousUser, text: str, *, now: datetime) -> list[Incident]:
    """What somebody may mean who types a part of a reference, a ticket's number or words of a title; newest first."""
    if not sees_any(person):
        return []
    guesses = references.guesses(text, year=now.year)
    found = _meant(person=person.pk, guesses=guesses, number=text.strip())
    own = {"person": person.pk} if sees_private(person) else {}
    kept = Kept(_lists, EVERYTHING, own, order=ORDERING, is_whole=True)
    titled = finding.Searched(kept, text=text, column="title_words")
    known = {row.pk for row in found}
    return [*found, *(row for row in titled[:SUGGESTED] if row.pk not in known)][:SUGGESTED]


@prepared.query
def _meant(*, person: int, guesses: list[str], number: str) -> QuerySet[Incident]:
    meant = Q(reference__in=guesses) | Q(external_ref=number)
    return visible_to(person).filter(meant).order_by(*ORDERING)[:SUGGESTED]


def live(person: Person | AnonymousUser) -> QuerySet[Incident]:
    """What runs now, exercises last, then by priority and age."""
    return _live(visible_incidents(person))


def live_few(person: Person | AnonymousUser) -> list[Incident]:
    """The first of them, as many as a board has room for."""
    return _live_few(person=person) if sees_any(person) else []


def ask_live_few(person: Person) -> prepared.Ask:
    """What `live_few` asks, to be asked together with more."""
    return _live_few.ask(person=person)


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


def _is_few(manager: str) -> bool:
    """Whether somebody was accountable for so few that walking back to them, past everybody else's, costs more."""
    return bool(manager) and not _past_few(manager=manager)


@prepared.query
def _past_few(*, manager: str) -> QuerySet[CommandTenure, int]:
    tenures = CommandTenure.objects.filter(manager=Subquery(Person.objects.filter(username=manager).values("pk")))
    return tenures.order_by("manager").values_list("manager", flat=True)[FEW_MANAGED : FEW_MANAGED + 1]


class _Collected(Func):
    """Whether the key is among those that a subquery has, which is asked first and alone."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, keys: QuerySet[Any, Any]) -> None:
        super().__init__(F("pk"), ArraySubquery(keys))


def _narrowed(found: QuerySet[Incident], chosen: Filters, *, few: bool) -> QuerySet[Incident]:
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
        managed = CommandTenure.objects.filter(manager=manager).values("incident")
        found = found.filter(_Collected(managed)) if few else found.filter(pk__in=managed)
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
