"""A closed incident that is back is a new one, linked to it: nothing of the closed record is reopened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import FINAL_STATES, LinkKind
from incidents.models import Incident, IncidentMember
from incidents.queries import impact as impact_queries
from incidents.rules import statement as statements
from incidents.services import locking
from incidents.services.record import links
from incidents.services.states import declaration
from mim_portal.lib.refusals import Refusal
from teams.models import Person

# What of the last impact still describes the new one; since when and how many have to be asked again.
CARRIED = tuple(name for name in statements.TEXTS if name not in {"since", "count", "count_basis"})


class StillOpen(Refusal):
    """The incident has not ended: it is reopened instead."""

    code = "still_open"


def carried(incident: Incident) -> dict[str, Any]:
    """The facts that the recurrence starts from."""
    statement = impact_queries.current(incident)
    return {name: getattr(statement, name) for name in CARRIED if getattr(statement, name)}


@transaction.atomic
def declare(
    *,
    reference: str,
    person: Person,
    now: datetime,
    title: str = "",
    impact: int | None = None,
    urgency: int | None = None,
    impact_statement: Mapping[str, Any] | None = None,
    manager: Person | None = None,
    audiences: Sequence[str] | None = None,
) -> Incident:
    """Declare the recurrence: service, title, levels and impact come from the closed incident unless others are given.

    It is private or an exercise where that one was, with the same members. `audiences` are who is owed updates; None
    leaves it to the service and the priority.
    """
    closed = locking.lock(reference=reference, person=person)
    if closed.state not in FINAL_STATES:
        raise StillOpen(
            _("%s has not ended. Change its state: going back to work reopens it.") % reference,
            extra={"state": closed.state},
        )
    made = declaration.declare(
        person=person,
        title=title.strip() or closed.title,
        service=closed.service,
        impact=impact or closed.impact,
        urgency=urgency or closed.urgency,
        impact_statement=carried(closed) | dict(impact_statement or {}),
        manager=manager,
        is_private=closed.is_private,
        is_exercise=closed.is_exercise,
        audiences=audiences,
        now=now,
    )
    members = IncidentMember.objects.filter(incident=closed).exclude(person=person).values_list("person", flat=True)
    IncidentMember.objects.bulk_create(
        IncidentMember(incident=made, person_id=member, added_at=now) for member in {*members, person.pk}
    )
    links.link(reference=made.reference, kind=LinkKind.RECURRENCE, to=reference, person=person, now=now)
    return made
