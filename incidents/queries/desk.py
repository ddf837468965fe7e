"""What the desk's form and the candidate pages read."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from incidents.choices import CandidateState
from incidents.models import Candidate, ClarificationRequest, Incident
from incidents.queries import visibility
from incidents.rules.intake_questions import QUESTIONS
from mim_portal.lib import prepared
from teams.models import Person

DRAFTS_SHOWN = 5
DECIDED_SHOWN = 20


def visible_candidates(person: Person | AnonymousUser) -> QuerySet[Candidate]:
    """Raised candidates, without those of an incident that the person may not see. Drafts are their author's alone."""
    return _without_hidden(visibility.visible_incidents(person))


def _without_hidden(visible: QuerySet[Incident]) -> QuerySet[Candidate]:
    hidden = Q(incident__is_private=True) & ~Q(incident__in=visible)
    return Candidate.objects.exclude(state=CandidateState.DRAFT).exclude(hidden).select_related("service", "incident")


def get(*, person: Person | AnonymousUser, reference: str) -> Candidate | None:
    """The candidate with this reference, where the person may see it."""
    return (
        visible_candidates(person)
        .filter(reference=reference)
        .select_related("service", "incident", "raised_by", "decided_by")
        .first()
    )


def waiting(person: Person | AnonymousUser) -> list[Candidate]:
    """Undecided ones, the longest waiting first."""
    return _waiting(person=person) if visibility.sees_any(person) else list(_undecided(visible_candidates(person)))


def ask_waiting(person: Person) -> prepared.Ask:
    """What `waiting` asks, to be asked together with more."""
    return _waiting.ask(person=person)


@prepared.query
def _waiting(*, person: int) -> QuerySet[Candidate]:
    return _undecided(_without_hidden(visibility.visible_to(person)))


def _undecided(found: QuerySet[Candidate]) -> QuerySet[Candidate]:
    return found.filter(state=CandidateState.OPEN).select_related("raised_by").order_by("raised_at", "pk")[:200]


def numbered(person: Person | AnonymousUser, text: str, *, limit: int = 20) -> list[Candidate]:
    """Those with this reference, or with this ticket's number elsewhere; several may come from one ticket."""
    wanted = text.strip()
    found = visible_candidates(person).filter(Q(reference__iexact=wanted) | Q(external_ref=wanted))
    return list(found.select_related("service", "incident").order_by("-raised_at", "-pk")[:limit]) if wanted else []


def decided(person: Person | AnonymousUser) -> list[Candidate]:
    """Those with an answer, the newest first; imported tickets that were never proposed stay out."""
    return _decided(person=person) if visibility.sees_any(person) else list(_answered(visible_candidates(person)))


@prepared.query
def _decided(*, person: int) -> QuerySet[Candidate]:
    return _answered(_without_hidden(visibility.visible_to(person)))


def _answered(found: QuerySet[Candidate]) -> QuerySet[Candidate]:
    states = (CandidateState.ACCEPTED, CandidateState.MERGED, CandidateState.REJECTED)
    answered = found.filter(state__in=states).select_related("decided_by")
    return answered.order_by("-raised_at", "-pk")[:DECIDED_SHOWN]


def drafts(*, person: Person | AnonymousUser) -> list[Candidate]:
    """The person's unfinished forms, the one that was typed in last first."""
    return _drafts(person=person.pk) if person.pk is not None else []


@prepared.query
def _drafts(*, person: int) -> QuerySet[Candidate]:
    found = Candidate.objects.filter(raised_by=person, state=CandidateState.DRAFT).select_related("service")
    return found.order_by("-saved_at", "-id")[:DRAFTS_SHOWN]


def draft(*, person: Person | AnonymousUser, draft_id: int) -> Candidate | None:
    """One of the person's own unfinished forms."""
    return Candidate.objects.filter(pk=draft_id, raised_by_id=person.pk, state=CandidateState.DRAFT).first()


def facts(found: Candidate) -> list[tuple[str, str]]:
    """The short question and its answer, in the order of the form; unanswered ones are left out."""
    rows = [(question.short, _answer(found, question.code)) for question in QUESTIONS]
    return [(short[:1].upper() + short[1:], answer) for short, answer in rows if answer]


def _answer(found: Candidate, code: str) -> str:
    if code == "service":
        return found.service.name if found.service else found.service_text
    if code == "safety_or_security":
        return found.get_safety_or_security_display() if found.safety_or_security else ""
    return str(getattr(found, code))


def raised_lately(person: Person | AnonymousUser, *, limit: int = 15) -> list[Candidate]:
    """What the person raised, newest first, with questions that wait for an answer counted."""
    waiting_questions = Count("clarifications", filter=Q(clarifications__answered_at=None))
    return list(
        visible_candidates(person)
        .filter(raised_by_id=person.pk)
        .annotate(questions=waiting_questions)
        .order_by("-raised_at", "-pk")[:limit]
    )


@prepared.query
def open_questions(*, incident: int) -> QuerySet[ClarificationRequest]:
    """What the desk was asked about the incident's reports and has not answered, the oldest first."""
    return (
        ClarificationRequest.objects.filter(candidate__incident=incident, answered_at=None)
        .select_related("candidate", "asked_by", "asked_of")
        .order_by("asked_at", "pk")
    )


def questions_for(person: Person) -> QuerySet[ClarificationRequest]:
    """What managers asked about the candidates that this person raised, the longest waiting first."""
    return (
        ClarificationRequest.objects.filter(candidate__in=visible_candidates(person).filter(raised_by=person))
        .filter(answered_at=None)
        .select_related("candidate", "asked_by")
        .order_by("asked_at", "pk")
    )
