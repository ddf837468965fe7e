"""Links of an incident, both ways. One to an incident that a person may not see does not exist for them."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from incidents.choices import LinkKind
from incidents.models import Incident, IncidentLink
from incidents.models.link import STANDING
from incidents.queries import wording_record
from incidents.queries.visibility import visible_incidents
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One link as one of its two incidents tells it."""

    link: IncidentLink
    other: Incident
    is_from_here: bool

    @property
    def words(self) -> str:
        """Duplicate of, part of … or the same from the other side."""
        if self.is_from_here:
            return self.link.get_kind_display()
        return wording_record.LINKS_FROM_THERE[LinkKind(self.link.kind)].capitalize()


def visible(incident: Incident, person: Person | AnonymousUser) -> QuerySet[IncidentLink]:
    """Standing links of the incident whose other end the person may see too, in the order in which they were made."""
    seen = visible_incidents(person)
    return (
        IncidentLink.objects.filter(STANDING)
        .filter(Q(incident=incident, other__in=seen) | Q(other=incident, incident__in=seen))
        .select_related("incident__service", "other__service", "linked_by")
        .order_by("linked_at", "id")
    )


def shown(incident: Incident, person: Person | AnonymousUser) -> list[Shown]:
    """The same, each as this incident tells it."""
    return [tell(link, incident) for link in visible(incident, person)]


def tell(link: IncidentLink, incident: Incident) -> Shown:
    """The link from this incident's side."""
    is_from_here = link.incident_id == incident.pk
    return Shown(link=link, other=link.other if is_from_here else link.incident, is_from_here=is_from_here)
