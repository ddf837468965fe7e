"""Beat: ticks by Celery, and a clock of its own for when nobody hears the ticks (mim_portal.standin).

Schedules live in memory, since every one of ours is a short interval. While no worker runs, ticks do not pile up: a
queue is filled to a number, not for a time, because a tick that names its end is judged by two clocks, and a worker
whose clock is right throws away everything that a beat with a wrong one sends.

    celery -A mim_portal beat -S mim_portal.beat:Scheduler --max-interval 1
"""

import logging
from typing import Any, cast

import redis
from celery import beat
from celery.schedules import schedule

from mim_portal.standin import StandIn

log = logging.getLogger(__name__)

# Messages that may wait in a queue before beat leaves out its frequent ticks: a worker does so many in about a second,
# since a sweep that has nothing to do is cheap. What comes once a minute or less is never left out.
WAITING_AT_MOST = 100
SELDOM_SECONDS = 60.0


class Scheduler(beat.Scheduler):
    """Celery's scheduler without a file, with the stand-in started beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.stand_in = StandIn("beat")
        super().__init__(*args, **kwargs)
        # Not by Celery's connection, whose channel waits for a lost Redis with a pause that grows.
        self.redis = redis.Redis.from_url(self.app.conf.broker_url, socket_timeout=1, socket_connect_timeout=1)

    def setup_schedule(self) -> None:
        """Called when beat starts in earnest, not when Celery only asks what the schedule is."""
        super().setup_schedule()
        self.stand_in.start()

    def apply_entry(self, entry: beat.ScheduleEntry, producer: Any = None) -> None:
        """Send the tick, unless enough waits where it would go."""
        if not self._is_full(entry):
            super().apply_entry(entry, producer=producer)

    def _is_full(self, entry: beat.ScheduleEntry) -> bool:
        if not isinstance(entry.schedule, schedule) or entry.schedule.run_every.total_seconds() >= SELDOM_SECONDS:  # type: ignore[attr-defined]
            return False
        queue = self.app.amqp.router.route(entry.options or {}, entry.task or "")["queue"]
        try:
            waiting = cast("int", self.redis.llen(queue.name))
        except redis.RedisError:
            return False  # sending looks for Redis, and says that it is away
        return waiting >= WAITING_AT_MOST

    def _ensure_connected(self) -> Any:
        """Once a second and for ever (mim_portal.broker): when Redis is back, ticks go out at once."""

        def refused(error: Exception, _seconds: float) -> None:
            log.error("beat cannot reach Redis: %s", error)

        return self.connection.ensure_connection(refused)

    def close(self) -> None:
        self.stand_in.stop()
        super().close()
