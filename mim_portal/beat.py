"""Beat: ticks by Celery, and a clock of its own for when nobody hears the ticks.

Schedules live in memory, since every one of ours is a short interval. Beside them two daemon threads look at the
heartbeats in PostgreSQL, each on its own connection: one sweeps deadlines while the clock worker is silent, the other
then sends the notices. Redis may be gone, its port may swallow packets, the worker may be deaf: the clock runs.

    celery -A mim_portal beat -S mim_portal.beat:Scheduler --max-interval 1
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from celery import beat
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

CHECK_SECONDS = 0.5
_FOR_EVER = 2**31


class StandIn:
    """The two threads. `stand_in` and `send_notices` are what settings.CLOCK_STAND_IN and CLOCK_NOTICES name."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._has_swept = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to watch; the threads end with the process."""
        for target in (self._watch, self._deliver):
            thread = threading.Thread(target=target, name=target.__name__.strip("_"), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, seconds: float = 5.0) -> None:
        """End both threads and their connections."""
        self._stopped.set()
        self._has_swept.set()
        for thread in self._threads:
            thread.join(seconds)

    def _watch(self) -> None:
        tick = import_string(settings.CLOCK_STAND_IN)().tick

        def look() -> None:
            if tick():
                self._has_swept.set()

        self._repeat(look)

    def _deliver(self) -> None:
        send = import_string(settings.CLOCK_NOTICES)

        def deliver() -> None:
            if self._has_swept.is_set():
                self._has_swept.clear()
                send()

        self._repeat(deliver)

    def _repeat(self, work: Callable[[], Any]) -> None:
        """Every half second, whatever happens: a database that is away is asked again on a new connection."""
        while not self._stopped.wait(CHECK_SECONDS):
            try:
                work()
            except (DatabaseError, InterfaceError) as error:
                log.warning("beat's own clock: %s", str(error).strip().partition("\n")[0])
                connection.close()
            except Exception:
                log.exception("beat's own clock")
                connection.close()
        connection.close()


class Scheduler(beat.Scheduler):
    """Celery's scheduler without a file, with the stand-in started beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.stand_in = StandIn()
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Called when beat starts in earnest, not when Celery only asks what the schedule is."""
        super().setup_schedule()
        self.stand_in.start()

    def _ensure_connected(self) -> Any:
        """Once a second and for ever: when Redis is back, ticks go out at once."""

        def refused(error: Exception, _seconds: float) -> None:
            log.error("beat cannot reach Redis: %s", error)

        return self.connection.ensure_connection(
            refused, max_retries=_FOR_EVER, interval_start=1, interval_step=0, interval_max=1
        )

    def close(self) -> None:
        self.stand_in.stop()
        super().close()
