"""How far the work has come: whom a step can name, and what it is told to lack. Nothing here stops anybody."""

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.choices import IncidentState
from incidents.models import CommandTenure, Engagement, Incident
from teams.models import Person


def warnings(incident: Incident) -> list[str]:
    """What an incident in this state usually has and this one has not."""
    if incident.state == IncidentState.INVESTIGATING and not has_engaged_team(incident):
        return [_("No team has joined yet. Ask one for help.")]
    return []


def has_engaged_team(incident: Incident) -> bool:
    """Whether somebody who is able to act has joined (domain.md 1.1: investigating)."""
    return Engagement.objects.filter(incident=incident, joined_at__isnull=False).exists()


def people(incident: Incident, *, person: Person) -> list[Person]:
    """Whom a step can name as confirmer or owner: the teams that were asked, the managers, and whoever asks."""
    teams = Engagement.objects.filter(incident=incident).values("team")
    managers = CommandTenure.objects.filter(incident=incident).values("manager")
    named = Q(memberships__team__in=teams) | Q(pk__in=managers) | Q(pk=person.pk)
    return list(Person.objects.filter(named, is_active=True).distinct().order_by("first_name", "last_name", "pk"))
