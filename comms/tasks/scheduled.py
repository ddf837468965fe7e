"""What a person approved for a time leaves at that time, on the clock's queue."""

from celery import shared_task

from comms.services.writing import scheduling


@shared_task(name="comms.tasks.sweep_scheduled", ignore_result=True)
def sweep_scheduled() -> None:
    """Ticked by beat; safe to run twice, safe to skip."""
    scheduling.send_due()
