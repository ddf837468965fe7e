"""Published reviews that pass blame: words that came in after they were signed off, or that no rule knew then."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from reviews.choices import LapseCode, ReviewState
from reviews.models import ContributingFactor, ImprovementAction, Lapse, Review
from reviews.rendering import blame
from reviews.rules import messages
from reviews.services.suggesting import making
from reviews.services.suggesting.making import Found

_FOLLOWED: Final = timedelta(days=30)
_AT_ONCE: Final = 100


@transaction.atomic
def suggest(*, now: datetime) -> list[Lapse]:
    """L11 once for each review that was published in the last thirty days. What its authors decided to keep is none."""
    recent = Review.objects.filter(state=ReviewState.PUBLISHED, published_at__gt=now - _FOLLOWED)
    reviews = {_key(row): row for row in recent.order_by("-published_at", "-pk")[:_AT_ONCE]}
    asked = Lapse.objects.filter(code=LapseCode.L11, source_key__in=reviews).values_list("source_key", flat=True)
    for key in list(asked):
        del reviews[key]
    factors: dict[int, list[ContributingFactor]] = {}
    for factor in ContributingFactor.objects.filter(review__in=reviews.values()):
        factors.setdefault(factor.review_id, []).append(factor)
    actions: dict[int | None, list[ImprovementAction]] = {}
    for action in ImprovementAction.objects.filter(review__in=reviews.values()):
        actions.setdefault(action.review_id, []).append(action)
    found = []
    for key, review in reviews.items():
        parts = blame.texts(review, factors.get(review.pk, []), actions.get(review.pk, []))
        suggestion = None
        if review.published_at is not None:
            suggestion = messages.from_review(published_at=review.published_at, blames=_blames(review, parts))
        if suggestion is not None:
            found.append(Found(incident_id=review.incident_id, source_key=key, suggestion=suggestion))
    return making.make(found, now=now)


def _blames(review: Review, parts: dict[str, tuple[str, str]]) -> int:
    """Findings that would stop it today and that nobody gave a reason for."""
    return sum(remark.blocks for remark in blame.remarks(parts, review.lint_overrides))


def _key(review: Review) -> str:
    return f"review:{review.pk}"
