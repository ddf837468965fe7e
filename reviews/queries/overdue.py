"""Reviews, actions, plans and feedback to the desk whose day has passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, Min, OuterRef

from incidents.models import Candidate, DeskFeedback
from incidents.rules import working_days
from reviews.choices import ActionState, LapseCode, LapseState, ReviewState
from reviews.models import ImprovementAction, PreventionPlan, Review
from reviews.rules.lapses import LOW_INTAKE, Clock

# What passed its day longer ago was suggested then, or lies before the portal followed it.
_FOLLOWED: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What is overdue, since which day; `addressee_id` where it is not the incident's manager."""

    kind: Clock
    incident_id: int
    source_key: str
    due_date: date
    addressee_id: int | None = None


def since(*, now: datetime) -> list[Overdue]:
    """Everything that passed its day in the last thirty days, with or without a row in the ledger; five queries."""
    today = now.date()
    first = today - _FOLLOWED
    return [
        *_reviews(first, today),
        *_actions(first, today),
        *_unmeasured(first, today),
        *_plans(first, today),
        *_desk(first, today),
    ]


def _reviews(first: date, today: date) -> Iterator[Overdue]:
    rows = Review.objects.filter(publish_due_date__gte=first, publish_due_date__lt=today)
    for pk, incident, due in rows.exclude(state=ReviewState.PUBLISHED).values_list(
        "pk", "incident", "publish_due_date"
    ):
        yield Overdue(kind=Clock.REVIEW, incident_id=incident, source_key=f"review:{pk}", due_date=due)


def _actions(first: date, today: date) -> Iterator[Overdue]:
    """The earliest of each review: ten late actions of one review are one habit."""
    rows = (
        ImprovementAction.objects.filter(state=ActionState.OPEN, due_date__gte=first, due_date__lt=today)
        .filter(review__isnull=False)
        .values("review", "review__incident")
        .annotate(due=Min("due_date"))
        .order_by("review")
    )
    for row in rows:
        key = f"review:{row['review']}:actions"
        yield Overdue(kind=Clock.ACTION, incident_id=row["review__incident"], source_key=key, due_date=row["due"])


def _unmeasured(first: date, today: date) -> Iterator[Overdue]:
    """Published reviews with an action that nobody can see to work; once for each, from the day after they were."""
    rows = (
        ImprovementAction.objects.filter(review__state=ReviewState.PUBLISHED, measure="")
        .filter(review__published_at__date__gte=first, review__published_at__date__lt=today)
        .exclude(state=ActionState.CANCELLED)
        .order_by("review")
        .values_list("review", "review__incident", "review__published_at")
        .distinct()
    )
    for review, incident, published_at in rows:
        if published_at is not None:
            key = f"review:{review}:measures"
            yield Overdue(kind=Clock.MEASURE, incident_id=incident, source_key=key, due_date=published_at.date())


def _plans(first: date, today: date) -> Iterator[Overdue]:
    """Only the newest plan of a lapse counts; a late plan for a late plan would never end."""
    newer = PreventionPlan.objects.filter(lapse=OuterRef("lapse"), pk__gt=OuterRef("pk"))
    rows = (
        PreventionPlan.objects.filter(~Exists(newer), in_place_at=None, due_date__gte=first, due_date__lt=today)
        .filter(lapse__state=LapseState.PLANNED)
        .exclude(lapse__code=LapseCode.L20)
        .values_list("pk", "lapse__incident", "due_date", "lapse__addressee")
    )
    for pk, incident, due, addressee in rows:
        yield Overdue(
            kind=Clock.PLAN, incident_id=incident, source_key=f"plan:{pk}", due_date=due, addressee_id=addressee
        )


def _desk(first: date, today: date) -> Iterator[Overdue]:
    """Weak hand-overs whose desk heard nothing within two working days after the incident was resolved."""
    rows = (
        Candidate.objects.filter(intake_score__lt=LOW_INTAKE, raised_by__isnull=False, incident__is_exercise=False)
        .filter(~Exists(DeskFeedback.objects.filter(incident=OuterRef("incident"))))
        .filter(incident__resolved_at__date__gte=first, incident__resolved_at__date__lt=today)
        .order_by("incident")
        .values_list("incident", "incident__resolved_at")
        .distinct()
    )
    for incident, resolved_at in rows:
        if incident is None or resolved_at is None:
            continue
        due = working_days.one_later(working_days.one_later(resolved_at)).date()
        if due < today:
            yield Overdue(kind=Clock.DESK, incident_id=incident, source_key=f"incident:{incident}:desk", due_date=due)
