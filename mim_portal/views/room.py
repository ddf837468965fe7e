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
from mim_portal import context
from mim_portal.lib import access, live_address, together
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.ROOM_READERS)
@require_GET
def room(request: PersonRequest, reference: str) -> HttpResponse:
    """Everything about one incident, readable without JavaScript and live with it."""
    incident = incident_or_404(request, reference)
    person, now = request.user, timezone.now()
    show, before = timelines.chosen(request), timelines.number_before(request)
    with together.asked(
        context.ask(),
        *incident_panels.asks(incident=incident, show=show, before=before),
        *comms_panels.asks(incident=incident, person=person, now=now),
    ):
        words: dict[str, Any] = {
            "incident": incident,
            "live_url": live_address.stream(reference=reference, person_id=person.pk, name=person.name, now=now),
            **incident_panels.contexts(incident=incident, person=person, show=show, before=before),
            **comms_panels.contexts(incident=incident, person=person, now=now),
        }
        return render(request, "pages/room.html", words)
