"""Takes the history of tickets from another tool, with the times at which things happened there.

Imported entries carry `source=import`: reactions, guards and clocks skip them, nobody is told, nothing is owed.
Their tenure belongs to an inactive person called imported. Below major priority a ticket becomes a candidate that
was never proposed, outside intake and rejection figures.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from incidents.choices import CandidateState, EntryKind, EntrySource, IncidentState, Level
from incidents.models import Candidate, CommandTenure, ImpactStatement, Incident, RecordedTime, TimelineEntry
from incidents.rules import priority as priorities
from incidents.rules.history import Ticket
from incidents.services import timeline
from incidents.services.finding import search_documents
from incidents.services.states import numbering
from incidents.services.timeline import Entry
from teams.models import Person, Service, Team

IMPORTED = "imported"
_SHORTEST = timedelta(milliseconds=1)


class Outcome(StrEnum):
    """What became of one ticket."""

    CREATED = "created"
    CONTINUED = "continued"
    UNCHANGED = "unchanged"


def imported_person() -> Person:
    """Who is accountable in imported history: nobody who can sign in."""
    person, is_new = Person.objects.get_or_create(
        username=IMPORTED, defaults={"first_name": "Imported", "last_name": "history", "is_active": False}
    )
    if is_new:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


@transaction.atomic
def take(ticket: Ticket, *, person: Person, now: datetime) -> Outcome:
    """One ticket in one transaction. The same ticket again changes nothing; a longer history is continued."""
    known = (
        Candidate.objects.select_for_update(no_key=True, of=("self",))
        .filter(source=EntrySource.IMPORT, external_ref=ticket.number)
        .select_related("incident")
        .first()
    )
    if known is None:
        _create(ticket, person=person, now=now)
        return Outcome.CREATED
    return _continue(known, ticket, person=person, now=now)


def _create(ticket: Ticket, *, person: Person, now: datetime) -> None:
    service = _service(ticket)
    incident = _incident(ticket, service=service, person=person, now=now) if ticket.is_major else None
    Candidate.objects.create(
        reference=numbering.next_candidate(raised_at=ticket.opened_at),
        external_ref=ticket.number,
        state=CandidateState.ACCEPTED if incident else CandidateState.NOT_PROPOSED,
        source=EntrySource.IMPORT,
        title=_title(ticket),
        service=service,
        cannot_do=ticket.symptom,
        where=ticket.location,
        impact=ticket.impact,
        urgency=ticket.urgency,
        created_at=ticket.opened_at,
        saved_at=now,
        raised_at=ticket.opened_at,
        incident=incident,
        intake_detail={"lines": len(ticket.lines)},
    )


def _incident(ticket: Ticket, *, service: Service, person: Person, now: datetime) -> Incident:
    impact, urgency = ticket.impact or Level.MEDIUM, ticket.urgency or Level.MEDIUM
    incident = Incident(
        reference=numbering.next_incident(declared_at=ticket.opened_at),
        external_ref=ticket.number,
        title=_title(ticket),
        service=service,
        impact=impact,
        urgency=urgency,
        priority_computed=priorities.compute(impact=impact, urgency=urgency),
        priority=ticket.priority,
        source=EntrySource.IMPORT,
        declared_at=ticket.opened_at,
        detected_at=ticket.opened_at,
        logged_at=ticket.opened_at,
        mim_assigned_at=ticket.opened_at,
    )
    _stand(incident, ticket)
    incident.save()
    ImpactStatement.objects.create(
        incident=incident,
        version=1,
        activity=ticket.symptom or _title(ticket),
        where=ticket.location,
        confidence={"all": "unknown"},
        author=person,
        as_of=ticket.opened_at,
    )
    CommandTenure.objects.create(
        incident=incident, manager=person, started_at=ticket.opened_at, ended_at=incident.closed_at
    )
    _record_times(incident, now=now)
    timeline.append(incident=incident, entries=[_declared(ticket, person), *_history(ticket, after=None)])
    search_documents.follow([incident.pk])
    return incident


def _continue(known: Candidate, ticket: Ticket, *, person: Person, now: datetime) -> Outcome:
    """Only what came after the lines that were read before; the first reading's priority decides what it became."""
    before = int(known.intake_detail.get("lines", 0))
    if before >= len(ticket.lines):
        return Outcome.UNCHANGED
    known.intake_detail["lines"] = len(ticket.lines)
    known.saved_at = now
    if known.incident is None and ticket.is_major:
        known.incident = _incident(ticket, service=_service(ticket), person=person, now=now)
        known.state = CandidateState.ACCEPTED
    elif known.incident is not None:
        incident = Incident.objects.select_for_update(no_key=True).get(pk=known.incident.pk)
        seen = TimelineEntry.objects.filter(incident=incident).order_by("-at").values_list("at", flat=True)[0]
        timeline.append(incident=incident, entries=_history(ticket, after=seen))
        search_documents.follow([incident.pk])
        _stand(incident, ticket)
        incident.priority = ticket.priority
        incident.save()
        CommandTenure.objects.filter(incident=incident).update(ended_at=incident.closed_at)
        _record_times(incident, now=now)
    known.save()
    return Outcome.CONTINUED


def _stand(incident: Incident, ticket: Ticket) -> None:
    """State and times as the ticket's last row left them; an end is never before the beginning."""
    incident.state = ticket.state
    incident.resolved_at = ticket.resolved_at
    incident.closed_at = None
    if ticket.state == IncidentState.CLOSED:
        last = ticket.closed_at or ticket.resolved_at or ticket.steps[-1].at
        incident.closed_at = max(last, ticket.opened_at + _SHORTEST)


def _record_times(incident: Incident, *, now: datetime) -> None:
    """Each imported time with its origin; a value that stands already is not written twice."""
    names = ("declared_at", "detected_at", "logged_at", "resolved_at", "closed_at")
    kept = set(RecordedTime.objects.filter(incident=incident).values_list("field", "at"))
    RecordedTime.objects.bulk_create(
        [
            RecordedTime(incident=incident, field=name, at=at, source=EntrySource.IMPORT, recorded_at=now)
            for name in names
            if (at := getattr(incident, name)) is not None and (name, at) not in kept
        ]
    )


def _declared(ticket: Ticket, person: Person) -> Entry:
    return Entry(
        kind=EntryKind.DECLARED,
        at=ticket.opened_at,
        source=EntrySource.IMPORT,
        data={
            "priority": ticket.priority,
            "impact": ticket.impact,
            "urgency": ticket.urgency,
            "audiences": None,
            "candidate": None,
            "manager": person.pk,
        },
    )


def _history(ticket: Ticket, *, after: datetime | None) -> list[Entry]:
    """Changes of state and of the group at work, in the order in which they happened."""
    entries: list[Entry] = []
    for previous, step in zip(ticket.steps, ticket.steps[1:], strict=False):
        kind = EntryKind.REOPENED if step.reopened else EntryKind.STATE_CHANGED
        data = {"from": previous.state, "to": step.state, "reason": step.word, "confirmed_by": ""}
        entries.append(Entry(kind=kind, at=step.at, source=EntrySource.IMPORT, data=data))
    teams = _teams([name for one in ticket.reassignments for name in (one.before, one.after)])
    for one in ticket.reassignments:
        moved: dict[str, Any] = {"from": one.before, "to": one.after, "team": teams.get(one.after)}
        entries.append(Entry(kind=EntryKind.REASSIGNED, at=one.at, source=EntrySource.IMPORT, data=moved))
    return sorted((entry for entry in entries if after is None or entry.at > after), key=lambda entry: entry.at)


def _teams(names: Sequence[str]) -> dict[str, int]:
    return {
        name: Team.objects.get_or_create(slug=slugify(name)[:50], defaults={"name": name})[0].pk
        for name in dict.fromkeys(names)
        if name
    }


def _service(ticket: Ticket) -> Service:
    name = ticket.category or "Unknown service"
    return Service.objects.get_or_create(slug=slugify(name)[:50], defaults={"name": name, "is_active": False})[0]


def _title(ticket: Ticket) -> str:
    words = [word for word in (ticket.category, ticket.subcategory, ticket.symptom) if word]
    return ": ".join([words[0], ", ".join(words[1:])] if len(words) > 1 else words or [ticket.number])[:200]
