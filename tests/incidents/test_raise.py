"""Raising a candidate: what blocks, what is scored, what a draft keeps."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from incidents.choices import CandidateState
from incidents.models import Candidate
from incidents.rules import references
from incidents.services.desk import candidates
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from tests import factories
from tests.factories import NOON
from tests.incidents import kit


def test_three_facts_raise_it(cast: SimpleNamespace) -> None:
    service = factories.service(slug="payroll", name="Payroll")
    raised = candidates.raise_candidate(
        person=cast.desmond,
        facts={"service": service, "cannot_do": "submit timesheets", "contact": "Niamh, +353 1 555 0199"},
        now=NOON,
    )
    assert re.fullmatch(r"CA-2026-\d{4,}", raised.reference or "")
    assert raised.state == CandidateState.OPEN
    assert raised.title == "Payroll: cannot submit timesheets"
    assert raised.raised_at == NOON
    assert raised.intake_score is not None
    assert raised.intake_score < 50


def test_the_score_is_kept_with_its_reasons(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond, affected_count="many", basis="")
    raised.refresh_from_db()
    items = {item["code"]: item for item in raised.intake_detail["items"]}
    assert items["affected_count"]["reason"]
    assert "affected_count" in [missing["code"] for missing in raised.intake_detail["missing"]]
    assert raised.rubric_version


def test_a_complete_record_is_ready(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    assert raised.intake_band == "ready"


@pytest.mark.parametrize("field", ["service", "cannot_do", "contact"])
def test_without_the_three_it_is_not_raised(cast: SimpleNamespace, field: str) -> None:
    given = kit.facts(cannot_do="submit timesheets") | {field: None if field == "service" else " "}
    with pytest.raises(Invalid) as refused:
        candidates.raise_candidate(person=cast.desmond, facts=given, now=NOON)
    assert refused.value.field == field
    assert refused.value.extra == {"missing": [field]}
    assert not Candidate.objects.exists()


def test_a_service_outside_the_catalogue_does_not_block(cast: SimpleNamespace) -> None:
    given = kit.facts() | {"service": None, "service_text": "the till thing"}
    raised = candidates.raise_candidate(person=cast.desmond, facts=given, now=NOON)
    assert raised.service is None
    assert raised.service_text == "the till thing"


def test_an_alert_without_a_person_is_raised_with_what_it_has(db: None) -> None:
    service = factories.service()
    raised = candidates.raise_candidate(
        person=None, facts={"service": service, "title": "Disk full"}, now=NOON, source="system", external_ref="A-7"
    )
    assert (raised.title, raised.external_ref, raised.raised_by) == ("Disk full", "A-7", None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"urgency": 4}, "urgency"),
        ({"impact": "high"}, "impact"),
        ({"safety_or_security": "perhaps"}, "safety_or_security"),
        ({"where": "x" * 501}, "where"),
        ({"weather": "rain"}, "weather"),
    ],
)
def test_what_cannot_be_stored_is_named(cast: SimpleNamespace, facts: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        candidates.raise_candidate(person=cast.desmond, facts=kit.facts() | facts, now=NOON)
    assert refused.value.field == field


def test_a_draft_needs_nothing_and_becomes_the_candidate(cast: SimpleNamespace) -> None:
    draft = candidates.save_draft(person=cast.desmond, facts={"cannot_do": "pay"}, draft_id=None, now=NOON)
    again = candidates.save_draft(
        person=cast.desmond, facts={"where": "Dublin"}, draft_id=draft.pk, now=NOON + timedelta(seconds=30)
    )
    assert again.pk == draft.pk
    assert (again.cannot_do, again.where, again.reference) == ("pay", "Dublin", None)
    raised = candidates.raise_candidate(
        person=cast.desmond, facts=kit.facts(), now=NOON + timedelta(minutes=1), draft_id=draft.pk
    )
    assert raised.pk == draft.pk
    assert raised.created_at == NOON
    assert Candidate.objects.count() == 1


def test_a_draft_is_its_authors_alone(cast: SimpleNamespace) -> None:
    draft = candidates.save_draft(person=cast.desmond, facts={}, draft_id=None, now=NOON)
    with pytest.raises(candidates.UnknownCandidate):
        candidates.save_draft(person=cast.dara, facts={"title": "mine"}, draft_id=draft.pk, now=NOON)
    with pytest.raises(candidates.UnknownCandidate):
        candidates.discard_draft(person=cast.dara, draft_id=draft.pk)
    candidates.discard_draft(person=cast.desmond, draft_id=draft.pk)
    assert not Candidate.objects.exists()


def test_raising_is_audited_without_a_name(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    entry = AuditEntry.objects.get(verb="candidate.raised")
    assert entry.actor == cast.desmond
    assert entry.subject == raised.reference
    assert "Desmond" not in str(entry.data)


def test_raised_at_once_or_from_a_draft_the_record_is_the_same(cast: SimpleNamespace) -> None:
    facts = kit.facts(service=factories.service())
    draft = candidates.save_draft(person=cast.desmond, facts=facts, draft_id=None, now=NOON)
    later = candidates.raise_candidate(person=cast.desmond, facts=facts, now=NOON, draft_id=draft.pk)
    at_once = candidates.raise_candidate(person=cast.desmond, facts=facts, now=NOON)

    rows = Candidate.objects.in_bulk([later.pk, at_once.pk])
    own = {"id", "reference"}
    fields = [field.attname for field in Candidate._meta.concrete_fields if field.name not in own]
    assert [getattr(rows[at_once.pk], name) for name in fields] == [getattr(rows[later.pk], name) for name in fields]
    assert [getattr(at_once, name) for name in fields] == [getattr(later, name) for name in fields]
    numbers = [references.parse(str(raised.reference)) for raised in (later, at_once)]
    assert [str(number) for number in numbers] == [later.reference, at_once.reference]
    assert numbers[0] is not None
    assert numbers[1] is not None
    assert numbers[1].number == numbers[0].number + 1
    audited = AuditEntry.objects.filter(verb="candidate.raised").order_by("pk")
    assert [(entry.subject, entry.actor, entry.data) for entry in audited] == [
        (raised.reference, cast.desmond, {"score": raised.intake_score}) for raised in (later, at_once)
    ]


def test_facts_are_scored_while_they_are_typed(cast: SimpleNamespace) -> None:
    assert candidates.score_facts({"cannot_do": "staff cannot pay"}).band == "not_ready"
    assert candidates.score_facts(kit.facts()).band == "ready"
