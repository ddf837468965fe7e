"""The incident that an address of communications names."""

from django.http import Http404

from incidents.models import Incident
from incidents.queries import visibility
from teams.requests import PersonRequest


def incident_or_404(request: PersonRequest, reference: str) -> Incident:
    """The incident where the person may see it; nobody learns whether a hidden one exists."""
    visible = visibility.visible_incidents(request.user).select_related("service")
    incident = visible.filter(reference=reference).first()
    if incident is None:
        raise Http404
    return incident
