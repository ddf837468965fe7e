"""What the clock runs for the ledger."""

from celery import shared_task
from django.utils import timezone

from reviews.services import suggestions


@shared_task(name="reviews.tasks.sweep_unanswered_lapses")
def sweep_unanswered_lapses() -> int:
    """Pass unanswered suggestions on to the practice lead."""
    return suggestions.pass_on_unanswered(now=timezone.now())
