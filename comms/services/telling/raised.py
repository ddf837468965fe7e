"""A candidate waits for a manager's answer: the manager on shift is told at once."""

from django.db import transaction

from comms.models import Delivery, Message
from comms.rendering import calls
from comms.services.telling.calls import URGENT
from incidents.choices import CandidateState
from incidents.models import Candidate
from mim_portal.lib import dbtime
from teams.choices import Role
from teams.models import Person
from teams.queries import calling

TOGETHER = 200


@transaction.atomic
def tell_due() -> int:
    """One mail about each raised candidate to each manager on shift; how many candidates were told of.

    With nobody on the rota every holder of the role is told. The candidate's own row is what waits: a desk that raises
    pays for no text, and a killed worker loses nothing. Safe to run twice at once: each takes what the other has not.
    """
    waiting = Candidate.objects.filter(state=CandidateState.OPEN, managers_told_at=None).order_by("raised_at")
    found = list(
        waiting.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("service")[:TOGETHER]
    )
    if not found:
        return 0
    now = dbtime.now()
    _write({candidate: _readers(candidate) for candidate in found})
    Candidate.objects.filter(pk__in=[candidate.pk for candidate in found]).update(managers_told_at=now)
    return len(found)


def _readers(candidate: Candidate) -> list[Person]:
    assert candidate.raised_at is not None
    return [person for person in calling.told(Role.INCIDENT_MANAGER, at=candidate.raised_at) if person.email]


def _write(readers: dict[Candidate, list[Person]]) -> None:
    messages: dict[Candidate, Message] = {}
    for candidate, people in readers.items():
        if people:
            said = calls.for_manager(candidate)
            messages[candidate] = Message(
                subject=said.subject, text=said.text, html=said.html, thread=str(candidate.reference)
            )
    Message.objects.bulk_create(messages.values())
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person.pk, address=person.email, position=URGENT)
        for candidate, message in messages.items()
        for person in readers[candidate]
    )
