"""Mail about command: an offer waits, or somebody else is accountable now."""

from collections.abc import Sequence

from django.db import transaction

from comms.models import Delivery, Message
from comms.rendering import calls
from comms.rendering.calls import Call
from comms.services.sending import outbox
from comms.services.telling.calls import URGENT
from incidents.models import TimelineEntry
from mim_portal.lib import nudge
from teams.models import Person


@transaction.atomic(savepoint=False)
def tell_offered(entries: Sequence[TimelineEntry]) -> int:
    """One mail to each receiver with all that is offered to them at this moment; how many hear."""
    by_receiver: dict[int, list[TimelineEntry]] = {}
    for entry in entries:
        by_receiver.setdefault(entry.data["to"], []).append(entry)
    people = _people([*by_receiver, *(entry.data["from"] for entry in entries)])
    told = 0
    for pk, theirs in by_receiver.items():
        giver, shift = people[theirs[0].data["from"]], theirs[0].data.get("shift")
        said = calls.for_receiver([entry.incident for entry in theirs], giver=giver, shift=shift)
        told += _send(said, people[pk], thread=outbox.thread(theirs[0].incident))
    return told


@transaction.atomic(savepoint=False)
def tell_takeover(entry: TimelineEntry) -> int:
    """The former manager learns who is accountable now, and why; so does whoever was appointed by somebody else."""
    before, after, actor = (entry.data["from"], entry.data["to"], entry.actor_id or 0)
    people = _people([before, after, actor])
    told = 0
    for pk in dict.fromkeys((before, after)):
        if pk == actor:
            continue  # they did it themselves
        said = calls.for_takeover(
            entry.incident,
            new=people[after],
            by=people[actor],
            reason=str(entry.data.get("reason", "")),
            is_yours=pk == after,
        )
        told += _send(said, people[pk], thread=outbox.thread(entry.incident))
    return told


def _send(said: Call, person: Person, *, thread: str) -> int:
    if not person.is_active or not person.email:
        return 0
    message = Message.objects.create(subject=said.subject, text=said.text, html=said.html, thread=thread)
    Delivery.objects.create(message=message, person_id=person.pk, address=person.email, position=URGENT)
    nudge.nudge(outbox.DELIVER)
    return 1


def _people(ids: Sequence[int]) -> dict[int, Person]:
    return Person.objects.in_bulk(set(ids))
