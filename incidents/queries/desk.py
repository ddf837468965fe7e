"""What the desk's form and the candidate pages read."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Count, Q, QuerySet

from incidents.choices import LIVE_STATES, CandidateState
from incidents.models import Candidate, ClarificationRequest, Incident
from incidents.queries import visibility
from incidents.rules.intake_questions import QUESTIONS
from teams.models import Person, Service

SIMILAR_LIMIT = 5


def visible_candidates(person: Person | AnonymousUser) -> QuerySet[Candidate]:
    """Raised candidates, without those of an incident that the person may not see. Drafts are their author's alone."""
    hidden = Q(incident__is_private=True) & ~Q(incident__in=visibility.visible_incidents(person))
    return Candidate.objects.exclude(state=CandidateState.DRAFT).exclude(hidden).select_related("service", "incident")


def get(*, person: Person | AnonymousUser, reference: str) -> Candidate | None:
    """The candidate with this reference, where the person may see it."""
    return (
        visible_candidates(person)
        .filter(reference=reference)
        .select_related("service", "incident", "raised_by", "decided_by")
        .first()
    )


def waiting(found: QuerySet[Candidate]) -> list[Candidate]:
    """Undecided ones, the longest waiting first."""
    return list(found.filter(state=CandidateState.OPEN).select_related("raised_by").order_by("raised_at", "pk")[:200])


def decided(found: QuerySet[Candidate], *, limit: int = 50) -> list[Candidate]:
    """Those with an answer, the newest first; imported tickets that were never proposed stay out."""
    states = (CandidateState.ACCEPTED, CandidateState.MERGED, CandidateState.REJECTED)
    return list(found.filter(state__in=states).select_related("decided_by").order_by("-raised_at", "-pk")[:limit])


def open_draft(*, person: Person | AnonymousUser) -> Candidate | None:
    """The person's latest unfinished form."""
    return (
        Candidate.objects.filter(raised_by_id=person.pk, state=CandidateState.DRAFT)
        .select_related("service")
        .order_by("-created_at")
        .first()
    )


def facts(found: Candidate) -> list[tuple[str, str]]:
    """Question and answer, in the order of the form; unanswered ones are left out."""
    rows = [(question.question, _answer(found, question.code)) for question in QUESTIONS]
    return [(question, answer) for question, answer in rows if answer]


def similar_live(*, person: Person | AnonymousUser, service: Service | None, text: str) -> list[Incident]:
    """Live incidents of the same service or with the same words in their title, the likeliest first."""
    if service is None and not text.strip():
        return []
    live = visibility.visible_incidents(person).filter(state__in=sorted(LIVE_STATES)).select_related("service")
    words = " ".join(word for word in text.split() if len(word) > 3)[:200]
    same = Q(service=service) if service else Q(pk__in=[])
    if not words:
        return list(live.filter(same).order_by("-declared_at")[:SIMILAR_LIMIT])
    query = SearchQuery(words.replace(" ", " OR "), search_type="websearch", config="simple")
    vector = SearchVector("title", "reference", "external_ref", config="simple")
    ranked = live.annotate(found=vector, rank=SearchRank(vector, query)).filter(same | Q(found=query))
    return list(ranked.order_by("-rank", "-declared_at")[:SIMILAR_LIMIT])


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


def open_questions(incident: Incident) -> QuerySet[ClarificationRequest]:
    """What the desk was asked about the incident's reports and has not answered, the oldest first."""
    return (
        ClarificationRequest.objects.filter(candidate__incident=incident, answered_at=None)
        .select_related("candidate", "asked_by", "asked_of")
        .order_by("asked_at", "pk")
    )
