"""What waits for a decision: for how long, for whom, and what would help to decide it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Min, Q, QuerySet

from incidents.choices import CandidateState
from incidents.models import Candidate, ClarificationRequest
from incidents.queries import desk
from incidents.rules import waiting
from incidents.rules.intake_questions import BY_CODE, Question
from mim_portal.lib import prepared
from teams.choices import Role
from teams.models import Person
from teams.queries import calling

SHOWN_MISSING = 2
_TOTALS = {
    "first_asked_at": Min("asked_at"),
    "open": Count("pk", filter=Q(answered_at=None)),
    "last_answered_at": Max("answered_at"),
}


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """A question that waits for the desk."""

    request: ClarificationRequest
    may_chase_from: datetime
    may_chase: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One candidate of the queue."""

    candidate: Candidate
    stage: str
    next_change_at: datetime | None
    missing: Sequence[Question]
    prompts: Sequence[Question]  # what to ask now, with one click; empty where nothing is due
    asked: waiting.Asked
    declares_from: datetime | None  # the desk lead; none while the desk owes an answer
    open_questions: Sequence[OpenQuestion] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class OnShift:
    """Whom a candidate reaches now; `from_rota` is false where nobody is on shift and every manager is told."""

    people: Sequence[Person]
    from_rota: bool


def queue(person: Person | AnonymousUser, *, now: datetime) -> list[Waiting]:
    """Everything that waits, the oldest first, with its questions; two reads whatever the number."""
    return describe(desk.waiting(person), now=now)


def describe(candidates: Iterable[Candidate], *, now: datetime) -> list[Waiting]:
    """The same for given candidates, in their order; one read for their questions."""
    rows = list(candidates)
    asked: dict[int, list[ClarificationRequest]] = {row.pk: [] for row in rows}
    for request in _questions(candidates=[row.pk for row in rows]):
        asked[request.candidate_id].append(request)
    return [_described(row, asked[row.pk], now=now) for row in rows]


@prepared.query
def _questions(*, candidates: list[int]) -> QuerySet[ClarificationRequest]:
    found = ClarificationRequest.objects.filter(candidate__in=candidates).select_related("asked_of", "asked_by")
    return found.order_by("asked_at", "pk")


def _described(candidate: Candidate, requests: Sequence[ClarificationRequest], *, now: datetime) -> Waiting:
    raised_at = candidate.raised_at or candidate.created_at
    unanswered = [request for request in requests if request.answered_at is None]
    answers = [request.answered_at for request in requests if request.answered_at is not None]
    missing = missing_of(candidate)
    asked = waiting.Asked(
        first_asked_at=requests[0].asked_at if requests else None,
        open=len(unanswered),
        last_answered_at=max(answers, default=None),
    )
    declares_from = waiting.lead_declares_from(raised_at=raised_at, asked=asked)
    return Waiting(
        candidate=candidate,
        stage=waiting.stage(raised_at=raised_at, now=now),
        next_change_at=_next_change_at(raised_at, unanswered, declares_from, now=now),
        missing=missing,
        prompts=_prompts(candidate, missing, requests),
        asked=asked,
        declares_from=declares_from,
        open_questions=[open_question(request, now=now) for request in unanswered],
    )


def missing_of(candidate: Candidate) -> list[Question]:
    """What is not known, the most helpful first."""
    codes = [str(item.get("code")) for item in candidate.intake_detail.get("missing") or ()]
    return [BY_CODE[code] for code in codes if code in BY_CODE]


def _prompts(
    candidate: Candidate, missing: Sequence[Question], requests: Sequence[ClarificationRequest]
) -> list[Question]:
    """The first two missing facts where the record has a gap that matters and nobody has asked for anything yet."""
    if requests or candidate.state != CandidateState.OPEN:
        return []
    detail = candidate.intake_detail.get("now") or {}
    score = detail.get("score", candidate.intake_score)
    capped_at = detail["capped_at"] if "capped_at" in detail else candidate.intake_detail.get("capped_at")
    return list(missing[:SHOWN_MISSING]) if waiting.needs_asking(score=score, capped_at=capped_at) else []


def _next_change_at(
    raised_at: datetime, unanswered: Sequence[ClarificationRequest], declares_from: datetime | None, *, now: datetime
) -> datetime | None:
    """When the page says something else without anybody doing anything."""
    moments = [waiting.may_chase_from(asked_at=one.asked_at, chased_at=one.chased_at) for one in unanswered]
    stage_at = waiting.next_stage_at(raised_at=raised_at, now=now)
    return min((at for at in (stage_at, declares_from, *moments) if at is not None and at > now), default=None)


def open_question(request: ClarificationRequest, *, now: datetime) -> OpenQuestion:
    """From when it may be chased."""
    from_ = waiting.may_chase_from(asked_at=request.asked_at, chased_at=request.chased_at)
    return OpenQuestion(request=request, may_chase_from=from_, may_chase=now >= from_)


def asked(candidate: Candidate) -> waiting.Asked:
    """The questions of one candidate, counted."""
    return waiting.Asked(**candidate.clarifications.aggregate(**_TOTALS))


def lead_declares_from(candidate: Candidate) -> datetime | None:
    """From when the desk lead may declare it; None while the desk owes an answer."""
    raised_at = candidate.raised_at or candidate.created_at
    return waiting.lead_declares_from(raised_at=raised_at, asked=asked(candidate))


def on_shift(*, now: datetime) -> OnShift:
    """The managers whom the desk reaches now."""
    people = calling.on_shift(Role.INCIDENT_MANAGER, at=now)
    if people:
        return OnShift(people=people, from_rota=True)
    return OnShift(people=_managers(), from_rota=False)


@prepared.query
def _managers() -> QuerySet[Person]:
    return Person.objects.with_role(Role.INCIDENT_MANAGER)
