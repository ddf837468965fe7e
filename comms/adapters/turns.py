"""Turns at a server that can be slow: a few callers at once, a short queue, and nobody waits for one that is silent."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

AT_ONCE: Final = 4  # of the eight threads that a web process has
WAIT_SECONDS: Final = 2.0  # how long a caller stands in the queue
SLOW_SECONDS: Final = 2.0  # a server that has held a turn for so long gets no queue
PAUSE_SECONDS: Final = 5.0  # after a failure nobody asks; then one tries


class NoTurn(Exception):
    """The server is busy or was silent a moment ago: this caller goes on without it."""


class Turns:
    """Who may ask now. A failure ends the asking for a while, then a single caller tries before the others follow."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._running: dict[object, float] = {}
        self._is_suspect = False
        self._asks_again_at = 0.0

    @contextmanager
    def turn(self, *, harmless: type[Exception] | tuple[()] = ()) -> Iterator[None]:
        """Waits for a turn, or raises NoTurn. An exception inside is the server's failure unless it is harmless."""
        token = object()
        self._take(token)
        try:
            yield
        except BaseException as error:
            self._give_back(token, failed=not isinstance(error, harmless))
            raise
        self._give_back(token, failed=False)

    def _take(self, token: object) -> None:
        given_up_at = time.monotonic() + WAIT_SECONDS
        with self._free:
            while True:
                now = time.monotonic()
                if now < self._asks_again_at:
                    raise NoTurn("it was silent a moment ago")
                if len(self._running) < (1 if self._is_suspect else AT_ONCE):
                    break
                if self._is_suspect or now >= given_up_at or now - min(self._running.values()) > SLOW_SECONDS:
                    raise NoTurn("it is busy")
                self._free.wait(min(given_up_at - now, 0.25))
            self._running[token] = now

    def _give_back(self, token: object, *, failed: bool) -> None:
        with self._free:
            del self._running[token]
            self._is_suspect = failed
            if failed:
                self._asks_again_at = time.monotonic() + PAUSE_SECONDS
            self._free.notify_all()
