"""How a message begins: with the template of its kind and readers, filled with what is on record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from comms.choices import UpdateKind
from comms.models import Audience, Delivery, Message, MessageTemplate
from comms.queries.writing import policies
from comms.queries.writing import templates as queries
from comms.rendering import calls, draft_values, drafts
from comms.rules.texts import Text
from comms.services.sending import outbox
from incidents.models import Incident
from mim_portal.lib import addresses, nudge
from teams.choices import Role
from teams.models import Person

_SOON = 1


@transaction.atomic(savepoint=False)
def begin(
    *, incident: Incident, kind: str, audiences: Sequence[Audience], next_update_at: datetime | None, now: datetime
) -> Text:
    """Subject and text for these readers, with gaps in brackets where only a person knows; it never fails.

    Status pages have shorter words, where nobody else reads the message. A holding update about a marked incident says
    to people outside what legal and security agreed to beforehand, so that it never waits for them.
    """
    if kind == UpdateKind.HOLDING and incident.marks and any(one.is_plain for one in audiences):
        return Text(subject="", body=policies.neutral_words())
    audience = queries.lead(audiences)
    if audience is None or kind == UpdateKind.CORRECTION:
        return Text(subject="", body="")
    values = draft_values.of(incident, kind=kind, audience=audience, next_update_at=next_update_at, now=now)
    begun = drafts.begin(kind=kind, audience=audience, values=values)
    if begun.faults and begun.template_id is not None:
        _note(template_id=begun.template_id, faults=begun.faults, now=now)
    is_for_pages = all(one.is_public for one in audiences) and kind != UpdateKind.HOLDING
    parts = begun.parts
    return Text(subject=parts.subject, body=(is_for_pages and parts.status_text) or parts.body)


def _note(*, template_id: int, faults: Sequence[drafts.Fault], now: datetime) -> None:
    """Keep the fault for the settings page, and tell the administrators once."""
    words = " ".join(map(str, faults))[:400]
    fresh = MessageTemplate.objects.filter(pk=template_id, fault="").update(fault=words, fault_at=now)
    if fresh != 1:
        return
    template = MessageTemplate.objects.select_related("audience").get(pk=template_id)
    said = calls.rendered(
        "template_fault",
        {
            "kind": template.get_kind_display(),
            "audience": template.audience.name,
            "fault": words,
            "address": addresses.absolute(f"/settings/templates/{template.kind}/{template.audience.code}/"),
        },
    )
    message = Message.objects.create(
        subject=said.subject, text=said.text, html=said.html, thread=f"template-{template_id}"
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person.pk, address=person.email, position=_SOON)
        for person in Person.objects.with_role(Role.ADMINISTRATOR)
        if person.email
    )
    nudge.nudge(outbox.DELIVER)
