"""Questions back to the desk: proof that the manager asked instead of complaining."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import CANDIDATE_DECIDED_STATES, CandidateState, ClarificationChannel, EntryKind
from incidents.models import Candidate, ClarificationRequest, Incident
from incidents.rules import waiting
from incidents.rules.intake_questions import BY_CODE
from incidents.services import locking, timeline
from incidents.services.desk import desk_events, desk_facts
from incidents.services.desk.candidates import UnknownCandidate
from incidents.services.desk.desk_events import DeskEvent, DeskEventKind
from incidents.services.timeline import Entry
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person

# The desk is asked after acceptance too: accept first, ask second.
ASKABLE_STATES = frozenset({CandidateState.OPEN}) | CANDIDATE_DECIDED_STATES
_MOST_MOVES = 3


@transaction.atomic
def ask(
    *,
    reference: str,
    field: str,
    question: str,
    person: Person,
    now: datetime,
    asked_of: Person | None = None,
    asked_of_words: str = "",
    channel: str = ClarificationChannel.PORTAL,
) -> ClarificationRequest:
    """Ask for one fact: of a person, of somebody whom the desk reaches, or (neither given) of whoever raised it."""
    candidate = _lock_askable(reference)
    if not question.strip():
        raise Invalid(_("Write the question."), code="required", field="question")
    if channel not in ClarificationChannel.values:
        raise Invalid(_("Choose how you ask."), field="channel")
    request = ClarificationRequest(
        field=field.strip()[:40], question=question.strip()[:500], asked_of_words=asked_of_words.strip()[:120],
        asked_of=asked_of, channel=channel,
    )  # fmt: skip
    return _ask(candidate, [request], person=person, now=now)[0]


@transaction.atomic
def ask_for(*, reference: str, fields: Sequence[str], person: Person, now: datetime) -> list[ClarificationRequest]:
    """Ask for several facts at once in the question bank's own words; one that is asked already is not asked twice."""
    candidate = _lock_askable(reference)
    unknown = sorted(set(fields) - set(BY_CODE))
    if unknown:
        raise Invalid(_("There is no fact %s.") % ", ".join(unknown), field="fields")
    waits = set(candidate.clarifications.filter(answered_at=None).values_list("field", flat=True))
    wanted = [code for code in dict.fromkeys(fields) if code not in waits]
    if not wanted:
        raise Invalid(_("Choose what you want to know. What is asked already waits for its answer."), field="fields")
    requests = [ClarificationRequest(field=code, question=BY_CODE[code].question) for code in wanted]
    return _ask(candidate, requests, person=person, now=now)


def _ask(
    candidate: Candidate, requests: Sequence[ClarificationRequest], *, person: Person, now: datetime
) -> list[ClarificationRequest]:
    for request in requests:
        request.candidate, request.asked_by, request.asked_at = candidate, person, now
        if request.asked_of is None and not request.asked_of_words:
            request.asked_of = candidate.raised_by
    asked = ClarificationRequest.objects.bulk_create(requests)
    desk_events.announce(DeskEvent(kind=DeskEventKind.ASKED, candidates=[candidate], questions=asked))
    desk_events.changed(candidate)
    return asked


@transaction.atomic
def chase(*, request_id: int, person: Person, now: datetime) -> ClarificationRequest:
    """Ask again where five minutes have brought no answer; the question counts how often."""
    request = _find(request_id)
    candidate = _lock_askable(request.candidate.reference or "")
    request = _lock_unanswered(request_id)
    may_chase_from = waiting.may_chase_from(asked_at=request.asked_at, chased_at=request.chased_at)
    if now < may_chase_from:
        message = _("Give it until %s: then you can chase it.") % times.clock_time(may_chase_from)
        raise Refusal(message, code="too_early", extra={"from": times.iso(may_chase_from)})
    request.chased_at, request.chase_count = now, request.chase_count + 1
    request.save(update_fields=["chased_at", "chase_count"])
    desk_events.announce(DeskEvent(kind=DeskEventKind.CHASED, candidates=[candidate], questions=[request]))
    desk_events.changed(candidate)
    return request


@transaction.atomic
def answer(
    *, request_id: int, answer: str, person: Person, now: datetime, on_record: bool | None = None
) -> ClarificationRequest:
    """The desk's answer. `on_record` puts it on the record as the fact; not said, it does so where that was empty.

    After acceptance the answer also stands in the incident's timeline, where the manager now works.
    """
    request = _find(request_id)
    incident, candidate = _lock_with_incident(request.candidate.reference or "", person=person)
    request = _lock_unanswered(request_id)
    if not answer.strip():
        raise Invalid(_("Write the answer. “Not known, asked hh:mm” is one."), code="required", field="answer")
    request.answer, request.answered_at, request.answered_by = answer.strip(), now, person
    _take_answer(candidate, request, on_record=on_record)
    request.save(update_fields=["answer", "answered_at", "answered_by", "on_record", "replaced"])
    if incident is not None:
        data = {"candidate": candidate.reference, "question": request.question, "field": request.field}
        entry = Entry(
            kind=EntryKind.DESK_ANSWERED, at=now, actor_id=person.pk, text=request.answer,
            data=data | {"clarification": request.pk},
        )  # fmt: skip
        timeline.append(incident=incident, entries=[entry])
    desk_events.changed(candidate)
    return request


def _find(request_id: int) -> ClarificationRequest:
    request = ClarificationRequest.objects.select_related("candidate").filter(pk=request_id).first()
    if request is None:
        raise UnknownCandidate(_("There is no such question."))
    return request


def _lock_askable(reference: str) -> Candidate:
    found = (
        Candidate.objects.select_for_update(no_key=True, of=("self",))
        .select_related("incident", "raised_by")
        .filter(reference=reference)
        .first()
    )
    if found is None or found.state not in ASKABLE_STATES:
        raise UnknownCandidate(_("There is no candidate %s.") % reference)
    return found


def _lock_with_incident(reference: str, *, person: Person) -> tuple[Incident | None, Candidate]:
    """The incident first, as everywhere. A candidate that is decided in between is let go and locked again."""
    for _again in range(_MOST_MOVES):
        known = Candidate.objects.filter(reference=reference).values_list("incident_id", flat=True).first()
        point = transaction.savepoint()
        incident = locking.lock_by_id(known, person=person) if known is not None else None
        candidate = _lock_askable(reference)
        if candidate.incident_id == known:
            transaction.savepoint_commit(point)
            return incident, candidate
        transaction.savepoint_rollback(point)
    raise Refusal(_("It was decided at this moment. Send your answer again."), code="changed_meanwhile")


def _lock_unanswered(request_id: int) -> ClarificationRequest:
    request = ClarificationRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request_id)
    if request.answered_at is not None:
        raise Refusal(_("This question has an answer already."), code="already_answered")
    return request


def _take_answer(candidate: Candidate, request: ClarificationRequest, *, on_record: bool | None) -> None:
    wanted = desk_facts.is_unknown(candidate, request.field) if on_record is None else on_record
    before = desk_facts.put_on_record(candidate, request.field, request.answer) if wanted else None
    if before is None:
        if on_record:
            message = _("Begin with yes, no or not known, so that it can stand on the record.")
            if request.field != "safety_or_security":
                message = _("This cannot stand on the record as it is. Answer without putting it there.")
            raise Invalid(message, field="answer")
        return
    request.on_record, request.replaced = True, before
    names = ["service", "service_text"] if request.field == "service" else [request.field]
    candidate.save(update_fields=[*names, "intake_detail"])
