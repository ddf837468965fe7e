"""The sweep that renders status pages."""

from celery import shared_task

from comms.services import snapshots


@shared_task(name="comms.tasks.sweep_snapshots", ignore_result=True)
def sweep_snapshots() -> None:
    """Ticked by beat, nudged by every publish."""
    snapshots.render_due()
