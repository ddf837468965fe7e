"""What the clock asks of incidents."""

from celery import shared_task

from incidents.services import dispatch


@shared_task(name="incidents.tasks.sweep_timeline")
def sweep_timeline() -> int:
    """Pass new timeline entries on to their readers; returns how many rows are finished."""
    return dispatch.sweep().finished
