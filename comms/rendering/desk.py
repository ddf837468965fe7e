"""Mail between desk and managers: a question, a candidate that nobody decides, and “you are accountable now”."""

from collections.abc import Sequence
from datetime import datetime

from comms.rendering import calls
from comms.rendering.calls import Call
from incidents.models import Candidate, ClarificationRequest, Incident
from incidents.queries import candidate_queue
from mim_portal.lib import addresses, times
from teams.models import Person


def question(candidate: Candidate, questions: Sequence[ClarificationRequest], *, again: bool) -> Call:
    """What a manager wants to know, and where it is answered; `again` says that it was asked before."""
    context = {
        "candidate": candidate,
        "questions": [one.question for one in questions],
        "outside": sorted({one.asked_of_words for one in questions if one.asked_of_words}),
        "asked_by": questions[0].asked_by.name,
        "asked_at": min(one.asked_at for one in questions),
        "address": addresses.absolute(f"{addresses.candidate(str(candidate.reference))}#questions"),
        "again": again,
    }
    return calls.rendered("question", context)


def undecided(candidate: Candidate, *, now: datetime) -> Call:
    """A candidate that has waited for ten minutes, for everybody who may decide it."""
    context = {
        "candidate": candidate,
        "waited": times.duration(now - candidate.raised_at) if candidate.raised_at else "",
        "missing": [question.short.rstrip("?") for question in candidate_queue.missing_of(candidate)[:3]],
        "address": addresses.absolute(addresses.candidate(str(candidate.reference))),
    }
    return calls.rendered("undecided", context)


def accountable(incident: Incident, *, by: Person | None, manager: Person) -> Call:
    """Somebody else has declared: the manager is accountable from this instant."""
    context = {
        "incident": incident,
        "by": by.name if by else "",
        "since": times.clock_time(incident.declared_at, times.zone(manager.time_zone)),
        "room": addresses.absolute(addresses.incident(incident.reference)),
    }
    return calls.rendered("accountable", context)
