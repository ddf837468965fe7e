"""How it went: whoever spoke for a team is asked by mail, with a link of their own that needs no sign-in."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from comms.models import Delivery, Message
from comms.rendering import calls
from comms.services.sending import outbox
from comms.services.telling.accounts import AT_LEISURE
from incidents.services.work import feedback
from mim_portal.lib import nudge


@transaction.atomic
def ask(incident_ids: Iterable[int], *, now: datetime) -> int:
    """Queue the questions about these incidents; how many people are asked."""
    asked = feedback.ask(incident_ids=incident_ids, now=now)
    for one in asked:
        said = calls.how_it_went(one.engagement, link=one.link)
        message = Message.objects.create(
            subject=said.subject, text=said.text, html=said.html, thread=outbox.thread(one.engagement.incident)
        )
        Delivery.objects.create(message=message, person_id=one.person.pk, address=one.person.email, position=AT_LEISURE)
    if asked:
        nudge.nudge(outbox.DELIVER)
    return len(asked)
