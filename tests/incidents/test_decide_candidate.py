"""Rejecting, merging and asking back."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from incidents.choices import CandidateState, EntryKind
from incidents.models import Candidate, Incident
from incidents.services.desk import candidates, clarifications
from incidents.services.locking import UnknownIncident
from incidents.services.states import lifecycle
from mim_portal.lib.refusals import Invalid, Refusal
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
LATER = NOON + timedelta(minutes=3)


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond, where="", workaround="?")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def test_rejecting_says_why(raised: Candidate, cast: SimpleNamespace) -> None:
    reference = raised.reference or ""
    with pytest.raises(Invalid) as refused:
        candidates.reject(reference=reference, person=cast.mia, reason=" ", now=LATER)
    assert refused.value.field == "reason"
    rejected = candidates.reject(reference=reference, person=cast.mia, reason="One user only", now=LATER)
    assert (rejected.state, rejected.decision_reason, rejected.decided_by, rejected.decided_at) == (
        CandidateState.REJECTED,
        "One user only",
        cast.mia,
        LATER,
    )
    with pytest.raises(candidates.AlreadyDecided) as again:
        candidates.reject(reference=reference, person=cast.omar, reason="Me too", now=LATER)
    assert again.value.message == f"Mia Example rejected {reference} at 12:03 (UTC+0)."


def test_merging_adds_a_report_to_a_running_incident(
    raised: Candidate, incident: Incident, cast: SimpleNamespace
) -> None:
    merged = candidates.merge(reference=raised.reference or "", into=incident.reference, person=cast.desmond, now=LATER)
    assert (merged.state, merged.incident) == (CandidateState.MERGED, incident)
    entry = incident.timeline.latest("seq")
    data = {"candidate": raised.reference, "callers_so_far": 1, "sites_so_far": 0}
    assert (entry.kind, entry.data) == (EntryKind.DESK_REPORT_ADDED, data)
    with pytest.raises(candidates.AlreadyDecided) as again:
        candidates.merge(reference=raised.reference or "", into=incident.reference, person=cast.mia, now=LATER)
    assert incident.reference in again.value.message


def test_nothing_is_merged_into_what_has_ended_or_cannot_be_seen(
    raised: Candidate, incident: Incident, cast: SimpleNamespace
) -> None:
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=LATER, reason="in error")
    with pytest.raises(Refusal) as refused:
        candidates.merge(reference=raised.reference or "", into=incident.reference, person=cast.mia, now=LATER)
    assert refused.value.code == "ended"
    private = kit.incident(manager=cast.mia, is_private=True)
    with pytest.raises(UnknownIncident):
        candidates.merge(reference=raised.reference or "", into=private.reference, person=cast.desmond, now=LATER)
    candidates.merge(reference=raised.reference or "", into=private.reference, person=cast.mia, now=LATER)
    with pytest.raises(candidates.AlreadyDecided) as again:
        candidates.reject(reference=raised.reference or "", person=cast.omar, reason="x", now=LATER)
    assert private.reference not in again.value.message


def test_an_answer_fills_what_was_empty_and_keeps_the_score(raised: Candidate, cast: SimpleNamespace) -> None:
    score = raised.intake_score
    asked = clarifications.ask(
        reference=raised.reference or "", field="where", question="Which sites?", person=cast.mia, now=LATER
    )
    clarifications.answer(request_id=asked.pk, answer="Dublin; not affected: Cork", person=cast.desmond, now=LATER)
    raised.refresh_from_db()
    assert raised.where == "Dublin; not affected: Cork"
    assert "where" not in [missing["code"] for missing in raised.intake_detail["missing"]]
    assert raised.intake_score == score


def test_an_answer_does_not_overwrite_what_the_desk_wrote(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = clarifications.ask(
        reference=raised.reference or "", field="evidence", question="Exact words?", person=cast.mia, now=LATER
    )
    answered = clarifications.answer(request_id=asked.pk, answer="E-4013", person=cast.desmond, now=LATER)
    raised.refresh_from_db()
    assert "E-4012" in raised.evidence
    assert (answered.answer, answered.answered_by, answered.answered_at) == ("E-4013", cast.desmond, LATER)


def test_a_question_is_answered_once(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = clarifications.ask(
        reference=raised.reference or "", field="workaround", question="Any?", person=cast.mia, now=LATER
    )
    with pytest.raises(Invalid):
        clarifications.answer(request_id=asked.pk, answer=" ", person=cast.desmond, now=LATER)
    clarifications.answer(request_id=asked.pk, answer="paper form", person=cast.desmond, now=LATER)
    with pytest.raises(Refusal) as refused:
        clarifications.answer(request_id=asked.pk, answer="none", person=cast.desmond, now=LATER)
    assert refused.value.code == "already_answered"


def test_the_desk_can_be_asked_after_acceptance(raised: Candidate, incident: Incident, cast: SimpleNamespace) -> None:
    candidates.merge(reference=raised.reference or "", into=incident.reference, person=cast.mia, now=LATER)
    assert clarifications.ask(
        reference=raised.reference or "", field="where", question="Which sites?", person=cast.mia, now=LATER
    ).pk


def test_questions_need_a_candidate_and_words(raised: Candidate, cast: SimpleNamespace) -> None:
    with pytest.raises(candidates.UnknownCandidate):
        clarifications.ask(reference="CA-2026-0404", field="where", question="?", person=cast.mia, now=LATER)
    with pytest.raises(candidates.UnknownCandidate):
        clarifications.answer(request_id=404, answer="x", person=cast.desmond, now=LATER)
    with pytest.raises(Invalid):
        clarifications.ask(reference=raised.reference or "", field="where", question=" ", person=cast.mia, now=LATER)
