"""Which entries of the timeline other systems may be told of, and what they are told: roles, never names."""

from collections.abc import Mapping
from typing import Any, Final

from comms.choices import EndpointEvent
from incidents.choices import EntryKind, IncidentState

_KINDS: Final[Mapping[str, EndpointEvent]] = {
    EntryKind.DECLARED: EndpointEvent.DECLARED,
    EntryKind.STATE_CHANGED: EndpointEvent.STATE_CHANGED,
    EntryKind.REOPENED: EndpointEvent.REOPENED,
    EntryKind.CANCELLED: EndpointEvent.CANCELLED,
    EntryKind.PRIORITY_CHANGED: EndpointEvent.PRIORITY_CHANGED,
    EntryKind.IMPACT_STATED: EndpointEvent.IMPACT_CHANGED,
    EntryKind.IMPACT_REVISED: EndpointEvent.IMPACT_CHANGED,
    EntryKind.HANDOVER_ACCEPTED: EndpointEvent.HANDED_OVER,
    EntryKind.TAKEOVER: EndpointEvent.HANDED_OVER,
    EntryKind.UPDATE_PUBLISHED: EndpointEvent.UPDATE_PUBLISHED,
    EntryKind.UPDATE_CORRECTED: EndpointEvent.UPDATE_CORRECTED,
    EntryKind.UPDATE_WITHDRAWN: EndpointEvent.UPDATE_WITHDRAWN,
    EntryKind.DEADLINE_MISSED: EndpointEvent.PROMISE_MISSED,
}
_STATES: Final[Mapping[str, EndpointEvent]] = {
    IncidentState.MONITORING: EndpointEvent.RESTORED,
    IncidentState.RESOLVED: EndpointEvent.RESOLVED,
    IncidentState.CLOSED: EndpointEvent.CLOSED,
}
# What an entry says without naming anybody. Reasons are written by people and may name some.
_TOLD: Final[Mapping[EndpointEvent, tuple[str, ...]]] = {
    EndpointEvent.STATE_CHANGED: ("from", "to"),
    EndpointEvent.RESTORED: ("from", "to"),
    EndpointEvent.RESOLVED: ("from", "to"),
    EndpointEvent.CLOSED: ("from", "to"),
    EndpointEvent.REOPENED: ("from", "to"),
    EndpointEvent.CANCELLED: ("from",),
    EndpointEvent.PRIORITY_CHANGED: ("from", "to"),
    EndpointEvent.UPDATE_PUBLISHED: ("update", "sequence", "kind", "audiences"),
    EndpointEvent.UPDATE_CORRECTED: ("update",),
    EndpointEvent.UPDATE_WITHDRAWN: ("update",),
}


def of(kind: str, data: Mapping[str, Any]) -> tuple[EndpointEvent, ...]:
    """What an entry is told as, the most telling first; nothing where it is told to nobody."""
    event = _KINDS.get(kind)
    if event is None:
        return ()
    if event == EndpointEvent.STATE_CHANGED and (named := _STATES.get(str(data.get("to", "")))):
        return (named, event)
    return (event,)


def chosen(told_as: tuple[EndpointEvent, ...], heard: list[str]) -> EndpointEvent | None:
    """As which of them an endpoint hears it: one delivery, under the most telling name that it asked for."""
    return next((event for event in told_as if event in heard), None)


def told(event: EndpointEvent, data: Mapping[str, Any], *, names: bool) -> dict[str, Any]:
    """What changed; the reason too where people may be named."""
    kept = (*_TOLD.get(event, ()), *(("reason",) if names else ()))
    return {name: data[name] for name in kept if name in data}
