"""A decision that somebody outside the room has to make: they are told at once, and the manager when they have."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from comms.choices import WakeReason
from comms.models import Delivery, Message
from comms.queries import reading_links as links
from comms.queries.promises import waking
from comms.rendering import calls
from comms.services import reading_links
from comms.services.sending import outbox
from comms.services.telling import answers
from comms.services.telling.calls import URGENT
from incidents.choices import AskedOf, IncidentRole
from incidents.models import Decision, Incident, RoleAssignment
from incidents.queries import command, visibility
from mim_portal.lib import dbtime, nudge
from teams.choices import Role
from teams.models import Person


@transaction.atomic
def tell_deciders(decision_ids: Sequence[int]) -> int:
    """Executives, or whoever holds the role in the incident, hear what they are asked; how many do."""
    told = 0
    for decision in _found(decision_ids):
        if decision.asked_of == AskedOf.EXECUTIVES:  # each by a link of their own, which says who answered
            for person, link in _ways(decision):
                told += _send(decision.incident, calls.decision_needed(decision, answer=link), to=[person])
        else:
            told += _send(decision.incident, calls.decision_needed(decision), to=_deciders(decision))
    return told


@transaction.atomic
def tell_manager(decision_ids: Sequence[int]) -> int:
    """The accountable manager hears what others decided; what they wrote down themselves they know."""
    told = 0
    for decision in _found(decision_ids):
        manager = command.current_manager(decision.incident)
        if decision.decided_by_id != manager.pk:
            told += _send(decision.incident, calls.decided(decision), to=[manager])
    return told


def _found(decision_ids: Sequence[int]) -> Iterable[Decision]:
    return (
        Decision.objects.filter(pk__in=decision_ids).select_related("incident", "asked_by", "decided_by").order_by("pk")
    )


def _deciders(decision: Decision) -> list[Person]:
    """Nobody hears of an incident that they may not see."""
    incident = decision.incident
    if decision.asked_of == AskedOf.EXECUTIVES:
        role, people = IncidentRole.EXECUTIVE_SPONSOR, _executives()
    else:
        role, people = IncidentRole.SERVICE_OWNER, []
    held = RoleAssignment.objects.filter(incident=incident, role=role, ended_at=None).select_related("person")
    everybody = {person.pk: person for person in [*people, *(row.person for row in held)]}
    return [
        person
        for person in everybody.values()
        if not incident.is_private or visibility.visible_incidents(person).filter(pk=incident.pk).exists()
    ]


def _ways(decision: Decision) -> list[tuple[Person, str]]:
    """Each reader with the link that answers as them: from the question itself, or their page of four lines where they
    have no account; nobody twice.
    """
    found = {person.pk: (person, answers.link(decision, person)) for person in _deciders(decision)}
    if decision.incident.is_private or decision.incident.is_exercise:
        return list(found.values())
    holding = links.holding(now=dbtime.now()).filter(Q(incident=None) | Q(incident=decision.incident_id))
    for made in holding.filter(reader__is_active=False):
        found.setdefault(made.reader_id, (made.reader, reading_links.address(made)))
    return list(found.values())


def _executives() -> list[Person]:
    """Those whom a decision wakes; all of them where nobody wants to be woken, so that a question finds somebody."""
    everybody = Person.objects.with_role(Role.EXECUTIVE)
    return list(everybody.filter(waking.chosen(WakeReason.DECISION_NEEDED))) or list(everybody)


def _send(incident: Incident, said: calls.Call, *, to: Sequence[Person]) -> int:
    people = [person for person in to if person.email]
    if not people:
        return 0
    message = Message.objects.create(
        subject=said.subject, text=said.text, html=said.html, thread=outbox.thread(incident)
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person.pk, address=person.email, position=URGENT) for person in people
    )
    nudge.nudge(outbox.DELIVER)
    return len(people)
