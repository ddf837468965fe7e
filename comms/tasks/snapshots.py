"""The sweep that renders status pages."""

import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from celery import shared_task
from django.db import transaction

from comms.adapters import places
from comms.queries.pages import copies
from comms.services import heartbeats, snapshots, status_copies
from mim_portal.lib import alone, dbtime

log = logging.getLogger(__name__)
ADVISORY_LOCK: Final = 0x6D696D21
# A store that answers nothing at all for so long is given up, and the next tick goes on.
SILENT: Final = timedelta(minutes=2)


@shared_task(name="comms.tasks.sweep_snapshots", ignore_result=True)
def sweep_snapshots() -> None:
    """Ticked by beat, nudged by every publish."""
    snapshots.render_due()


@shared_task(name="comms.tasks.copy_status", ignore_result=True)
def copy_status() -> None:
    """Bring STATUS_COPY_DIR and STATUS_COPY_S3 to what is public now; ticked by beat, nothing to do without them.

    One worker at a time: with two, the older of two copies could be the one that stays.
    """
    for name, target in copies.targets():
        with transaction.atomic(), alone.only_one(lock=ADVISORY_LOCK, silent=SILENT) as is_ours:
            if is_ours:
                _copy(name, target)


def _copy(name: str, target: Path | str) -> None:
    started = time.monotonic()
    try:
        status_copies.write(places.of(target), now=dbtime.now())
    except OSError as error:  # the pages themselves go on, and the next tick tries again
        log.error("the copy of the status pages in %s could not be written: %s", target, error)
        return
    took_ms = (time.monotonic() - started) * 1000
    heartbeats.beat(name=name, took_ms=took_ms, by=heartbeats.this_process("worker"))
