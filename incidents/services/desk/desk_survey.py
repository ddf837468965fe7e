"""How it went for the desk: three answers and a line of whoever raised the incident, by a link (domain.md 5.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.models import Candidate, DeskRating, FeedbackRequest, Incident
from incidents.queries import visibility
from incidents.services import locking
from incidents.services.desk import desk_words
from incidents.services.desk.desk_feedback import AFTER
from incidents.services.work import feedback
from mim_portal.lib.refusals import Invalid, Refusal
from teams.choices import DESK_ROLES
from teams.models import Person

QUESTIONS: Final = DeskRating.QUESTIONS


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whom to ask about which incident, and the link that answers."""

    incident: Incident
    person: Person
    link: str


@transaction.atomic
def ask(*, incident_ids: Iterable[int], now: datetime) -> list[Asked]:
    """Whoever of the desk raised an incident is asked once; exercises ask nobody, and nobody is asked twice a week.

    Safe to repeat.
    """
    found: list[Asked] = []
    for incident, person in _raisers(incident_ids):
        may_see = visibility.visible_incidents(person).filter(pk=incident.pk)
        if feedback.is_asked_lately(person, now=now) or is_given(incident, person) or not may_see.exists():
            continue
        made, is_new = FeedbackRequest.objects.get_or_create(
            incident=incident, defaults={"person": person, "asked_at": now}
        )
        if is_new:
            found.append(Asked(incident=incident, person=person, link=feedback.link(made)))
    return found


def is_given(incident: Incident, person: Person) -> bool:
    """Whether the person has answered all of it."""
    return DeskRating.objects.filter(
        incident=incident, person=person, told_what_was_needed__isnull=False, glad_to_work_again__isnull=False
    ).exists()


@transaction.atomic
def give(*, request_id: int, answers: Mapping[str, int], line: str, now: datetime) -> DeskRating:
    """Once, by whoever was asked: the link is their authority. An answer from the incident's page is completed."""
    request = FeedbackRequest.objects.select_related("person").get(pk=request_id)
    assert request.incident_id is not None
    incident = locking.lock_by_id(request.incident_id)
    if incident.state not in AFTER:
        raise Refusal(_("Feedback comes when the incident is resolved."), code="not_resolved")
    wrong = next((name for name in QUESTIONS if answers.get(name) not in feedback.RATINGS), None)
    if wrong is not None:
        raise Invalid(_("Choose 1 to 5."), field=wrong)
    if is_given(incident, request.person):
        raise Refusal(_("Your answer is here already. Thank you."), code="already_given")
    desk_words.check({"line": line})
    values = {**{name: answers[name] for name in QUESTIONS}, "line": line.strip()[:300], "given_at": now}
    rating, _is_new = DeskRating.objects.update_or_create(incident=incident, person=request.person, defaults=values)
    return rating


def _raisers(incident_ids: Iterable[int]) -> Iterable[tuple[Incident, Person]]:
    """By incident, who raised it first, where they are of the desk and can be reached."""
    rows = Candidate.objects.filter(
        incident__in=list(incident_ids),
        incident__is_exercise=False,
        raised_by__is_active=True,
        raised_by__roles__overlap=list(DESK_ROLES),
    ).exclude(raised_by__email="")
    asked = FeedbackRequest.objects.filter(incident__isnull=False).values("incident")
    first: dict[int, tuple[Incident, Person]] = {}
    for row in rows.exclude(incident__in=asked).select_related("incident", "raised_by").order_by("raised_at", "pk"):
        if row.incident is not None and row.raised_by is not None:
            first.setdefault(row.incident.pk, (row.incident, row.raised_by))
    return first.values()
