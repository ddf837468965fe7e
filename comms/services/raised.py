"""A candidate waits for a manager's answer: the manager on shift is told at once."""

from django.db import transaction
from django.template.loader import get_template

from comms.models import Delivery, Message
from comms.services import outbox
from comms.services.calls import URGENT
from incidents.models import Candidate
from mim_portal.lib import addresses, nudge
from teams.choices import Role
from teams.queries import calling


@transaction.atomic(savepoint=False)
def tell(candidate: Candidate) -> int:
    """One mail to each manager on shift; with nobody on the rota every holder of the role is told. How many hear."""
    assert candidate.raised_at is not None
    people = [person for person in calling.told(Role.INCIDENT_MANAGER, at=candidate.raised_at) if person.email]
    if not people:
        return 0
    reference = str(candidate.reference)
    context = {
        "candidate": candidate,
        "words": candidate.intake_detail.get("words", ""),
        "address": addresses.absolute(addresses.candidate(reference)),
    }
    subject, text, html = (
        get_template(f"messages/candidate/{name}").render(context) for name in ("subject.txt", "body.txt", "body.html")
    )
    message = Message.objects.create(
        subject=" ".join(subject.split())[:400], text=text.strip() + "\n", html=html, thread=reference
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person.pk, address=person.email, position=URGENT) for person in people
    )
    nudge.nudge(outbox.DELIVER)
    return len(people)
