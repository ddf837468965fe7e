"""The one visibility query: what a person may not see exists nowhere for them (DESIGN section 5, invariant 8)."""

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.models import CommandTenure, Incident, IncidentMember
from mim_portal.lib import prepared
from teams.models import Person


def sees_any(person: Person | AnonymousUser) -> TypeGuard[Person]:
    """Whether there are incidents for the person at all: people without a role see none."""
    return isinstance(person, Person) and person.is_active and bool(person.roles)


def visible_incidents(person: Person | AnonymousUser) -> QuerySet[Incident]:
    """Incidents that the person may see: all open ones with any role, private ones as member or as manager ever.

    People without a role see none. Exercises are incidents like others here; lists filter them by themselves.
    """
    return visible_to(person.pk) if sees_any(person) else Incident.objects.none()


def visible_to(person: Person | int) -> QuerySet[Incident]:
    """The same for somebody who `sees_any`, by key: for prepared queries.

    Of a manager's tenures only those of private incidents are looked at: ten years make thousands of the others.
    """
    member = IncidentMember.objects.filter(incident=OuterRef("pk"), person=person)
    managed = CommandTenure.objects.filter(incident=OuterRef("pk"), manager=person, of_private=True)
    return Incident.objects.filter(Q(is_private=False) | Exists(member) | Exists(managed))


def parts(person: Person | AnonymousUser) -> list[QuerySet[Incident]]:
    """The same incidents as three lists that share no row, for lists that are long and ordered (lib.merged).

    The public ones; the private ones that the person is a member of; those that they are or were accountable for.
    """
    if not sees_any(person):
        return []
    return [public(), *private_to(person)] if sees_private(person) else [public()]


def public() -> QuerySet[Incident]:
    """What everybody with a role sees."""
    return Incident.objects.filter(is_private=False)


def private_to(person: Person | int) -> list[QuerySet[Incident]]:
    """The other two parts, by key: for prepared queries. Most people have none: see `sees_private`."""
    members = IncidentMember.objects.filter(person=person)
    tenures = CommandTenure.objects.filter(manager=person, of_private=True)
    private = Incident.objects.filter(is_private=True)
    return [
        private.filter(pk__in=members.values("incident")),
        private.filter(pk__in=tenures.values("incident")).exclude(pk__in=members.values("incident")),
    ]


def sees_private(person: Person) -> bool:
    """Whether there is any private incident for the person: what need not be planned costs nothing."""
    return bool(_is_in_private(person=person.pk))


def ask_private(person: Person) -> prepared.Ask:
    """What `sees_private` asks, to be asked together with more."""
    return _is_in_private.ask(person=person)


@prepared.query
def _is_in_private(*, person: int) -> QuerySet[IncidentMember, int]:
    """Whether the person is a member of any private incident, or is or was accountable for one."""
    tenures = CommandTenure.objects.filter(manager=person, of_private=True).values_list("pk", flat=True)
    return IncidentMember.objects.filter(person=person).values_list("pk", flat=True).union(tenures, all=True)[:1]
