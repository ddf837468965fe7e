"""The room's own panels, each at its address: the room shows them at first, and fetches one again when it changed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from incidents.models import Incident
from incidents.queries import attachments, people, room, work
from incidents.queries import timeline as timeline_queries
from incidents.views import timelines
from incidents.views.base import incident_or_404
from mim_portal.lib import access, prepared, together
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles

NAMES = ("header", "impact", "teams", "roles", "timeline", "files", "work")


def asks(
    *,
    incident: Incident,
    names: tuple[str, ...] = NAMES,
    show: timeline_queries.Filter = timeline_queries.Filter(),  # noqa: B008 -- frozen
    before: int | None = None,
) -> list[prepared.Ask]:
    """What the named panels ask of the incident alone, to be asked together."""
    found = room.asks(incident=incident, names=names)
    if "roles" in names:
        found += people.asks(incident=incident)
    if "timeline" in names:
        found += timeline_queries.asks(incident=incident, chosen=show, before_seq=before)
    if "files" in names:
        found.append(attachments.in_room.ask(incident=incident))
    if "work" in names:
        found += work.asks(incident=incident)
    return found


def contexts(
    *,
    incident: Incident,
    person: Person,
    names: tuple[str, ...] = NAMES,
    show: timeline_queries.Filter = timeline_queries.Filter(),  # noqa: B008 -- frozen
    before: int | None = None,
) -> dict[str, Any]:
    """What the templates of the named panels need; the timeline as filtered and from where it was asked for."""
    context: dict[str, Any] = {"incident": incident}
    if "header" in names:
        context |= room.header(incident=incident, person=person)
    if "impact" in names:
        context |= room.impact_panel(incident=incident, person=person, now=timezone.now())
    if "teams" in names:
        context |= room.teams_panel(incident=incident, person=person, now=timezone.now())
    if "roles" in names:
        context |= people.panel(incident=incident, person=person, now=timezone.now(), tenure=context.get("tenure"))
    if "timeline" in names:
        context |= timelines.context(incident=incident, person=person, show=show, before=before)
    if "files" in names:
        context |= {
            "files": attachments.in_room(incident=incident),
            "may_attach": person.has_role(*roles.ROOM_WRITERS),
            "may_remove_any": person.has_role(*roles.COMMANDERS),
        }
    if "work" in names:
        context |= work.panel(incident=incident, person=person, now=timezone.now())
    return context


@access.allow(read=roles.ROOM_READERS)
@require_GET
def panel(request: PersonRequest, reference: str, name: str) -> HttpResponse:
    """One panel as a fragment."""
    if name not in NAMES:
        raise Http404
    incident = incident_or_404(request, reference)
    if name == "timeline":
        return timelines.panel(request, incident)
    with together.asked(*asks(incident=incident, names=(name,))):
        context = contexts(incident=incident, person=request.user, names=(name,))
    template = "acts" if name == "header" and request.GET.get("part") == "acts" else name
    return render(request, f"incidents/_{template}.html", context)
