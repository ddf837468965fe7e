"""The script for callers as a fragment, which open pages ask for again."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from incidents.queries import callers, desk
from incidents.views.base import incident_or_404
from mim_portal.lib import access
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def of_candidate(request: PersonRequest, reference: str) -> HttpResponse:
    """What to tell callers of a candidate."""
    found = desk.get(person=request.user, reference=reference)
    if found is None:
        raise Http404
    return render(request, "incidents/_callers.html", {"script": callers.of_candidate(found, now=timezone.now())})


@access.allow(read=roles.CANDIDATE_READERS)
@require_GET
def of_incident(request: PersonRequest, reference: str) -> HttpResponse:
    """What to tell callers of an incident."""
    found = incident_or_404(request, reference)
    return render(request, "incidents/_callers.html", {"script": callers.of_incident(found, now=timezone.now())})
