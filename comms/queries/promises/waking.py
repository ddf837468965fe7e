"""Which executives asked to be woken by something."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from comms.choices import WAKES_BY_DEFAULT, WakeReason
from comms.models import NoticePreference
from incidents.models import CommandTenure, Incident, IncidentMember
from teams.choices import Role
from teams.models import Person


def woken(reason: WakeReason, *, incident: Incident) -> QuerySet[Person]:
    """Executives whom this reason wakes and who may see the incident; of an exercise, those who take part."""
    people = Person.objects.with_role(Role.EXECUTIVE).filter(chosen(reason)).exclude(email="")
    if not (incident.is_private or incident.is_exercise):
        return people
    member = IncidentMember.objects.filter(incident=incident, person=OuterRef("pk"))
    managed = CommandTenure.objects.filter(incident=incident, manager=OuterRef("pk"))
    return people.filter(Q(Exists(member)) | Q(Exists(managed)))


def chosen(reason: WakeReason) -> Q:
    """People who chose it; where it wakes by default, also those who have chosen nothing."""
    rows = NoticePreference.objects.filter(person=OuterRef("pk"))
    if reason in WAKES_BY_DEFAULT:
        return ~Q(Exists(rows.exclude(wakes__contains=[reason.value])))
    return Q(Exists(rows.filter(wakes__contains=[reason.value])))
