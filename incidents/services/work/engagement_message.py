"""The first message to a team, built from its profile and the record."""

from collections.abc import Sequence
from datetime import datetime

from incidents.models import Candidate, Incident
from incidents.queries import impact
from incidents.rules import first_message
from incidents.rules import impact as rules
from mim_portal.lib import addresses, times
from teams.models import EngagementProfile


def facts(incident: Incident, profile: EngagementProfile | None) -> tuple[first_message.Fact, ...]:
    """What the team wants first, with what the statement and the desk know of it."""
    statement = impact.current(incident)
    known = {
        "service": incident.service.name,
        "activity": rules.symptom(impact.facts(statement)),
        "since": _since(incident, statement.since),
        "count": statement.count,
        "where": statement.where,
        "workaround": statement.workaround,
        "consequence": statement.consequence,
    }
    desk = candidate_of(incident)
    if desk is not None:
        known |= {"evidence": desk.evidence, "checks_done": desk.checks_done, "contact": desk.contact}
    return first_message.facts_first(wanted=profile.facts_wanted if profile else [], known=known)


def _since(incident: Incident, text: str) -> str:
    started = incident.impact_started_at
    return times.date_time(started) if started is not None else text


def text(
    incident: Incident,
    wanted: Sequence[first_message.Fact],
    *,
    note: str,
    now: datetime,
) -> str:
    """The whole message."""
    return first_message.write(
        reference=incident.reference,
        title=incident.title,
        priority=incident.priority,
        sentence=impact.sentence(impact.current(incident)),
        facts=wanted,
        note=note,
        room=addresses.absolute(addresses.incident(incident.reference)),
        bridge=incident.bridge_url,
        now=now,
    )


def candidate_of(incident: Incident) -> Candidate | None:
    """What the desk raised first for this incident."""
    return Candidate.objects.filter(incident=incident).order_by("raised_at", "id").first()
