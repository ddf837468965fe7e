"""A clock of its own for every process that must not depend on another one: beat, and each clock worker.

Two daemon threads look at the heartbeats in PostgreSQL, each on its own connection: one sweeps deadlines while nobody
else does, the other then lets scheduled updates leave and sends the notices. Redis may be gone, its port may swallow
packets, the worker may be deaf, beat may be dead: as long as one of them lives, the clock runs.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

CHECK_SECONDS = 0.5


class StandIn:
    """The two threads. `stand_in` and `send_notices` are what settings.CLOCK_STAND_IN and CLOCK_NOTICES name."""

    def __init__(self, part: str) -> None:
        self._part = part  # the process in which it lives, as its heartbeat names it
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
        tick = import_string(settings.CLOCK_STAND_IN)(self._part).tick

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
                log.warning("%s's own clock: %s", self._part, str(error).strip().partition("\n")[0])
                connection.close()
            except Exception:
                log.exception("%s's own clock", self._part)
                connection.close()
        connection.close()
