"""Beat: ticks by Celery, and a clock of its own for when nobody hears the ticks (mim_portal.standin).

Schedules live in memory, since every one of ours is a short interval.

    celery -A mim_portal beat -S mim_portal.beat:Scheduler --max-interval 1
"""

import logging
from typing import Any

from celery import beat

from mim_portal.standin import StandIn

log = logging.getLogger(__name__)


class Scheduler(beat.Scheduler):
    """Celery's scheduler without a file, with the stand-in started beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.stand_in = StandIn("beat")
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Called when beat starts in earnest, not when Celery only asks what the schedule is."""
        super().setup_schedule()
        self.stand_in.start()

    def _ensure_connected(self) -> Any:
        """Once a second and for ever (mim_portal.broker): when Redis is back, ticks go out at once."""

        def refused(error: Exception, _seconds: float) -> None:
            log.error("beat cannot reach Redis: %s", error)

        return self.connection.ensure_connection(refused)

    def close(self) -> None:
        self.stand_in.stop()
        super().close()
