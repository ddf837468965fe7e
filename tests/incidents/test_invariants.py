"""What the database itself refuses, whatever code asks for it (DESIGN section 5, 1 and 2)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from incidents.models import CommandTenure, ImpactStatement, Incident, TimelineEntry
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def tenure(incident: Incident) -> CommandTenure:
    return CommandTenure.objects.get(incident=incident)


@pytest.mark.parametrize("minutes", [-10, 0, 10])
def test_two_managers_at_once_are_impossible(incident: Incident, cast: SimpleNamespace, minutes: int) -> None:
    with pytest.raises(IntegrityError, match="one_manager_at_every_instant"), transaction.atomic():
        CommandTenure.objects.create(incident=incident, manager=cast.omar, started_at=NOON + timedelta(minutes=minutes))


def test_two_incidents_have_a_manager_each(incident: Incident, cast: SimpleNamespace) -> None:
    other = kit.incident(manager=cast.mia)
    assert tenure(other).manager == tenure(incident).manager


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_tenure_has_a_length(incident: Incident, minutes: int) -> None:
    with pytest.raises(IntegrityError, match="tenure_has_a_length"), transaction.atomic():
        CommandTenure.objects.filter(incident=incident).update(ended_at=NOON + timedelta(minutes=minutes))


@transaction.atomic
def end_and_start_again(incident: Incident, manager: Person, *, after: int | None) -> None:
    """End the tenure after five minutes; let another begin some minutes after declaration, or none."""
    CommandTenure.objects.filter(incident=incident).update(ended_at=NOON + timedelta(minutes=5))
    if after is not None:
        CommandTenure.objects.create(incident=incident, manager=manager, started_at=NOON + timedelta(minutes=after))
    connection.check_constraints()


@pytest.mark.parametrize("after", [None, 6])
def test_a_tenure_cannot_end_into_nothing(incident: Incident, cast: SimpleNamespace, after: int | None) -> None:
    with pytest.raises(IntegrityError, match="without an accountable manager"):
        end_and_start_again(incident, cast.omar, after=after)


def test_a_tenure_ends_at_its_successors_start(incident: Incident, cast: SimpleNamespace) -> None:
    end_and_start_again(incident, cast.omar, after=5)
    assert CommandTenure.objects.filter(incident=incident).count() == 2


def test_a_tenure_is_never_deleted(incident: Incident) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        tenure(incident).delete()


@pytest.mark.parametrize("model", [TimelineEntry, ImpactStatement])
def test_the_log_and_the_impact_are_append_only(
    incident: Incident, model: type[TimelineEntry] | type[ImpactStatement]
) -> None:
    rows = model._default_manager.filter(incident=incident)
    assert rows.exists()
    connection.check_constraints()  # a pending check of a foreign key would refuse TRUNCATE by itself
    changes = {"text": "x"} if model is TimelineEntry else {"who": "nobody"}
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(**changes)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
    assert rows.exists()


def test_a_sequence_number_is_given_once(incident: Incident) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TimelineEntry.objects.create(incident=incident, seq=1, kind="note", at=NOON)


def test_an_ended_incident_has_an_end(incident: Incident) -> None:
    with pytest.raises(IntegrityError, match="ended_incident_has_end"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(state="closed")


def test_another_priority_needs_a_reason_in_the_database_too(incident: Incident) -> None:
    with pytest.raises(IntegrityError, match="priority_override_has_reason"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(priority="P4")
