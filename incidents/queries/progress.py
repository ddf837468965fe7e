"""How far the work has come: whom a step can name, and what it is told to lack. Nothing here stops anybody."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.choices import IncidentState, TaskState
from incidents.models import CommandTenure, Engagement, Incident, Task
from teams.models import Person


def warnings(incident: Incident, *, state: str = "") -> list[str]:
    """What an incident in this state, or in the one that it is about to enter, usually has and this one has not."""
    state = state or incident.state
    if state == IncidentState.INVESTIGATING and not has_engaged_team(incident):
        return [_("No team has joined yet. Ask one for help.")]
    if state == IncidentState.RESOLVED and (count := open_tasks(incident)):
        said = ngettext("%(count)d task is still open.", "%(count)d tasks are still open.", count) % {"count": count}
        return [_("%s Resolved means that no emergency change is outstanding.") % said]
    return []


def open_tasks(incident: Incident) -> int:
    """What somebody still has to do (domain.md 1.2: resolved)."""
    return Task.objects.filter(incident=incident, state=TaskState.OPEN).count()


def has_engaged_team(incident: Incident) -> bool:
    """Whether somebody who is able to act has joined (domain.md 1.1: investigating)."""
    return Engagement.objects.filter(incident=incident, joined_at__isnull=False).exists()


def people(incident: Incident, *, person: Person) -> list[Person]:
    """Whom a step can name as confirmer or owner: the teams that were asked, the managers, and whoever asks."""
    teams = Engagement.objects.filter(incident=incident).values("team")
    managers = CommandTenure.objects.filter(incident=incident).values("manager")
    named = Q(memberships__team__in=teams) | Q(pk__in=managers) | Q(pk=person.pk)
    return list(Person.objects.filter(named, is_active=True).distinct().order_by("first_name", "last_name", "pk"))
