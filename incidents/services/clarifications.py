"""Questions back to the desk: proof that the manager asked instead of complaining."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import CANDIDATE_DECIDED_STATES, CandidateState
from incidents.models import Candidate, ClarificationRequest
from incidents.rules.intake_grades import unknown
from incidents.services import desk_facts
from incidents.services.candidates import UnknownCandidate
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person

# The desk is asked after acceptance too: accept first, ask second.
ASKABLE_STATES = frozenset({CandidateState.OPEN}) | CANDIDATE_DECIDED_STATES


@transaction.atomic
def ask(*, reference: str, field: str, question: str, person: Person, now: datetime) -> ClarificationRequest:
    """Ask the desk for one fact."""
    candidate = _lock_askable(reference)
    if not question.strip():
        raise Invalid(_("Write the question."), code="required", field="question")
    request = ClarificationRequest.objects.create(
        candidate=candidate,
        field=field.strip()[:40],
        question=question.strip()[:500],
        asked_by=person,
        asked_at=now,
    )
    _announce(candidate)
    return request


@transaction.atomic
def answer(*, request_id: int, answer: str, person: Person, now: datetime) -> ClarificationRequest:
    """The desk's answer; it fills the fact on the record where that was empty or not known."""
    request = ClarificationRequest.objects.select_related("candidate").filter(pk=request_id).first()
    if request is None:
        raise UnknownCandidate(_("There is no such question."))
    candidate = _lock_askable(request.candidate.reference or "")
    request = ClarificationRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request_id)
    if request.answered_at is not None:
        raise Refusal(_("This question has an answer already."), code="already_answered")
    if not answer.strip():
        raise Invalid(_("Write the answer. “Not known, asked hh:mm” is one."), code="required", field="answer")
    request.answer, request.answered_at, request.answered_by = answer.strip(), now, person
    request.save(update_fields=["answer", "answered_at", "answered_by"])
    _take_answer(candidate, request)
    _announce(candidate)
    return request


def _lock_askable(reference: str) -> Candidate:
    found = Candidate.objects.select_for_update(no_key=True, of=("self",)).filter(reference=reference).first()
    if found is None or found.state not in ASKABLE_STATES:
        raise UnknownCandidate(_("There is no candidate %s.") % reference)
    return found


def _take_answer(candidate: Candidate, request: ClarificationRequest) -> None:
    name = request.field
    if name not in desk_facts.TEXT_FACTS or not unknown(getattr(candidate, name)):
        return
    limit = desk_facts.text_limit(name)
    setattr(candidate, name, request.answer if limit is None else request.answer[:limit])
    desk_facts.rescore(candidate)
    candidate.save(update_fields=[name, "intake_detail"])


def _announce(candidate: Candidate) -> None:
    nudge.live(reference=candidate.reference or "", kind="candidate", seq=candidate.pk, panels=["candidates"])
