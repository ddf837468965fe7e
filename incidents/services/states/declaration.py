"""Declaring a major incident: one transaction makes the incident, its manager, its impact and its promises."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import (
    CandidateState,
    EntryKind,
    EntrySource,
    IncidentState,
    Mark,
    RevisionReason,
    SafetyAnswer,
)
from incidents.models import Candidate, CommandTenure, ImpactStatement, Incident, RecordedTime
from incidents.queries import candidate_queue
from incidents.rules import statement as statements
from incidents.services import timeline
from incidents.services.desk import candidates, desk_facts
from incidents.services.finding import search_documents
from incidents.services.record import facts
from incidents.services.states import numbering
from incidents.services.timeline import Entry
from mim_portal.lib import times as clocks
from mim_portal.lib.refusals import Forbidden, Invalid
from teams.choices import COMMAND_ROLES, Role
from teams.models import Person, Service
from teams.queries import calling


@transaction.atomic
def accept(
    *,
    reference: str,
    person: Person,
    impact: int | None,
    urgency: int | None,
    manager: Person | None,
    now: datetime,
    audiences: Sequence[str] | None = None,
    service: Service | None = None,
    title: str = "",
) -> Incident:
    """Turn the desk's candidate into a declared incident; its answers become the first impact version.

    Of two people who accept at once one wins, and the other learns who. Impact and urgency fall back to the desk's
    proposal, the manager to the person who accepts.
    """
    candidate = candidates.lock_open(reference=reference)
    impact, urgency = impact or candidate.impact, urgency or candidate.urgency
    missing = "impact" if not impact else "urgency"
    if not impact or not urgency:
        message = _("Say how high the impact and the urgency are: 1 high, 2 medium or 3 low. The desk gave neither.")
        raise Invalid(message, code="required", field=missing)
    chosen = service or candidate.service
    if chosen is None:
        message = _("“%s” is not in the catalogue. Choose the affected service.") % candidate.service_text
        raise Invalid(message, code="required", field="service")
    accountable = _accountable(candidate=candidate, person=person, manager=manager, now=now)
    incident = _open(
        person=person,
        title=title or candidate.title,
        service=chosen,
        impact=impact,
        urgency=urgency,
        statement=statements.from_desk(desk_facts.facts_of(candidate)),
        manager=accountable,
        now=now,
        candidate=candidate,
        audiences=audiences,
        external_ref=candidate.external_ref,
        times={"candidate_at": candidate.raised_at, "handover_accepted_at": now},
        marks=[Mark.DESK_SAID] if candidate.safety_or_security == SafetyAnswer.YES else [],
    )
    candidates.decide(candidate, state=CandidateState.ACCEPTED, person=person, incident=incident, now=now)
    return incident


@transaction.atomic
def declare(
    *,
    person: Person,
    title: str,
    service: Service,
    impact: int,
    urgency: int,
    impact_statement: Mapping[str, Any],
    manager: Person | None,
    now: datetime,
    candidate: Candidate | None = None,
    audiences: Sequence[str] | None = None,
    external_ref: str = "",
    is_private: bool = False,
    is_exercise: bool = False,
    times: Mapping[str, datetime | None] | None = None,
) -> Incident:
    """Declare at once, with or without a candidate; somebody is accountable from this instant on."""
    locked = candidates.lock_open(reference=candidate.reference or "") if candidate else None
    incident = _open(
        person=person,
        title=title,
        service=service,
        impact=impact,
        urgency=urgency,
        statement=impact_statement,
        manager=commander(manager or person),
        now=now,
        candidate=locked,
        audiences=audiences,
        external_ref=external_ref,
        is_private=is_private,
        is_exercise=is_exercise,
        times=times,
    )
    if locked is not None:
        candidates.decide(locked, state=CandidateState.ACCEPTED, person=person, incident=incident, now=now)
    return incident


def commander(person: Person, *, field: str = "manager") -> Person:
    """The person, if they may be accountable: an active incident manager or deputy."""
    if not person.is_active or not person.has_role(*COMMAND_ROLES):
        message = _("%s is not an incident manager or deputy and cannot be accountable.") % person.name
        raise Invalid(message, code="not_a_manager", field=field)
    return person


def _accountable(*, candidate: Candidate, person: Person, manager: Person | None, now: datetime) -> Person:
    """Who becomes accountable. A desk lead may accept after five minutes without an answer, for the one on shift."""
    if person.has_role(*COMMAND_ROLES):
        return commander(manager or person)
    if not person.has_role(Role.SERVICE_DESK_LEAD):
        raise Forbidden(_("Only an incident manager or a deputy can accept a candidate."))
    declares_from = candidate_queue.lead_declares_from(candidate)
    if declares_from is None:
        raise Forbidden(_("The manager has asked you something. Answer it; the five minutes count from your answer."))
    if now < declares_from:
        message = _("A manager has until %s to answer. After that, you can declare it yourself.")
        raise Forbidden(message % clocks.clock_time(declares_from), extra={"from": clocks.iso(declares_from)})
    on_shift = manager or next(iter(calling.on_shift(Role.INCIDENT_MANAGER, at=now)), None)
    if on_shift is None:
        message = _("Nobody is on the managers' rota now. Choose who is accountable, and call them.")
        raise Invalid(message, code="required", field="manager")
    return commander(on_shift)


def _open(
    *,
    person: Person,
    title: str,
    service: Service,
    impact: int,
    urgency: int,
    statement: Mapping[str, Any],
    manager: Person,
    now: datetime,
    candidate: Candidate | None,
    audiences: Sequence[str] | None,
    external_ref: str = "",
    is_private: bool = False,
    is_exercise: bool = False,
    times: Mapping[str, datetime | None] | None = None,
    marks: Sequence[str] = (),
) -> Incident:
    cleaned = facts.clean_impact(statement, person=person, now=now)
    priority = facts.computed_priority(impact=impact, urgency=urgency)
    if not title.strip():
        raise Invalid(_("Give the incident a title: the service, and what people cannot do."), field="title")
    incident = Incident.objects.create(
        reference=numbering.next_incident(declared_at=now),
        external_ref=external_ref,
        title=title.strip()[:200],
        service=service,
        state=IncidentState.DECLARED,
        impact=impact,
        urgency=urgency,
        priority_computed=priority,
        priority=priority,
        is_private=is_private,
        is_exercise=is_exercise,
        marks=list(marks),
        declared_at=now,
        mim_assigned_at=now,
    )
    _record_start(incident, since=cleaned["since"], times=times or {}, person=person, now=now)
    CommandTenure.objects.create(incident=incident, manager=manager, started_at=now)
    search_documents.open_documents([incident])
    first = facts.write_impact(
        incident=incident, person=person, cleaned=cleaned, version=1, reason=RevisionReason.INITIAL, now=now
    )
    timeline.append(
        incident=incident,
        entries=_entries(incident, first, person, manager, candidate=candidate, audiences=audiences),
    )
    return incident


def _record_start(
    incident: Incident, *, since: str, times: Mapping[str, datetime | None], person: Person, now: datetime
) -> None:
    """Keep where each time comes from: the portal's own are exact, a start read from a sentence is approximate, and one
    that is still to come is none.
    """
    own = {"declared_at": now, "mim_assigned_at": now}
    RecordedTime.objects.bulk_create(
        [RecordedTime(incident=incident, field=name, at=at, recorded_at=now) for name, at in own.items()]
    )
    facts.record_times(incident=incident, given=times, person=person, source=EntrySource.PERSON, now=now)
    started = statements.read_since(since, now=now)
    if incident.impact_started_at is None and started.at is not None and started.at <= now:
        facts.record_times(
            incident=incident,
            given={"impact_started_at": started.at},
            person=person,
            source=EntrySource.PERSON,
            now=now,
            precision=RecordedTime.Precision.APPROXIMATE,
        )
    incident.save()


def _entries(
    incident: Incident,
    statement: ImpactStatement,
    person: Person,
    manager: Person,
    *,
    candidate: Candidate | None,
    audiences: Sequence[str] | None,
) -> list[Entry]:
    declared = {
        "priority": incident.priority,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "audiences": None if audiences is None else list(audiences),
        "candidate": candidate.reference if candidate else None,
        "manager": manager.pk,
    }
    stated = {"version": statement.version, "revision_reason": statement.revision_reason}
    at, actor = incident.declared_at, person.pk
    return [
        Entry(kind=EntryKind.DECLARED, at=at, actor_id=actor, data=declared),
        Entry(kind=EntryKind.IMPACT_STATED, at=at, actor_id=actor, data=stated),
        Entry(kind=EntryKind.COMMAND_STARTED, at=at, actor_id=actor, data={"manager": manager.pk}),
    ]
