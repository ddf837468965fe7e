"""What is kept of subscribers no longer than it is of use."""

from celery import shared_task
from django.utils import timezone

from comms.services.subscriptions import forgetting


@shared_task(name="comms.tasks.forget_subscriptions", ignore_result=True)
def forget_subscriptions() -> None:
    """Ticked by beat each hour; safe to run twice, safe to skip."""
    forgetting.forget(now=timezone.now())
