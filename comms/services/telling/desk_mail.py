"""What has to be heard at once between desk and managers leaves as urgent mail, through the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from comms.models import Delivery, Message
from comms.rendering import desk as rendering
from comms.rendering.calls import Call
from comms.services.sending import outbox
from comms.services.telling.calls import URGENT
from incidents.models import Candidate, ClarificationRequest, Incident
from incidents.queries import desk
from mim_portal.lib import nudge
from teams.choices import Role
from teams.models import Person
from teams.queries import calling


@transaction.atomic(savepoint=False)
def ask(candidate: Candidate, questions: Sequence[ClarificationRequest], *, again: bool) -> int:
    """One mail for all questions of a person: whom they were asked of, else whoever raised it, else the desk leads."""
    by_person: dict[int | None, list[ClarificationRequest]] = {}
    for one in questions:
        by_person.setdefault(one.asked_of_id or candidate.raised_by_id, []).append(one)
    told = 0
    for person_id, theirs in by_person.items():
        people = _readers(candidate, person_id)
        told += _send(people, rendering.question(candidate, theirs, again=again), thread=str(candidate.reference))
    return told


@transaction.atomic(savepoint=False)
def alarm(candidates: Iterable[Candidate], *, now: datetime) -> int:
    """Every incident manager and the practice lead hear of each candidate that nobody has decided."""
    people = {person.pk: person for person in Person.objects.with_role(Role.INCIDENT_MANAGER)}
    people |= {person.pk: person for person in calling.told(Role.PRACTICE_LEAD, at=now)}
    return sum(
        _send(people.values(), rendering.undecided(candidate, now=now), thread=str(candidate.reference))
        for candidate in candidates
    )


@transaction.atomic(savepoint=False)
def tell_accountable(incident: Incident, *, manager_id: int, declared_by_id: int | None) -> int:
    """Whoever was made accountable by somebody else hears of it at once."""
    people = Person.objects.in_bulk([pk for pk in (manager_id, declared_by_id) if pk is not None])
    manager = people.get(manager_id)
    if manager is None:
        return 0
    by = people.get(declared_by_id) if declared_by_id is not None else None
    said = rendering.accountable(incident, by=by, manager=manager)
    return _send([manager], said, thread=outbox.thread(incident))


def _readers(candidate: Candidate, person_id: int | None) -> list[Person]:
    """The person, or the desk leads where nobody can be told; never somebody who may not see the candidate."""
    asked = list(Person.objects.filter(pk=person_id, is_active=True).exclude(email="")) if person_id else []
    people = asked or list(Person.objects.with_role(Role.SERVICE_DESK_LEAD))
    if candidate.incident is None or not candidate.incident.is_private:
        return people
    return [one for one in people if desk.visible_candidates(one).filter(pk=candidate.pk).exists()]


def _send(people: Iterable[Person], said: Call, *, thread: str) -> int:
    reached = [person for person in people if person.email]
    if not reached:
        return 0
    message = Message.objects.create(subject=said.subject, text=said.text, html=said.html, thread=thread)
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person.pk, address=person.email, position=URGENT) for person in reached
    )
    nudge.nudge(outbox.DELIVER)
    return len(reached)
