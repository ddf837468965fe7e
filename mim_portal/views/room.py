"""The room: one page from which a whole major incident is run. Panels come from the apps, each also at its address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from comms.views import panels as comms_panels
from incidents.views import panels as incident_panels
from incidents.views import timelines
from incidents.views.base import incident_or_404
from mim_portal.lib import access, live_address
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_READERS)
@require_GET
def room(request: PersonRequest, reference: str) -> HttpResponse:
    """Everything about one incident, readable without JavaScript and live with it."""
    incident = incident_or_404(request, reference)
    now = timezone.now()
    context: dict[str, Any] = {
        "incident": incident,
        "live_url": live_address.stream(
            reference=reference, person_id=request.user.pk, name=request.user.name, now=now
        ),
        **incident_panels.contexts(
            incident=incident,
            person=request.user,
            show=timelines.chosen(request),
            before=timelines.number_before(request),
        ),
        **comms_panels.contexts(incident=incident, person=request.user, now=now),
    }
    return render(request, "pages/room.html", context)
