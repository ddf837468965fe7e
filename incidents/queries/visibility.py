"""The one visibility query: what a person may not see exists nowhere for them (DESIGN section 5, invariant 8)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.models import CommandTenure, Incident, IncidentMember
from teams.models import Person


def visible_incidents(person: Person | AnonymousUser) -> QuerySet[Incident]:
    """Incidents that the person may see: all open ones with any role, private ones as member or as manager ever.

    People without a role see none. Exercises are incidents like others here; lists filter them by themselves.
    """
    if not isinstance(person, Person) or not person.is_active or not person.roles:
        return Incident.objects.none()
    member = IncidentMember.objects.filter(incident=OuterRef("pk"), person=person)
    managed = CommandTenure.objects.filter(incident=OuterRef("pk"), manager=person)
    return Incident.objects.filter(Q(is_private=False) | Exists(member) | Exists(managed))


def parts(person: Person | AnonymousUser) -> list[QuerySet[Incident]]:
    """The same incidents as three lists that share no row, for lists that are long and ordered (lib.merged).

    The public ones; the private ones that the person is a member of; those that they are or were accountable for.
    """
    if not isinstance(person, Person) or not person.is_active or not person.roles:
        return []
    public = Incident.objects.filter(is_private=False)
    members = IncidentMember.objects.filter(person=person)
    tenures = CommandTenure.objects.filter(manager=person, of_private=True)
    if not members.values("pk").union(tenures.values("pk"), all=True).exists():
        return [public]  # most people: what need not be planned costs nothing
    private, is_member = Incident.objects.filter(is_private=True), Exists(members.filter(incident=OuterRef("pk")))
    return [
        public,
        private.filter(pk__in=members.values("incident")),
        private.filter(pk__in=tenures.values("incident")).exclude(is_member),
    ]
