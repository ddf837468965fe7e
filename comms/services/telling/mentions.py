"""A mention is told at once, to those who may read the incident at that moment, and never to the writer."""

from collections.abc import Iterable

from django.db import transaction

from comms.models import Delivery, Message
from comms.queries.promises import quiet
from comms.rendering import calls
from comms.services.sending import outbox
from comms.services.telling.calls import URGENT
from incidents.models import TimelineEntry
from incidents.queries import mentions as queries
from mim_portal.lib import dbtime, nudge


@transaction.atomic(savepoint=False)
def tell(entry: TimelineEntry, *, people: Iterable[int], teams: Iterable[int]) -> int:
    """One mail a person, however often and by whichever team they are mentioned; how many hear."""
    told = [one for one in queries.told(entry.incident, people=people, teams=teams) if one.pk != entry.actor_id]
    if not told:
        return 0
    said = calls.for_mention(entry)
    message = Message.objects.create(
        subject=said.subject, text=said.text, html=said.html, thread=outbox.thread(entry.incident)
    )
    now = dbtime.now()
    quiet_until = quiet.until(told, now=now)
    Delivery.objects.bulk_create(
        Delivery(
            message=message,
            person_id=person.pk,
            address=person.email,
            position=URGENT,
            due_at=quiet_until.get(person.pk, now),
        )
        for person in told
    )
    nudge.nudge(outbox.DELIVER)
    return len(told)
