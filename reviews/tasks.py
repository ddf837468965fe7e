"""What the clock runs for the ledger."""

from celery import shared_task
from django.utils import timezone

from reviews.services import reminding, rolling_up
from reviews.services.suggesting import overdue, showing


@shared_task(name="reviews.tasks.sweep_unanswered_lapses")
def sweep_unanswered_lapses() -> int:
    """Pass unanswered suggestions on to the practice lead."""
    return showing.pass_on_unanswered(now=timezone.now())


@shared_task(name="reviews.tasks.sweep_overdue")
def sweep_overdue() -> int:
    """Suggest what learning itself did not keep: reviews, actions and plans past their day."""
    return len(overdue.suggest(now=timezone.now()))


@shared_task(name="reviews.tasks.remind_owners")
def remind_owners() -> int:
    """Mail owners of actions whose day comes or has passed."""
    return reminding.remind(now=timezone.now())


@shared_task(name="reviews.tasks.roll_up")
def roll_up() -> int:
    """Count again what changed of the measures."""
    return rolling_up.roll_up(now=timezone.now())
