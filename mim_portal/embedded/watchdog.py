"""A worker that lives but no longer consumes is noticed by its heartbeat in PostgreSQL, whatever its process says.

    python -m mim_portal.embedded.watchdog clock                    exit code 1 when the part is deaf
    python -m mim_portal.embedded.watchdog clock -- celery …        run a worker; end it when it is deaf, so that
                                                                    whoever restarts this container starts it again

The supervisor of `make run` reads the same heartbeats on its own loop. It must have no second thread (see
mim_portal.embedded.process), so the database is asked through psycopg2's asynchronous mode. No Django in here.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import extensions

from mim_portal.embedded import discovery
from mim_portal.embedded.process import Child

ASK_SECONDS = 3.0
# The clock sweeps twice a second; a run of deliveries shows itself between chunks, which a slow server makes long.
CLOCK_SECONDS = 10.0
WORKER_SECONDS = 30.0
LOOK_SECONDS = 5.0
# Time for a new worker to show that it works.
START_SECONDS = 60.0
DEAF_SECONDS = 20.0
END_SECONDS = 8.0
PARTS = ("clock", "worker", "channels", "beat")
BY_ITSELF = " by itself "  # as comms.tasks.fallback signs a sweep without a tick; a test holds the two together
_BEATS = 'SELECT name, "by", extract(epoch FROM clock_timestamp() - beat_at)::float8 FROM mim_portal_heartbeat'


@dataclass(frozen=True, slots=True)
class Beat:
    """Who showed life last under a name, and how long ago by the database's clock."""

    by: str
    age: float


async def states(*, database: str, redis: str) -> dict[str, str]:
    """ "ok" or what is wrong, by server and by part. With a server down nobody is to blame for silence."""
    beats = await read_beats(database)
    pong = await answers(redis)
    found = {"database": "down" if beats is None else "ok", "redis": "ok" if pong else "down"}
    return found | judge(beats or {})


def judge(beats: Mapping[str, Beat]) -> dict[str, str]:
    """Clock, workers and beat by their heartbeats.

    Beat and the clock worker sweep by themselves while the other is silent, and would hide it: the heartbeat says who
    swept, and whether by a tick. A clock that hears no tick is deaf if the worker hears some; if nobody hears any, beat
    is in doubt.
    """
    sweep, deliver = beats.get("sweep_deadlines"), beats.get("deliver")
    clock, worker = _said(sweep, CLOCK_SECONDS), _said(deliver, WORKER_SECONDS)
    channels = _said(beats.get("deliver_channels"), WORKER_SECONDS)
    by = sweep.by if sweep is not None and clock == "ok" else ""
    is_heard = "ok" in (worker, channels) or (clock == "ok" and BY_ITSELF not in by)
    if by.startswith("beat"):
        clock = "down: beat sweeps in its place"
    elif BY_ITSELF in by and is_heard:
        clock = "down: it hears no ticks"
    return {
        "clock": clock,
        "worker": worker,
        "channels": channels,
        "beat": "ok" if is_heard else "down: nobody hears it",
    }


def _said(beat: Beat | None, limit: float) -> str:
    if beat is None:
        return "down: no heartbeat yet"
    return "ok" if beat.age <= limit else f"down: last heartbeat {beat.age:.0f} s ago"


async def read_beats(database: str) -> dict[str, Beat] | None:
    """Every heartbeat by name; None where the database does not answer in time."""
    connection = None
    try:
        async with asyncio.timeout(ASK_SECONDS):
            connection = psycopg2.connect(dsn(database), async_=True)
            await _until_done(connection)
            cursor = connection.cursor()
            cursor.execute(_BEATS)
            await _until_done(connection)
            return {name: Beat(by, age) for name, by, age in cursor.fetchall()}
    except (psycopg2.Error, OSError, TimeoutError):
        return None
    finally:
        if connection is not None:
            connection.close()


def dsn(address: str) -> str:
    """What libpq reads of the address that django-environ reads."""
    return address.replace("psql://", "postgres://", 1) if address.startswith("psql://") else address


async def _until_done(connection: "extensions.connection") -> None:
    loop = asyncio.get_running_loop()
    while (state := connection.poll()) != extensions.POLL_OK:
        ready: asyncio.Future[None] = loop.create_future()
        number = connection.fileno()
        add, remove = (
            (loop.add_reader, loop.remove_reader)
            if state == extensions.POLL_READ
            else (loop.add_writer, loop.remove_writer)
        )
        add(number, _settle, ready)
        try:
            await ready
        finally:
            remove(number)


def _settle(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)


async def answers(redis: str) -> bool:
    """Whether Redis says anything sensible to PING, signed in or not."""
    parts = urlsplit(redis)
    try:
        async with asyncio.timeout(ASK_SECONDS):
            host, port = parts.hostname or "127.0.0.1", parts.port or 6379
            reader, writer = await asyncio.open_connection(host, port, ssl=True if parts.scheme == "rediss" else None)
            try:
                writer.write(b"PING\r\n")
                return (await reader.readline()).startswith((b"+PONG", b"-NOAUTH"))
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False


async def check(part: str) -> str:
    """One look at one part, for a health check; what cannot be known is no fault of the part."""
    found = await states(database=os.environ.get("DATABASE_URL", ""), redis=os.environ.get("REDIS_URL", ""))
    if "down" in (found["database"], found["redis"]):
        return "ok: a server is down, nobody is to blame"
    return found[part]


async def guard(part: str, command: list[str], *, look: float = LOOK_SECONDS, start: float = START_SECONDS) -> int:
    """Run the command, pass signals on, and end it when the part has been deaf for long; its exit code, or 1."""
    child = await asyncio.create_subprocess_exec(*command)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _send, child, number)
    patience = time.monotonic() + start
    while True:
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(child.wait(), look)
        said = await check(part)
        if said.startswith("ok"):
            patience = time.monotonic() + DEAF_SECONDS
        elif time.monotonic() > patience:
            print(f"{part} is deaf ({said}): ending it, to be started again.", file=sys.stderr, flush=True)
            await _end(child)
            return 1


async def _end(child: asyncio.subprocess.Process) -> None:
    _send(child, signal.SIGTERM)
    try:
        await asyncio.wait_for(child.wait(), END_SECONDS)
    except TimeoutError:
        _send(child, signal.SIGKILL)
        await child.wait()


def _send(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(number)


async def replace(child: Child, *, grace: float) -> None:
    """Ask a deaf child to end, then insist; the supervisor starts it again like one that died."""
    child.ask_to_end()
    patience = time.monotonic() + grace
    while child.running and time.monotonic() < patience:
        await asyncio.sleep(0.05)
    if child.running:
        child.put_down()


def main(arguments: list[str] | None = None) -> int:
    """The two uses from a container's command line."""
    parser = argparse.ArgumentParser(prog="python -m mim_portal.embedded.watchdog", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="after --: the worker to run and to watch")
    given = parser.parse_args(arguments)
    discovery.apply(os.environ)
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    if command:
        return asyncio.run(guard(given.part, command))
    said = asyncio.run(check(given.part))
    print(said)
    return 0 if said.startswith("ok") else 1


if __name__ == "__main__":
    raise SystemExit(main())
