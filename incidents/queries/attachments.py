"""Files, where the person may see what they belong to."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from incidents.choices import CandidateState
from incidents.models import Attachment, Candidate, Incident
from incidents.queries import desk, visibility
from mim_portal.lib import prepared
from teams.models import Person


def visible(person: Person | AnonymousUser) -> QuerySet[Attachment]:
    """Files of incidents and candidates that the person may see, and of their own drafts; removed ones are gone."""
    own_draft = Q(candidate__state=CandidateState.DRAFT, candidate__raised_by_id=person.pk)
    of_candidate = Q(candidate__in=desk.visible_candidates(person))
    of_incident = Q(incident__in=visibility.visible_incidents(person))
    found = Attachment.objects.filter(removed_at=None).filter(of_incident | of_candidate | own_draft)
    return found.select_related("uploaded_by", "candidate")


def of_incident(incident: Incident | int) -> QuerySet[Attachment]:
    """The incident's own files and those of the candidates that came to it, the oldest first."""
    found = Attachment.objects.filter(Q(incident=incident) | Q(candidate__incident=incident), removed_at=None)
    return found.select_related("uploaded_by", "candidate").order_by("uploaded_at", "pk")


@prepared.query
def in_room(*, incident: int) -> QuerySet[Attachment]:
    """The same for the room."""
    return of_incident(incident)


def of_candidate(candidate: Candidate) -> QuerySet[Attachment]:
    """The files of a candidate or a draft, the oldest first."""
    found = Attachment.objects.filter(candidate=candidate, removed_at=None)
    return found.select_related("uploaded_by", "candidate").order_by("uploaded_at", "pk")
