"""What the pages of an incident share."""

from django.http import Http404

from incidents.models import Incident
from incidents.queries import incidents
from teams.requests import PersonRequest


def incident_or_404(request: PersonRequest, reference: str) -> Incident:
    """The incident where the person may see it; nobody learns whether a hidden one exists."""
    incident = incidents.get(reference, request.user)
    if incident is None:
        raise Http404
    return incident
