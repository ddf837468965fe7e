"""Headlines to the executives who asked for them: declared, widened, restored. The page keeps the full cadence."""

from collections.abc import Sequence

from django.db import transaction

from comms.choices import WakeReason
from comms.models import Delivery, Message
from comms.queries.promises import waking
from comms.rendering import calls
from comms.services.sending import outbox
from comms.services.telling.calls import URGENT
from incidents.models import Incident
from mim_portal.lib import nudge


@transaction.atomic(savepoint=False)
def wake(reasons: Sequence[tuple[Incident, WakeReason]]) -> int:
    """One mail a person and event, in the transaction of what happened; how many hear."""
    told = 0
    for incident, reason in reasons:
        people = list(waking.woken(reason, incident=incident))
        if not people:
            continue
        said = calls.headline(incident, reason=reason)
        message = Message.objects.create(
            subject=said.subject, text=said.text, html=said.html, thread=outbox.thread(incident)
        )
        Delivery.objects.bulk_create(
            Delivery(message=message, person_id=one.pk, address=one.email, position=URGENT) for one in people
        )
        told += len(people)
    if told:
        nudge.nudge(outbox.DELIVER)
    return told
