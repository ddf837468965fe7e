"""The record of an incident as the checks of a message compare it with: the impact that stands, and who it is."""

import re
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet

from comms.queries.recipients import audiences
from comms.rules.checking.recorded import Recorded
from incidents.choices import EntryKind
from incidents.models import Incident, IncidentLink, TimelineEntry
from incidents.queries import impact, required_facts
from incidents.rules import impact as rules
from incidents.rules.impact import known
from mim_portal.lib import prepared

_ROUGHLY: Final = re.compile(r"\b(?:about|around|approx\w*|roughly|circa|ca|shortly|before|after)\b|~", re.IGNORECASE)


def of(incident: Incident) -> Recorded:
    """Read in four queries, one more where a fact is lacking; the incident as the caller holds it, locked or not."""
    statement = impact.current(incident)
    facts = impact.facts(statement)
    lacking = rules.missing(facts)
    required = required_facts.of(incident.service) if lacking else frozenset()
    return Recorded(
        service=incident.service.name,
        who=known(facts.who),
        activity=known(facts.activity),
        count=known(facts.count),
        where=known(facts.where),
        not_affected=known(facts.not_affected),
        workaround=known(facts.workaround),
        other_texts=(
            statement.count_basis,
            statement.consequence,
            statement.critical_time,
            statement.since,
            incident.title,
        ),
        since=facts.since or incident.impact_started_at,
        since_is_exact=not _ROUGHLY.search(statement.since),
        restored_at=incident.service_restored_at,
        priority=incident.priority,
        former_priorities=frozenset(_former_priorities(incident=incident)),
        reference=incident.reference,
        linked_references=frozenset(_linked(incident=incident)),
        lacking=tuple(gate.question for gate in lacking if gate.code not in required),
        required=tuple(gate.question for gate in lacking if gate.code in required),
        as_of=statement.as_of,
        interval=_interval(incident),
    )


def _interval(incident: Incident) -> timedelta | None:
    """The shortest time between two promised updates."""
    return min((row.due_at - row.opened_at for row in audiences.promised(incident)), default=None)


@prepared.query
def _former_priorities(*, incident: int) -> QuerySet[TimelineEntry, str]:
    changes = TimelineEntry.objects.filter(incident=incident, kind=EntryKind.PRIORITY_CHANGED)
    return changes.values_list("data__from", flat=True)


@prepared.query
def _linked(*, incident: int) -> QuerySet[IncidentLink, str]:
    out = IncidentLink.objects.filter(incident=incident).values_list("other__reference", flat=True)
    return out.union(IncidentLink.objects.filter(other=incident).values_list("incident__reference", flat=True))
