"""Keeps the words that reviews are found by. They follow from the review and can be made again at any time."""

from django.db.models.expressions import RawSQL

from incidents.rules import finding
from reviews.models import Review
from reviews.queries import reviews as queries

MOST_WORDS = 20_000  # different words of one review; a vector holds a megabyte


def follow(review: Review) -> None:
    """In the transaction that changed the review, its factors or its actions."""
    incident = review.incident
    texts = [incident.reference, incident.external_ref, incident.title, incident.service.name]
    texts += [str(text) for text in review.sections.values()]
    for factor in queries.factors(review):
        texts += [factor.statement, factor.evidence_note]
    for action in queries.actions(review):
        texts += [action.title, action.done_means, action.measure]
    words = finding.words(*texts)[:MOST_WORDS]
    Review.objects.filter(pk=review.pk).update(words=RawSQL("array_to_tsvector(%s::text[])", [words]))
