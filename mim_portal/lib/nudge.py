"""Makes due work immediate after commit. A nudge that fails costs half a second, never a request: the sweeps find
everything that a nudge would have started.
"""

import json
import logging
import threading
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

CIRCUIT_OPEN_SECONDS = 5.0
LIVE_CHANNEL = "mim:live"
TIMEOUTS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.3}
ONCE = {"max_retries": 0, "connect_retries_timeout": 0.5}  # kombu looks for a broker for four seconds by itself
LINES = 16
TOGETHER = 200  # events in one message of the channel, a line each


class _Circuit:
    """After one failure, nobody waits for Redis again for five seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_again_at = 0.0
        self.failures = 0

    def is_open(self) -> bool:
        return time.monotonic() < self._closed_again_at

    def failed(self) -> None:
        with self._lock:
            self.failures += 1
            self._closed_again_at = time.monotonic() + CIRCUIT_OPEN_SECONDS


circuit = _Circuit()
_clients: dict[str, redis.Redis] = {}
_lines: dict[str, Any] = {}
_asked_at: dict[str, float] = {}


def client() -> redis.Redis:
    """A Redis client whose time-outs are short enough for a request."""
    url = settings.REDIS_URL
    if url not in _clients:
        _clients[url] = redis.Redis.from_url(url, **TIMEOUTS)
    return _clients[url]


def lines() -> Any:
    """Celery's connections with the same time-outs: a worker's own wait for minutes, which is not for requests."""
    url = settings.CELERY_BROKER_URL
    if url not in _lines:
        _lines[url] = current_app.connection_for_write(url, transport_options=TIMEOUTS | ONCE).Pool(LINES)
    return _lines[url]


def hang_up(url: str) -> None:
    """Close what is open to that address."""
    if url in _clients:
        _clients.pop(url).close()
    if url in _lines:
        _lines.pop(url).force_close_all()


def nudge(name: str, *, at_most_every: float = 0.0) -> None:
    """Ask a worker to run the task called `name` as soon as the current transaction has committed.

    With `at_most_every` (seconds) this process asks no more often than that, where a crowd of commits would each ask.
    """
    transaction.on_commit(lambda: _send(name, at_most_every), robust=True)


def live(*, reference: str, kind: str, seq: int, panels: Iterable[str]) -> None:
    """Tell open rooms after commit which panels changed; never what they contain (DESIGN section 9)."""
    live_many([(reference, kind, seq, panels)])


def live_many(changes: Iterable[tuple[str, str, int, Iterable[str]]]) -> None:
    """The same for many rooms, in one round trip: reference, kind, number and panels of each."""
    events = [
        f'{{"ref": "{reference}", "kind": "{kind}", "seq": {seq}, "panels": {_names(tuple(panels))}}}'
        for reference, kind, seq, panels in changes  # names of our own: nothing in them needs escaping
    ]
    if events:
        transaction.on_commit(lambda: _publish(events), robust=True)


@cache
def _names(panels: tuple[str, ...]) -> str:
    return json.dumps(sorted(set(panels)))


def _send(name: str, at_most_every: float = 0.0) -> None:
    now = time.monotonic()
    if circuit.is_open() or now - _asked_at.get(name, -1e9) < at_most_every:
        return
    _asked_at[name] = now
    try:
        with lines().acquire(block=True, timeout=TIMEOUTS["socket_timeout"]) as line:
            current_app.send_task(name, connection=line, retry=False, ignore_result=True, expires=30)
    except Exception as error:  # whatever the broker's client raises, the request goes on
        circuit.failed()
        log.warning("nudge %s not sent: %s", name, error)


def _publish(events: list[str]) -> None:
    if circuit.is_open():
        return
    try:
        with client().pipeline(transaction=False) as pipeline:
            for start in range(0, len(events), TOGETHER):
                pipeline.publish(LIVE_CHANNEL, "\n".join(events[start : start + TOGETHER]))
            pipeline.execute()
    except (redis.RedisError, OSError) as error:
        circuit.failed()
        log.warning("live event not sent: %s", error)
