"""The live process: server-sent events from one Redis subscription to every open room. Plain ASGI, no Django, no
database: a page shows that it may listen by a short-lived signed ticket.

Events name what changed and never contain it; a page fetches what it shows through Django, which decides who sees it.
"""

import asyncio
import json
import logging
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import redis.asyncio
from redis.exceptions import RedisError

from mim_portal.embedded import discovery
from mim_portal.lib import tickets, viewers
from mim_portal.livehub import TICK_SECONDS, Hub, Stream

log = logging.getLogger(__name__)

CHANNEL = "mim:live"  # as mim_portal.lib.nudge publishes; a test holds the two together
PING_SECONDS = 5.0
SILENT_SECONDS = 12.0  # without an answer to two pings the connection is dead, whatever the socket says
LONGEST_BACKOFF = 3.0
_PROCESS = f"{socket.gethostname()}:{os.getpid()}"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the process needs from its environment."""

    key: bytes
    redis_url: str
    origins: frozenset[str]


def config(environ: Mapping[str, str]) -> Config:
    """Read the environment as the settings do; in production a missing or weak key stops the start with one line."""
    secret = environ.get("MIM_SECRET_KEY", "")
    if environ.get("MIM_SECRET_KEY_FILE"):
        secret = Path(environ["MIM_SECRET_KEY_FILE"]).read_text(encoding="utf-8")
    if len(secret) < 50 and environ.get("MIM_ENV", "production") == "production":
        raise SystemExit("Set MIM_SECRET_KEY (or MIM_SECRET_KEY_FILE) to the same text as for the web process.")
    base = environ.get("BASE_URL") or f"http://127.0.0.1:{environ.get('PORT') or 8000}"
    return Config(
        key=tickets.derive_key(secret or "not-a-secret: set MIM_SECRET_KEY"),
        redis_url=environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0",
        origins=_origins(base),
    )


def _origins(base: str) -> frozenset[str]:
    parts = urlsplit(base)
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.hostname == "127.0.0.1":  # the same machine by its other name
        return frozenset({origin, origin.replace("127.0.0.1", "localhost")})
    return frozenset({origin})


class Live:
    """The ASGI application."""

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self.hub = Hub(_PROCESS)
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps no reference to its tasks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/livez":
            body = {"streams": len(self.hub), "redis": "lost" if self.hub.is_stale else "ok"}
            await _say(send, 200, json.dumps(body), [(b"content-type", b"application/json")])
        elif path != "/live":
            await _say(send, 404, "There is nothing here.")
        elif scope["method"] != "GET":
            await _say(send, 405, "Only GET.", [(b"allow", b"GET")])
        else:
            await self._open(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = self._cors(scope)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        ticket = tickets.read(given, key=self._settings.key, now=time.time())
        if ticket is None:
            await _say(send, 403, "This ticket is not valid, or no longer. Reload the page.", allowed)
            return
        if self.hub.is_closing:
            await _say(send, 503, "Restarting.", [*allowed, (b"retry-after", b"2")])
            return
        stream = Stream(reference=ticket.reference, person_id=ticket.person_id, name=ticket.name, now=time.monotonic())
        self.hub.enter(stream)
        gone = asyncio.ensure_future(_until_gone(receive, stream))
        try:
            await _start(send, 200, [*allowed, *_EVENT_STREAM])
            async for chunk in stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.hub.leave(stream)
            gone.cancel()

    def _cors(self, scope: Scope) -> list[Header]:
        origin = next((value for name, value in scope["headers"] if name == b"origin"), b"")
        vary = [(b"vary", b"Origin")]
        if origin.decode("latin-1") in self._settings.origins:
            return [(b"access-control-allow-origin", origin), *vary]
        return vary

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                self._begin()
                await send({"type": "lifespan.startup.complete"})
            elif event["type"] == "lifespan.shutdown":
                await self._end()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        for work in (self.hub.keep_alive(), self._follow(), self._count(), self._tell_others()):
            task = loop.create_task(work)
            self._tasks.add(task)
        # The server waits for open streams before it says that it stops, so we listen for the signal ourselves. The
        # loop's own handling, by its wake-up descriptor, goes on beside this.
        with suppress(ValueError):  # not the main thread: somebody else minds the signals
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.hub.close))

    async def _end(self) -> None:
        self.hub.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow(self) -> None:
        """Listen to the channel for ever; without Redis the streams stay open and say that they are stale."""
        backoff, told = 0.1, False
        while True:
            try:
                async with (
                    redis.asyncio.Redis.from_url(
                        self._settings.redis_url, socket_connect_timeout=2, socket_timeout=None
                    ) as client,
                    client.pubsub() as channel,
                ):
                    await channel.subscribe(CHANNEL)
                    backoff, told = 0.1, False
                    await self._listen(channel)
            except (RedisError, OSError, TimeoutError) as error:
                if not told:
                    log.warning("Redis does not answer, pages ask for themselves: %s", error)
                told = True
                self.hub.lost()
            await asyncio.sleep(backoff)
            backoff = min(LONGEST_BACKOFF, backoff * 2)

    async def _count(self) -> None:
        """Write for monitoring how many rooms are open here; nobody waits for it, and nobody misses it for long."""
        key = viewers.key(_PROCESS)
        client = redis.asyncio.Redis.from_url(self._settings.redis_url, socket_connect_timeout=2, socket_timeout=2)
        async with client:
            while not self.hub.is_closing:  # a cancellation that the client mistakes for a time-out ends here
                with suppress(RedisError, OSError, TimeoutError):
                    await client.set(key, len(self.hub), ex=viewers.FORGOTTEN_SECONDS)
                await asyncio.sleep(viewers.EVERY_SECONDS)

    async def _tell_others(self) -> None:
        """Tell the other live processes who is here; what is lost while Redis is away is repeated by itself."""
        client = redis.asyncio.Redis.from_url(self._settings.redis_url, socket_connect_timeout=2, socket_timeout=2)
        async with client:
            while not self.hub.is_closing:
                waiting, self.hub.crowds.outgoing = self.hub.crowds.outgoing, []
                with suppress(RedisError, OSError, TimeoutError):
                    for event in waiting:
                        await client.publish(CHANNEL, event)
                await asyncio.sleep(TICK_SECONDS)

    async def _listen(self, channel: Any) -> None:
        heard = time.monotonic()
        while True:
            event = await channel.get_message(timeout=PING_SECONDS)
            now = time.monotonic()
            if event is None:
                if now - heard > SILENT_SECONDS:
                    raise TimeoutError("no answer to a ping")
                await asyncio.wait_for(channel.ping(), PING_SECONDS)
                continue
            heard = now
            self.hub.found()
            if event["type"] == "message":
                self.hub.hear(event["data"])


_EVENT_STREAM: list[Header] = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def _until_gone(receive: Receive, stream: Stream) -> None:
    """Close the stream when its reader has left."""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            stream.close()
            return


async def _start(send: Send, status: int, headers: list[Header]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _say(send: Send, status: int, text: str, headers: list[Header] | None = None) -> None:
    body = text.encode()
    await _start(
        send, status, [(b"cache-control", b"no-store"), (b"content-length", b"%d" % len(body)), *(headers or [])]
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})


discovery.apply(os.environ)
application = Live(config(os.environ))
