"""Who is asked to read an update, and who hears of what became of it; every word to them is a row of the outbox."""

from collections.abc import Sequence
from datetime import datetime

from comms.choices import FAST_KINDS, Reading
from comms.models import Delivery, Finding, Message, Update
from comms.queries.writing import policies
from comms.rendering import reading
from comms.rendering.calls import Call
from comms.rules import approval
from comms.services.sending import outbox
from comms.services.telling.calls import URGENT
from incidents.queries import command
from mim_portal.lib import nudge
from teams.choices import Role
from teams.models import Person
from teams.queries import calling

# The rota of second readers first; where it names nobody who may read this, whoever else writes and reads.
_ASKED = (Role.SECOND_READER, Role.COMMUNICATIONS, Role.INCIDENT_MANAGER)


def ask(update: Update, *, person: Person, decision: approval.Decision, now: datetime) -> list[Person]:
    """Ask those who are on now, at once; anybody else entitled may still be faster."""
    people = _whom(update, needs=decision.needs, now=now)
    update.asked.set(people)
    said = reading.asked(update, by=person, needs=decision.needs, release_at=decision.release_at)
    send(update, said, people)
    return people


def tell_returned(update: Update, *, by: Person) -> None:
    """The author hears what the reader said."""
    send(update, reading.returned(update, by=by), [update.author])


def tell_left_otherwise(update: Update, *, by: Person) -> None:
    """Legal and security hear of first or holding words about a marked incident that they had not agreed to."""
    if update.kind not in FAST_KINDS or not update.incident.marks:
        return
    if not any(audience.is_plain for audience in update.audiences.all()):
        return
    if update.body.strip() == policies.neutral_words().strip():
        return
    keepers = policies.gate_keepers(update.incident, besides=[by.pk])
    send(update, reading.left_otherwise(update, by=by), keepers)


def tell_held(update: Update) -> None:
    """The writer, whoever chose the time and the accountable manager hear that it was not sent."""
    people = [update.author, update.scheduled_by, command.current_manager(update.incident)]
    send(update, reading.held(update), [one for one in people if one is not None])


def tell_defect(update: Update, defects: Sequence[Finding]) -> None:
    """Whoever sent it and the accountable manager hear what is wrong in it, with the way to correct it."""
    people = [update.published_by, command.current_manager(update.incident)]
    send(update, reading.defect(update, defects), [one for one in people if one is not None])


def send(update: Update, said: Call, people: Sequence[Person]) -> int:
    """One mail a person, ahead of every copy of an update; how many hear."""
    told = {person.pk: person for person in people if person.is_active and person.email}
    if not told:
        return 0
    message = Message.objects.create(
        subject=said.subject, text=said.text, html=said.html, thread=outbox.thread(update.incident)
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=pk, address=person.email, position=URGENT) for pk, person in told.items()
    )
    nudge.nudge(outbox.DELIVER)
    return len(told)


def _whom(update: Update, *, needs: Reading, now: datetime) -> list[Person]:
    """Those who are on now of the first role that has somebody; never the author, nobody who may not see it."""
    allowed = set(policies.insiders(update.incident)) if update.incident.is_private else None
    for role in (Role.LEGAL_SECURITY,) if needs == Reading.GATE else _ASKED:
        people = [
            one
            for one in calling.told(role, at=now)
            if one.pk != update.author_id and (allowed is None or one.pk in allowed)
        ]
        if people:
            return people
    if needs == Reading.GATE:  # whoever is on wrote it, or may not see it
        return policies.gate_keepers(update.incident, besides=[update.author_id])
    return []
