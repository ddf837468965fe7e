"""The timeline on the page: what is shown of it, where older entries are, whom a note can mention."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from incidents.forms.room import NoteForm
from incidents.models import Incident
from incidents.queries import mentions, room
from incidents.queries import timeline as queries
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles

LIVE_AT_MOST = 500  # entries that one refresh brings, however long a room stays open
LONGEST_ANSWER = 18  # digits of a number that a database takes


def chosen(request: HttpRequest) -> queries.Filter:
    """What the address asks for; what it does not know shows everything."""
    group, by = request.GET.get("show", ""), request.GET.get("by", "")
    return queries.Filter(group=group if group in queries.GROUPS else "", by=by[:150])


def context(
    *,
    incident: Incident,
    person: Person,
    show: queries.Filter,
    before: int | None = None,
    from_seq: int | None = None,
    day_above: str = "",
    with_frame: bool = True,
) -> dict[str, Any]:
    """One page of entries with its addresses; `with_frame` adds what the filters and the note need."""
    limit = queries.PAGE if from_seq is None else LIVE_AT_MOST
    people = queries.people(incident) if with_frame else []
    rows = queries.page(incident, before_seq=before, from_seq=from_seq, limit=limit, chosen=show, known=people)
    tz = timezone.get_current_timezone()
    days = queries.days(rows, tz)
    has_older = from_seq is None and len(rows) == limit
    last = rows[-1].entry.seq if rows else 0
    made = {
        "incident": incident,
        "timeline_filter": show,
        "timeline_days": days,
        "timeline_is_long": _is_long(incident, days, tz=tz),
        "timeline_day_above": day_above,
        "timeline_before": before if with_frame else None,
        "timeline_now_url": _page(incident, show),
        "timeline_live_url": _panel(incident, show, **({"from": last} if has_older else {})),
        "timeline_older": {
            "page": _page(incident, show, before=last),
            "panel": _panel(incident, show, before=last, day=str(days[-1].on)),
        }
        if has_older
        else None,
    }
    if with_frame:
        made |= {
            "timeline_groups": queries.GROUPS,
            "timeline_people": people,
            "note_form": NoteForm(),
            "may_note": person.has_role(*roles.ROOM_WRITERS),
        }
    return made


def panel(request: PersonRequest, incident: Incident) -> HttpResponse:
    """Entries alone: those shown now, the box after a change of the filter, or an older page."""
    show = chosen(request)
    before, from_seq = _number(request, "before"), _number(request, "from")
    words = context(
        incident=incident,
        person=request.user,
        show=show,
        before=before,
        from_seq=from_seq,
        day_above=request.GET.get("day", ""),
        with_frame=False,
    )
    if request.GET.get("part") == "box":
        answer = render(request, "incidents/_timeline_box.html", words)
        answer["HX-Replace-Url"] = _page(incident, show)
        return answer
    template = "_timeline_older" if before is not None else "_timeline_entries"
    return render(request, f"incidents/{template}.html", words)


@access.allow(read=roles.ROOM_READERS)
@require_GET
def suggest(request: PersonRequest, reference: str) -> HttpResponse:
    """Who can be mentioned, as somebody types a name after “@”."""
    incident = incident_or_404(request, reference)
    found = mentions.suggestions(incident, request.GET.get("q", ""))
    return render(request, "incidents/_mentions.html", {"suggestions": found})


@access.allow(read=roles.ROOM_READERS)
@require_GET
def paper(request: PersonRequest, reference: str) -> HttpResponse:
    """The whole record on one page, the oldest first: to print, or to read where nothing may move."""
    incident = incident_or_404(request, reference)
    tz = timezone.get_current_timezone()
    rows = queries.worded(list(queries.entries(incident).reverse()))
    words = {
        **room.header(incident=incident, person=request.user),
        **room.impact_panel(incident=incident, person=request.user, now=timezone.now()),
        "incident": incident,
        "days": queries.days(rows, tz),
        "count": len(rows),
        "printed_at": timezone.now(),
    }
    return render(request, "incidents/paper.html", words)


def number_before(request: HttpRequest) -> int | None:
    """The entry before which the page begins, where the address names one."""
    return _number(request, "before")


def _is_long(incident: Incident, days: list[queries.Day], *, tz: Any) -> bool:
    """Whether days have to be told apart: the incident has seen more than one, or this page is not of today."""
    first: datetime = incident.impact_started_at or incident.declared_at
    return bool(days) and (
        first.astimezone(tz).date() != days[0].on or days[0].on != timezone.now().astimezone(tz).date()
    )


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < LONGEST_ANSWER else None


def _page(incident: Incident, show: queries.Filter, **more: Any) -> str:
    query = urlencode({**show.query, **more})
    return f"{addresses.incident(incident.reference)}{f'?{query}' if query else ''}#timeline"


def _panel(incident: Incident, show: queries.Filter, **more: Any) -> str:
    query = urlencode({**show.query, **more})
    address = reverse("incident-panel", kwargs={"reference": incident.reference, "name": "timeline"})
    return f"{address}?{query}" if query else address
