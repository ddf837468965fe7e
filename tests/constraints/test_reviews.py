"""What the database refuses of reviews and the ledger, of keys of the API, and of the audit's log."""

from types import SimpleNamespace

import pytest
from django.db.models import ProtectedError

from incidents.models import Incident
from mim_portal.models import AuditEntry, IdempotencyKey
from reviews.models import (
    ContributingFactor,
    ImprovementAction,
    Lapse,
    LapseCount,
    MetricRollup,
    Review,
)
from tests.constraints.kit import refused, refuses
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return rows.incident(manager=cast.mia)


def test_an_incident_has_one_review(incident: Incident) -> None:
    rows.review(of=incident)
    with refused("reviews_review_incident_id_key"):
        rows.review(of=incident)


def test_factors_are_judged_by_known_degrees(incident: Incident) -> None:
    factor = rows.factor(of=rows.review(of=incident), effect=3)
    for wrong in ({"effect": 4}, {"effect": None, "changeability": 0}, {"changeability": 4}):
        with refused("factor_judged_by_known_degrees"):
            ContributingFactor.objects.filter(pk=factor.pk).update(**wrong)
    ContributingFactor.objects.filter(pk=factor.pk).update(effect=None, changeability=1)


def test_a_fact_makes_one_lapse_of_a_kind(incident: Incident, cast: SimpleNamespace) -> None:
    rows.lapse(of=incident, addressee=cast.mia, source_key="deadline:1")
    with refused("lapse_suggested_once"):
        rows.lapse(of=incident, addressee=cast.omar, source_key="deadline:1")
    rows.lapse(of=incident, addressee=cast.mia, source_key="deadline:1", code="L01")
    rows.lapse(of=incident, addressee=cast.mia, source_key="deadline:2")


def test_a_dismissal_has_a_reason(incident: Incident, cast: SimpleNamespace) -> None:
    found = rows.lapse(of=incident, addressee=cast.mia)
    with refused("dismissed_lapse_has_reason"):
        Lapse.objects.filter(pk=found.pk).update(state="dismissed")
    assert Lapse.objects.filter(pk=found.pk).update(state="dismissed", dismissal_reason="The reader confirmed it.")


def test_old_lapses_are_counted_in_one_row_of_a_kind(incident: Incident) -> None:
    kind = {"code": "L02", "month_date": NOON.date().replace(day=1), "outcome": "held"}
    LapseCount.objects.create(**kind, count=1)
    with refused("lapses_counted_once_a_month"):
        LapseCount.objects.create(**kind, count=2)
    LapseCount.objects.create(**kind, cause_category="tool", count=1)


def test_a_measure_of_a_month_is_rolled_up_once(incident: Incident) -> None:
    row = {"period": "2026-03", "measure": "ttd", "n": 2, "hits": 0, "invalid": 1, "classes": [9], "counts": [1]}
    MetricRollup.objects.create(**row)
    with refused("one_rollup_of_a_measure"):
        MetricRollup.objects.create(**row)
    MetricRollup.objects.create(**row, service=incident.service)
    with refused("rollup_counts_agree"):
        MetricRollup.objects.create(**{**row, "priority": "P1", "hits": 3})


def test_removing_a_factor_keeps_the_action_that_answered_it(incident: Incident, cast: SimpleNamespace) -> None:
    review = rows.review(of=incident)
    factor = rows.factor(of=review)
    action = rows.action(of=review, owner=cast.rosa, factor=factor)
    factor.delete()
    action.refresh_from_db()
    assert action.factor is None
    assert not ContributingFactor.objects.exists()
    assert ImprovementAction.objects.count() == 1


def test_whoever_owns_an_action_or_a_lapse_stays_in_the_record(incident: Incident, cast: SimpleNamespace) -> None:
    review = rows.review(of=incident)
    rows.action(of=review, owner=cast.nils)
    rows.lapse(of=incident, addressee=cast.omar)
    for person in (cast.nils, cast.omar):
        with pytest.raises(ProtectedError):
            person.delete()


def test_an_incident_is_not_deleted_under_its_review(incident: Incident) -> None:
    rows.review(of=incident)
    with pytest.raises(ProtectedError):
        incident.delete()
    assert Review.objects.count() == 1


def test_a_key_of_the_api_has_one_answer_a_person(cast: SimpleNamespace) -> None:
    given = {"key": "one", "method_path": "POST /", "body_hash": "x"}
    IdempotencyKey.objects.create(person=cast.mia, **given)
    with refused("one_answer_per_person_and_key"):
        IdempotencyKey.objects.create(person=cast.mia, **given | {"body_hash": "y"})
    IdempotencyKey.objects.create(person=cast.omar, **given)


@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("UPDATE mim_portal_auditentry SET verb = 'other'", "Cannot update"),
        ("UPDATE mim_portal_auditentry SET at = now()", "Cannot update"),
        ("DELETE FROM mim_portal_auditentry", "Cannot delete"),
        ("TRUNCATE mim_portal_auditentry", "append-only: TRUNCATE refused"),
    ],
)
def test_the_audits_log_is_only_ever_written_to(cast: SimpleNamespace, statement: str, because: str) -> None:
    AuditEntry.objects.create(actor=cast.ada, verb="signed_in", subject="ada")
    refuses(statement, because=because)
    assert AuditEntry.objects.get().verb == "signed_in"


@pytest.mark.parametrize("table", ["incidents_timelineentry", "incidents_impactstatement"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_log_of_an_incident_is_only_ever_written_to(incident: Incident, table: str, verb: str) -> None:
    rows.entry(of=incident, kind="note", at=NOON, text="The batch was stopped.")
    statement, because = {
        "UPDATE": (f"UPDATE {table} SET incident_id = incident_id", "Cannot update"),
        "DELETE": (f"DELETE FROM {table} WHERE incident_id = {incident.pk}", "Cannot delete"),
        "TRUNCATE": (f"TRUNCATE {table} CASCADE", "append-only: TRUNCATE refused"),
    }[verb]
    refuses(statement, because=because)
