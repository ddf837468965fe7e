"""The language of what was sent unread is read as soon as the checker answers."""

from celery import shared_task
from django.utils import timezone

from comms.services.writing import rechecks


@shared_task(name="comms.tasks.deliver_rechecks")
def deliver_rechecks() -> None:
    """Ticked by beat; safe to run twice, safe to skip."""
    rechecks.recheck(now=timezone.now())
