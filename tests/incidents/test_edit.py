"""Editing title, service, privacy and times; several in one go."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import EntryKind
from incidents.models import Incident, IncidentMember
from incidents.services.locking import Changed, UnknownIncident
from incidents.services.record import amending, details
from mim_portal.lib.refusals import Invalid
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, service=factories.service(slug="payroll"))


def test_old_and_new_values_stay_readable(incident: Incident, cast: SimpleNamespace) -> None:
    tills = factories.service(slug="tills")
    edited = details.edit(
        reference=incident.reference,
        person=cast.mia,
        changes={"title": "Tills are down", "service": tills, "external_ref": ""},
        now=LATER,
    )
    assert (edited.title, edited.service, edited.version) == ("Tills are down", tills, 2)
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.DETAILS_CHANGED
    assert entry.data == {
        "changed": {"title": [incident.title, "Tills are down"], "service": ["payroll", "tills"]},
    }


def test_the_same_again_is_no_edit(incident: Incident, cast: SimpleNamespace) -> None:
    before = incident.timeline.count()
    edited = details.edit(reference=incident.reference, person=cast.mia, changes={"title": incident.title}, now=LATER)
    assert (edited.version, incident.timeline.count()) == (1, before)


@pytest.mark.parametrize(("changes", "field"), [({"state": "closed"}, "state"), ({"title": " "}, "title")])
def test_what_cannot_be_edited_is_named(
    incident: Incident, cast: SimpleNamespace, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        details.edit(reference=incident.reference, person=cast.mia, changes=changes, now=LATER)
    assert refused.value.field == field


def test_times_keep_both_values(incident: Incident, cast: SimpleNamespace) -> None:
    first, second = NOON - timedelta(hours=2), NOON - timedelta(hours=3)
    for at in (first, second):
        details.record_times(
            reference=incident.reference, given={"detected_at": at}, person=cast.mia, now=LATER, precision="approx"
        )
    recorded = incident.recorded_times.filter(field="detected_at").order_by("id")
    assert [(row.at, row.precision) for row in recorded] == [(first, "approx"), (second, "approx")]
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.TIME_RECORDED
    assert entry.data == {
        "field": "detected_at",
        "from": "2026-11-23T10:00:00.000Z",
        "to": "2026-11-23T09:00:00.000Z",
    }


@pytest.mark.parametrize("field", ["declared_at", "closed_at", "mim_assigned_at", "lunch_at"])
def test_the_portals_own_times_cannot_be_moved(incident: Incident, cast: SimpleNamespace, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        details.record_times(reference=incident.reference, given={field: NOON}, person=cast.mia, now=LATER)
    assert refused.value.field == field


def test_a_time_to_come_is_refused(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(Invalid):
        details.record_times(
            reference=incident.reference,
            given={"detected_at": LATER + timedelta(minutes=1)},
            person=cast.mia,
            now=LATER,
        )


def test_several_edits_are_one(incident: Incident, cast: SimpleNamespace) -> None:
    amended = amending.amend(
        reference=incident.reference,
        person=cast.mia,
        changes={"title": "New title", "urgency": 2},
        reason="A workaround holds",
        times={"detected_at": NOON - timedelta(hours=1)},
        now=LATER,
        version=1,
    )
    assert (amended.title, amended.priority, amended.detected_at) == ("New title", "P2", NOON - timedelta(hours=1))
    with pytest.raises(Changed):
        amending.amend(reference=incident.reference, person=cast.omar, changes={"title": "Mine"}, now=LATER, version=1)


def test_one_bad_edit_leaves_everything_as_it_was(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(Invalid):
        amending.amend(
            reference=incident.reference, person=cast.mia, changes={"title": "New", "priority": "P4"}, now=LATER
        )
    incident.refresh_from_db()
    assert incident.title == "Payroll: staff cannot submit timesheets"


def test_a_private_incident_is_opened_to_one_more_person(cast: SimpleNamespace) -> None:
    private = kit.incident(manager=cast.mia, is_private=True)
    with pytest.raises(UnknownIncident):
        details.edit(reference=private.reference, person=cast.rosa, changes={"title": "x"}, now=LATER)
    for _ in range(2):
        details.admit(reference=private.reference, person=cast.mia, member=cast.rosa, now=LATER)
    assert IncidentMember.objects.filter(incident=private, person=cast.rosa).count() == 1
    assert private.timeline.filter(kind=EntryKind.DETAILS_CHANGED).count() == 1
    assert details.edit(
        reference=private.reference, person=cast.rosa, changes={"title": "Payroll again"}, now=LATER
    ).title == ("Payroll again")
