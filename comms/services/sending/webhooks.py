"""Events for other systems: one signed delivery an endpoint and event, in the outbox like everything that leaves."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from comms.adapters import webhook
from comms.choices import ChannelKind, EndpointEvent
from comms.models import Delivery, Endpoint, Message
from comms.queries.recipients import endpoints as queries
from comms.rules import events
from comms.services.sending import outbox
from incidents.choices import EntryKind, EntrySource
from incidents.models import Incident, TimelineEntry
from incidents.queries import impact
from mim_portal.lib import addresses, nudge
from teams.models import Person

_POSITION = 50  # people first


@transaction.atomic(savepoint=False)
def tell(entries: Sequence[TimelineEntry]) -> int:
    """Queue what each endpoint asked for; how many deliveries. Private incidents and exercises only where an endpoint
    hears of them, and nothing that was imported.
    """
    hearing = list(queries.hearing())
    told = 0
    for entry in entries if hearing else ():
        told_as = events.of(entry.kind, entry.data)
        if told_as and entry.source != EntrySource.IMPORT:
            told += sum(_tell(entry, told_as, endpoint) for endpoint in hearing)
    if told:
        nudge.nudge(outbox.DELIVER_CHANNELS)
    return told


def _tell(entry: TimelineEntry, told_as: tuple[EndpointEvent, ...], endpoint: Endpoint) -> bool:
    incident, event = entry.incident, events.chosen(told_as, endpoint.events)
    hidden = (incident.is_private and not endpoint.hears_private) or (
        incident.is_exercise and not endpoint.hears_exercises
    )
    if event is None or hidden:
        return False
    body = webhook.body(event=event, at=entry.at, data=_data(entry, event, names=endpoint.is_technical))
    message = Message.objects.create(
        subject=f"{event} {incident.reference}", text=body, event=event, thread=outbox.thread(incident)
    )
    Delivery.objects.create(
        message=message,
        channel=ChannelKind.WEBHOOK,
        address=endpoint.code,
        endpoint_id=endpoint.pk,
        position=_POSITION,
    )
    return True


def _data(entry: TimelineEntry, event: EndpointEvent, *, names: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "incident": _incident(entry.incident),
        "entry": entry.seq,
        "changed": events.told(event, entry.data, names=names),
        "by": _who(entry.actor, names=names),
    }
    if entry.kind in (EntryKind.IMPACT_STATED, EntryKind.IMPACT_REVISED, EntryKind.DECLARED):
        data["impact"] = impact.sentence(impact.current(entry.incident), timezone.get_default_timezone())
    return data


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "reference": incident.reference,
        "external_ref": incident.external_ref,
        "title": incident.title,
        "service": incident.service.slug,
        "state": incident.state,
        "priority": incident.priority,
        "is_private": incident.is_private,
        "is_exercise": incident.is_exercise,
        "declared_at": incident.declared_at.isoformat() if incident.declared_at else None,
        "address": addresses.absolute(addresses.incident(incident.reference)),
    }


def _who(person: Person | None, *, names: bool) -> dict[str, Any]:
    """Roles; the name as well for an endpoint that is marked technical."""
    if person is None:
        return {"roles": []}
    named = {"username": person.username, "name": person.name} if names else {}
    return {"roles": sorted(person.roles), **named}
