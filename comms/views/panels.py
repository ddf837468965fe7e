"""The room's panels of promises and updates, each at its address."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from comms.models import Update
from comms.queries import maintenance, panels
from comms.queries.promises import owing
from comms.queries.replies import replies
from comms.queries.writing import updates
from incidents.models import Incident
from incidents.views.base import incident_or_404
from mim_portal.lib import access, prepared, together
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles

NAMES = ("next", "updates")


def asks(*, incident: Incident, person: Person, now: datetime, names: tuple[str, ...] = NAMES) -> list[prepared.Ask]:
    """What the named panels ask of the incident alone, to be asked together."""
    found = panels.asks(incident=incident, now=now) if "next" in names else []
    if "updates" in names:
        found += [updates.last_published_few.ask(incident=incident)]
        found.append(maintenance.ask(service=incident.service_id, now=now))
        if _reads_drafts(person):
            found.append(updates.last_drafts_few.ask(incident=incident))
        if person.has_role(*roles.REPLY_READERS):
            found.append(replies.ask(incident=incident))
    return found


def _reads_drafts(person: Person) -> bool:
    return person.has_role(*(roles.WRITERS | roles.SECOND_READERS))


def contexts(*, incident: Incident, person: Person, now: datetime, names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """What the templates of the named panels need."""
    context: dict[str, Any] = {
        "incident": incident,
        "may_write": person.has_role(*roles.WRITERS),
        "may_see_deliveries": person.has_role(*roles.DELIVERY_KEEPERS),
        "may_read_drafts": _reads_drafts(person),
    }
    sent = panels.sent_lines(incident) if "updates" in names else None
    if "next" in names:
        last = _last(incident, sent)
        context |= {
            "promise": panels.next_promise(incident, now=now),
            "kept": panels.kept(incident, now=now),
            "agreed": owing.agreed(incident, now=now),
            "waiting_for": owing.waiting(incident),
            "no_change_since": last.published_at if last is not None else incident.declared_at,
        }
    if "updates" in names:
        context |= {
            "drafts": panels.draft_lines(incident) if context["may_read_drafts"] else [],
            "sent": sent,
            "windows": maintenance.of_service(incident.service_id, now=now),
            "replies": replies.in_room(incident) if person.has_role(*roles.REPLY_READERS) else None,
        }
    return context


def _last(incident: Incident, sent: list[panels.SentLine] | None) -> Update | None:
    """The last message that was not taken back, where it is among those that are shown anyway."""
    shown = [line.update for line in sent or () if line.update.withdrawn_at is None]
    if shown or sent == []:
        return shown[0] if shown else None
    return updates.last_published(incident)


@access.allow(read=roles.ROOM_READERS)
@require_GET
def panel(request: PersonRequest, reference: str, name: str) -> HttpResponse:
    """One panel as a fragment."""
    incident = incident_or_404(request, reference)
    now = timezone.now()
    with together.asked(*asks(incident=incident, person=request.user, now=now, names=(name,))):
        context = contexts(incident=incident, person=request.user, now=now, names=(name,))
    template = "next_line" if name == "next" and "line" in request.GET else name
    return render(request, f"comms/_{template}.html", context)
