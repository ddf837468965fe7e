"""What the clock runs for the ledger."""

from celery import shared_task
from django.utils import timezone

from mim_portal.lib import dbtime
from reviews.services import forgetting, reminding, reporting, rolling_up, settling
from reviews.services.suggesting import overdue, published, showing


@shared_task(name="reviews.tasks.sweep_unanswered_lapses")
def sweep_unanswered_lapses() -> int:
    """Pass unanswered suggestions on to the practice lead."""
    return showing.pass_on_unanswered(now=timezone.now())


@shared_task(name="reviews.tasks.sweep_overdue")
def sweep_overdue() -> int:
    """Suggest what learning itself did not keep: reviews, actions and plans past their day, blame in what it says."""
    now = timezone.now()
    return len(overdue.suggest(now=now)) + len(published.suggest(now=now))


@shared_task(name="reviews.tasks.remind_owners")
def remind_owners() -> int:
    """Mail owners of actions whose day comes or has passed."""
    return reminding.remind(now=timezone.now())


@shared_task(name="reviews.tasks.roll_up")
def roll_up() -> int:
    """Count again what changed of the measures."""
    return rolling_up.roll_up(now=timezone.now())


@shared_task(name="reviews.tasks.forget_lapses")
def forget_lapses() -> int:
    """Leave a number of what is over for twelve months."""
    return forgetting.forget(now=dbtime.now())


@shared_task(name="reviews.tasks.settle_plans")
def settle_plans() -> int:
    """Say of watched plans that they held, or that it came back."""
    return settling.settle(now=dbtime.now())


@shared_task(name="reviews.tasks.send_report")
def send_report() -> int:
    """Mail the report of the last month, where it has not left yet."""
    return reporting.send(now=dbtime.now())
