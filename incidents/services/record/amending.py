"""One edit of an incident from one form: title and service, levels and priority, times; all of it or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.models import Incident
from incidents.rules.priority import Answered
from incidents.services import locking
from incidents.services.record import details
from incidents.services.states import lifecycle
from teams.models import Person

LEVELS = ("impact", "urgency", "priority")


@transaction.atomic
def amend(
    *,
    reference: str,
    person: Person,
    changes: Mapping[str, Any],
    now: datetime,
    times: Mapping[str, datetime | None] | None = None,
    reason: str = "",
    version: int | None = None,
    downgrade: Mapping[str, Answered] | None = None,
) -> Incident:
    """Apply every change that was sent, if nobody changed the incident since it was read (`version`)."""
    incident = locking.lock(reference=reference, person=person)
    locking.check_version(incident, version)
    plain = {name: value for name, value in changes.items() if name not in LEVELS}
    levels = {name: changes[name] for name in LEVELS if changes.get(name) is not None}
    if plain:
        incident = details.edit(reference=reference, person=person, changes=plain, now=now)
    if levels:
        incident = lifecycle.set_priority(
            reference=reference,
            impact=levels.get("impact"),
            urgency=levels.get("urgency"),
            priority=levels.get("priority"),
            reason=reason,
            downgrade=downgrade,
            person=person,
            now=now,
        )
    if times:
        incident = details.record_times(reference=reference, given=times, person=person, now=now)
    return incident
