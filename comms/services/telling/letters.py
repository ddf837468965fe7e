"""A letter to one person from apps above, about an incident or something else: a folder of templates and what stands
in it.
"""

from collections.abc import Mapping
from typing import Any

from comms.models import Delivery, Message
from comms.rendering import calls
from comms.services.sending import outbox
from comms.services.telling.accounts import AT_LEISURE
from incidents.models import Incident
from mim_portal.lib import nudge
from teams.models import Person


def send(
    folder: str, context: Mapping[str, Any], *, to: Person, incident: Incident | None = None, thread: str = ""
) -> None:
    """Queue it behind everything that people wait for. The caller holds a transaction, and has asked whether the
    person may see the incident. What is about none names the conversation that it belongs to.
    """
    if incident is not None:
        context, thread = {"incident": incident, **context}, outbox.thread(incident)
    said = calls.rendered(folder, context)
    message = Message.objects.create(subject=said.subject, text=said.text, html=said.html, thread=thread)
    Delivery.objects.create(message=message, person_id=to.pk, address=to.email, position=AT_LEISURE)
    nudge.nudge(outbox.DELIVER)
