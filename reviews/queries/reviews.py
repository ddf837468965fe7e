"""Reviews that a person may see, and what belongs to one."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from incidents.choices import EntryKind
from incidents.models import TimelineEntry
from incidents.queries import visibility
from mim_portal.lib import times
from reviews.choices import OPEN_ACTIONS
from reviews.models import ContributingFactor, ImprovementAction, Review
from teams.models import Person
from teams.rules import roles

# What a review's timeline shows until somebody chooses.
KEY_KINDS = frozenset(
    {
        EntryKind.DECLARED,
        EntryKind.STATE_CHANGED,
        EntryKind.REOPENED,
        EntryKind.PRIORITY_CHANGED,
        EntryKind.IMPACT_STATED,
        EntryKind.IMPACT_REVISED,
        EntryKind.HANDOVER_ACCEPTED,
        EntryKind.TAKEOVER,
        EntryKind.ENGAGEMENT_ASKED,
        EntryKind.ENGAGEMENT_JOINED,
        EntryKind.ENGAGEMENT_USEFUL_ACTION,
        EntryKind.DECISION,
        EntryKind.UPDATE_PUBLISHED,
        EntryKind.UPDATE_CORRECTED,
        EntryKind.DEADLINE_MISSED,
    }
)
KEY_LIMIT = 200


def visible_reviews(person: Person | AnonymousUser) -> QuerySet[Review]:
    """Reviews of incidents that the person may see; executives read what was published to them, not these."""
    if not isinstance(person, Person) or not person.has_role(*roles.REVIEW_READERS):
        return Review.objects.none()
    return Review.objects.filter(incident__in=visibility.visible_incidents(person)).select_related(
        "incident__service", "facilitator", "signed_off_by"
    )


def with_counts(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """For lists: `factor_count`, `action_count` and `open_action_count`, counted apart."""
    return reviews.annotate(
        factor_count=Count("factors", distinct=True),
        action_count=Count("actions", distinct=True),
        open_action_count=Count("actions", filter=Q(actions__state__in=OPEN_ACTIONS), distinct=True),
    )


def get(reference: str, person: Person | AnonymousUser) -> Review | None:
    """The review of the incident with this reference, where it exists for the person."""
    return visible_reviews(person).filter(incident__reference=reference).first()


def factors(review: Review) -> list[ContributingFactor]:
    """In the order that people gave them."""
    return list(review.factors.select_related("control_owner").order_by("position", "pk"))


def factor(review: Review, factor_id: int) -> ContributingFactor | None:
    """One of them."""
    return review.factors.select_related("control_owner").filter(pk=factor_id).first()


def actions(review: Review) -> list[ImprovementAction]:
    """By due date."""
    return list(review.actions.select_related("owner", "factor").order_by("due_date", "pk"))


def visible_actions(person: Person | AnonymousUser) -> QuerySet[ImprovementAction]:
    """Actions of the reviews that the person may see."""
    return ImprovementAction.objects.filter(review__in=visible_reviews(person).values("pk")).select_related(
        "owner", "review__incident"
    )


def visible_factors(person: Person | AnonymousUser) -> QuerySet[ContributingFactor]:
    """Factors of the reviews that the person may see."""
    return ContributingFactor.objects.filter(review__in=visible_reviews(person).values("pk"))


def chosen_entries(review: Review) -> Sequence[TimelineEntry]:
    """The entries that the review shows: the chosen ones, or the key ones while nobody has chosen."""
    entries = TimelineEntry.objects.filter(incident=review.incident_id).order_by("at", "seq")
    if review.timeline_entries:
        return list(entries.filter(pk__in=review.timeline_entries))
    return list(entries.filter(kind__in=KEY_KINDS)[:KEY_LIMIT])


def entries_after(review: Review, *, seq: int, limit: int) -> list[TimelineEntry]:
    """A page of the whole timeline, to choose from."""
    entries = TimelineEntry.objects.filter(incident=review.incident_id, seq__gt=seq)
    return list(entries.order_by("seq")[:limit])


def facet(incident_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """For the API's incidents: when the review was published, one query for a page (settings.INCIDENT_FACETS)."""
    rows = Review.objects.filter(incident__in=list(incident_ids)).values_list("incident_id", "published_at")
    published = dict(rows)
    return {
        pk: {"review_published_at": times.iso(at) if (at := published.get(pk)) is not None else None}
        for pk in incident_ids
    }
