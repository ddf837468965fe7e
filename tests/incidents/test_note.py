"""Notes on the timeline."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.models import Incident
from incidents.services.record import notes
from mim_portal.lib.refusals import Invalid
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def test_a_note_keeps_when_it_happened(incident: Incident, cast: SimpleNamespace) -> None:
    earlier = NOON - timedelta(minutes=20)
    entry = notes.note(reference=incident.reference, person=cast.rosa, text=" Failover done ", now=NOON, at=earlier)
    entry.refresh_from_db()
    assert (entry.text, entry.at, entry.actor, entry.kind) == ("Failover done", earlier, cast.rosa, "note")
    assert entry.seq == incident.timeline.count()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * (notes.LONGEST + 1)}, "text"),
        ({"text": "later", "at": NOON + timedelta(minutes=1)}, "at"),
    ],
)
def test_what_is_no_note_is_refused(
    incident: Incident, cast: SimpleNamespace, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        notes.note(reference=incident.reference, person=cast.rosa, now=NOON, **options)
    assert refused.value.field == field
