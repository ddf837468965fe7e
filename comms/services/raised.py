"""A candidate waits for a manager's answer: the manager on shift is told at once."""

from django.db import transaction

from comms.models import Delivery, Message
from comms.rendering import calls
from comms.services import outbox
from comms.services.calls import URGENT
from incidents.models import Candidate
from mim_portal.lib import nudge
from teams.choices import Role
from teams.queries import calling


@transaction.atomic(savepoint=False)
def tell(candidate: Candidate) -> int:
    """One mail to each manager on shift; with nobody on the rota every holder of the role is told. How many hear."""
    assert candidate.raised_at is not None
    people = [person for person in calling.told(Role.INCIDENT_MANAGER, at=candidate.raised_at) if person.email]
    if not people:
        return 0
    said = calls.for_manager(candidate)
    message = Message.objects.create(
        subject=said.subject, text=said.text, html=said.html, thread=str(candidate.reference)
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person.pk, address=person.email, position=URGENT) for person in people
    )
    nudge.nudge(outbox.DELIVER)
    return len(people)
