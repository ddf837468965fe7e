"""Who may see which lapse: one query for pages, API, counts and verbs (DESIGN 1a, the ledger stays out of the room)."""

import functools
from datetime import date
from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.queries import visibility
from mim_portal.lib import prepared
from reviews.choices import DEADLINE_LAPSES, UNCONFIRMED_LAPSES, LapseState
from reviews.models import Lapse, PreventionPlan
from reviews.rules import ledger
from teams.choices import Role
from teams.models import Person
from teams.rules import roles

FEW = 10
# What a lapse still asks of its addressee.
WAITING_STATES = frozenset(
    {LapseState.SUGGESTED, LapseState.CONFIRMED, LapseState.OWNED, LapseState.CORRECTED, LapseState.RECURRED}
)


def visible_lapses(person: Person | AnonymousUser) -> QuerySet[Lapse]:
    """Lapses that exist for the person.

    A suggestion, and what became of it when it was dismissed, exists for its addressee alone, from restoration on;
    for the practice lead only once it went unanswered for two worked shifts. Confirmed ones exist for the practice.
    Nobody sees one of an incident that they may not see, whatever their role.
    """
    if not _reads(person):
        return Lapse.objects.none()
    return _visible(person.pk, is_lead=person.has_role(Role.PRACTICE_LEAD))


def _reads(person: Person | AnonymousUser) -> TypeGuard[Person]:
    return isinstance(person, Person) and person.is_active and person.has_role(*roles.LEDGER_READERS)


def _visible(person: int, *, is_lead: bool) -> QuerySet[Lapse]:
    unconfirmed = Q(state__in=UNCONFIRMED_LAPSES)
    own = Q(addressee=person) & (~Q(state=LapseState.SUGGESTED) | Q(shown_after__isnull=False))
    seen = own | ~unconfirmed
    if is_lead:
        seen |= unconfirmed & Q(lead_told_at__isnull=False)
    found = Lapse.objects.filter(seen, incident__in=visibility.visible_to(person))
    return found.select_related("incident", "addressee")


def get(lapse_id: int, person: Person | AnonymousUser) -> Lapse | None:
    """The lapse, where it exists for the person."""
    return visible_lapses(person).filter(pk=lapse_id).first()


def same_message(lapse: Lapse, person: Person) -> QuerySet[Lapse]:
    """Other audiences that waited at that moment for the message that was late: it was late once."""
    asked = visible_lapses(person).filter(incident=lapse.incident_id, occurred_at=lapse.occurred_at)
    asked = asked.filter(code__in=DEADLINE_LAPSES, addressee=lapse.addressee_id, state=LapseState.SUGGESTED)
    return asked.exclude(pk=lapse.pk).order_by("pk") if lapse.code in DEADLINE_LAPSES else asked.none()


def may_decide(lapse: Lapse, person: Person) -> bool:
    """Whether the person may confirm, dismiss and own: the addressee, or the practice lead who was told."""
    return ledger.may_decide(
        viewer_id=person.pk,
        viewer_roles=person.roles,
        addressee_id=lapse.addressee_id,
        passed_on=lapse.lead_told_at is not None,
    )


def may_plan(lapse: Lapse, person: Person) -> bool:
    """Whether the person may correct and plan: whoever decides, and the practice lead once it is confirmed."""
    return may_decide(lapse, person) or (lapse.state not in UNCONFIRMED_LAPSES and person.has_role(Role.PRACTICE_LEAD))


def waiting_for(person: Person | AnonymousUser, *, today: date | None = None) -> QuerySet[Lapse]:
    """What waits for the person, for the ledger; with `today` also plans that are due."""
    waits = _waits(person.pk)
    if today is not None:
        due = PreventionPlan.objects.filter(lapse=OuterRef("pk"), in_place_at=None, due_date__lte=today)
        own = Q(addressee_id=person.pk) | Exists(due.filter(owner_id=person.pk))
        waits |= Q(state=LapseState.PLANNED) & own & Exists(due)
    return visible_lapses(person).filter(waits)


def waiting_few(person: Person | AnonymousUser) -> list[Lapse]:
    """As many of them as a board has room for."""
    return _few(person.has_role(Role.PRACTICE_LEAD))(person=person) if _reads(person) else []


def asks(person: Person | AnonymousUser) -> list[prepared.Ask]:
    """What `waiting_few` asks, to be asked together with more."""
    return [_few(person.has_role(Role.PRACTICE_LEAD)).ask(person=person)] if _reads(person) else []


@functools.cache
def _few(is_lead: bool) -> prepared.Query[Lapse]:
    def few(*, person: int) -> QuerySet[Lapse]:
        return _visible(person, is_lead=is_lead).filter(_waits(person)).order_by("-occurred_at", "-pk")[:FEW]

    return prepared.Query(few)


def _waits(person: int | None) -> Q:
    told = Q(state=LapseState.SUGGESTED, lead_told_at__isnull=False)
    return Q(addressee=person, state__in=WAITING_STATES) | told
