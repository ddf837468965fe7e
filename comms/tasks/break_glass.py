"""Each minute, on the clock's queue."""

import logging

from celery import shared_task
from django.conf import settings

from comms.services import break_glass
from mim_portal.lib import dbtime

log = logging.getLogger(__name__)


@shared_task(name="comms.tasks.sweep_break_glass", ignore_result=True)
def sweep_break_glass() -> None:
    """Safe to run twice: files are replaced as a whole. A full disk is one line in the log, tried again in a minute."""
    try:
        break_glass.write(folder=settings.BREAK_GLASS_DIR, now=dbtime.now())
    except OSError as error:
        log.error("break-glass briefs not written: %s", error)
