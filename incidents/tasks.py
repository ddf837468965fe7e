"""What the clock asks of incidents."""

from celery import shared_task

from incidents.services import dispatch
from incidents.services.desk import waiting


@shared_task(name="incidents.tasks.sweep_timeline")
def sweep_timeline() -> int:
    """Pass new timeline entries on to their readers; returns how many rows are finished."""
    return dispatch.sweep().finished


@shared_task(name="incidents.tasks.sweep_candidates")
def sweep_candidates() -> int:
    """Alarm for candidates that nobody has decided for ten minutes; returns how many."""
    return waiting.sweep()
