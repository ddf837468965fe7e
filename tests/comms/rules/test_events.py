"""Which entries are told to other systems, and as what."""

from typing import Any

import pytest

from comms.choices import EndpointEvent as Event
from comms.rules import events


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("declared", {}, (Event.DECLARED,)),
        ("state_changed", {"to": "monitoring"}, (Event.RESTORED, Event.STATE_CHANGED)),
        ("state_changed", {"to": "identified"}, (Event.STATE_CHANGED,)),
        ("state_changed", {}, (Event.STATE_CHANGED,)),
        ("takeover", {"to": 7}, (Event.HANDED_OVER,)),
        ("note", {}, ()),
        ("engagement_asked", {}, ()),
    ],
)
def test_what_an_entry_is_told_as(kind: str, data: dict[str, Any], expected: tuple[Event, ...]) -> None:
    assert events.of(kind, data) == expected


def test_every_event_can_happen() -> None:
    kinds = [events.of(kind, {"to": to}) for kind in events._KINDS for to in ("", *events._STATES)]
    assert {event for told_as in kinds for event in told_as} == set(Event)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ([Event.RESTORED, Event.STATE_CHANGED], Event.RESTORED),
        ([Event.STATE_CHANGED], Event.STATE_CHANGED),
        ([Event.CLOSED], None),
    ],
)
def test_an_endpoint_hears_it_once(heard: list[str], expected: Event | None) -> None:
    assert events.chosen((Event.RESTORED, Event.STATE_CHANGED), heard) == expected


@pytest.mark.parametrize(
    ("event", "names", "expected"),
    [
        (Event.STATE_CHANGED, False, {"from": "a", "to": "b"}),
        (Event.STATE_CHANGED, True, {"from": "a", "to": "b", "reason": "Rosa said so."}),
        (Event.HANDED_OVER, False, {}),
        (Event.CANCELLED, False, {"from": "a"}),
    ],
)
def test_what_is_told_names_nobody(event: Event, names: bool, expected: dict[str, Any]) -> None:
    data = {"from": "a", "to": "b", "reason": "Rosa said so.", "confirmed_by": "Rosa"}
    assert events.told(event, data, names=names) == expected
