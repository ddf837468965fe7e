"""The clock's ticks."""

import logging

from celery import shared_task

from comms.services import heartbeats
from comms.services.promises import repair, sweep

log = logging.getLogger(__name__)


@shared_task(name="comms.tasks.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> None:
    """Twice a second: take every step that is due."""
    sweep.sweep_deadlines(by=heartbeats.this_process("clock"))


@shared_task(name="comms.tasks.sweep_missing_deadlines", ignore_result=True)
def sweep_missing_deadlines() -> None:
    """Every few seconds: an audience that is owed updates and has no open deadline gets one, and we hear of it."""
    scan = repair.sweep_missing_deadlines(after=_place.after)
    _place.after = scan.go_on_after
    for repaired in scan.repaired:
        log.error("incident %s owed %s an update without a deadline", repaired.reference, repaired.audience)


class _Place:
    """Where this process goes on looking; losing it costs a round."""

    after = 0


_place = _Place()
