"""Planned maintenance begins and ends by the clock, and series are announced ahead."""

from celery import shared_task
from django.utils import timezone

from comms.services.maintenance import reminders, series, windows


@shared_task(name="comms.tasks.sweep_maintenance", ignore_result=True)
def sweep_maintenance() -> None:
    """Ticked by beat; safe to run twice, safe to skip."""
    windows.run_due()


@shared_task(name="comms.tasks.sweep_reminders", ignore_result=True)
def sweep_reminders() -> None:
    """Ticked by beat; safe to run twice, safe to skip."""
    reminders.run_due()


@shared_task(name="comms.tasks.sweep_series", ignore_result=True)
def sweep_series() -> None:
    """Ticked by beat each hour."""
    series.extend_all(now=timezone.now())
