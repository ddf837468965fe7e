"""Changing the priority."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import EntryKind
from incidents.models import Incident
from incidents.services import lifecycle
from incidents.services.locking import Changed
from mim_portal.lib.refusals import Invalid
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, impact=1, urgency=1)


def change(incident: Incident, by: Person, **levels: Any) -> Incident:
    return lifecycle.set_priority(reference=incident.reference, person=by, now=LATER, **levels)


def test_it_follows_impact_and_urgency(incident: Incident, cast: SimpleNamespace) -> None:
    changed = change(incident, cast.mia, urgency=2, reason="workaround holds")
    assert (changed.priority, changed.priority_computed, changed.urgency) == ("P2", "P2", 2)
    assert changed.version == 2
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.PRIORITY_CHANGED
    assert entry.data == {"from": "P1", "to": "P2", "reason": "workaround holds"}


def test_another_than_the_computed_needs_a_reason(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as refused:
        change(incident, cast.mia, priority="P3")
    assert (refused.value.field, refused.value.code) == ("reason", "required")
    changed = change(incident, cast.mia, priority="P3", reason="one small site, closing today")
    assert (changed.priority, changed.priority_computed) == ("P3", "P1")
    assert changed.override_reason == "one small site, closing today"


def test_back_to_the_computed_takes_the_reason_away(incident: Incident, cast: SimpleNamespace) -> None:
    change(incident, cast.mia, priority="P3", reason="small")
    assert change(incident, cast.mia, impact=1, urgency=1).override_reason == ""


def test_levels_that_give_the_same_priority_are_a_detail(incident: Incident, cast: SimpleNamespace) -> None:
    change(incident, cast.mia, impact=1, urgency=2)
    change(incident, cast.mia, impact=2, urgency=1)
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.DETAILS_CHANGED
    assert entry.data == {"changed": {"impact": [1, 2], "urgency": [2, 1]}}


def test_nothing_changed_says_nothing(incident: Incident, cast: SimpleNamespace) -> None:
    before = incident.timeline.count()
    assert change(incident, cast.mia, impact=1, urgency=1).version == 1
    assert incident.timeline.count() == before


@pytest.mark.parametrize(("levels", "field"), [({"urgency": 4}, "urgency"), ({"priority": "P9"}, "priority")])
def test_unknown_levels_are_named(
    incident: Incident, cast: SimpleNamespace, levels: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(incident, cast.mia, **levels)
    assert refused.value.field == field


def test_after_the_end_it_stays(incident: Incident, cast: SimpleNamespace) -> None:
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=LATER, reason="in error")
    with pytest.raises(lifecycle.Ended):
        change(incident, cast.mia, urgency=2)


def test_a_stale_version_is_refused(incident: Incident, cast: SimpleNamespace) -> None:
    change(incident, cast.mia, urgency=2, version=1)
    with pytest.raises(Changed) as refused:
        change(incident, cast.omar, urgency=3, version=1)
    assert refused.value.status == 412
