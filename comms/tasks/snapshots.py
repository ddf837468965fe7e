"""The sweep that renders status pages."""

import logging

from celery import shared_task
from django.conf import settings

from comms.services import snapshots, status_copies
from mim_portal.lib import dbtime

log = logging.getLogger(__name__)


@shared_task(name="comms.tasks.sweep_snapshots", ignore_result=True)
def sweep_snapshots() -> None:
    """Ticked by beat, nudged by every publish."""
    snapshots.render_due()


@shared_task(name="comms.tasks.copy_status", ignore_result=True)
def copy_status() -> None:
    """Bring STATUS_COPY_DIR to what is public now; ticked by beat, nothing to do where it is not set."""
    if settings.STATUS_COPY_DIR is None:
        return
    try:
        status_copies.write(settings.STATUS_COPY_DIR, now=dbtime.now())
    except OSError as error:  # the pages themselves go on
        log.error("the copy of the status pages could not be written: %s", error)
