"""How long does an event take to reach thousands of open rooms on one live process, and how fast does it stop?

    REDIS_URL=… python -m bench.live [--streams 5000] [--rooms 1] [--events 20]

Starts the live process as the portal does, opens the streams from one asyncio client, publishes events that carry the
time and takes the difference where each stream reads them. With one room every event goes to every stream: the worst
case. The client shares the machine with the server, so its own time is in the figures. Prints JSON.
"""

import argparse
import asyncio
import json
import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import redis

from mim_portal import live
from mim_portal.lib import tickets

SECRET = secrets.token_urlsafe(50)
PREFIX = f"BENCH-{os.getpid()}"
OPENING_AT_ONCE = 200


class Page(asyncio.Protocol):
    """One open page: asks for its stream and notes how old each event is when it arrives."""

    def __init__(self, request: bytes, ages: list[float], opened: asyncio.Event) -> None:
        self._request = request
        self._ages = ages
        self._opened = opened
        self.ended = False  # the server finished its answer; a cut connection never gets there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self._opened.set()
        self.ended = data.endswith(b"0\r\n\r\n")
        for part in data.split(b'"seq": ')[1:]:
            self._ages.append(now - int(part[:16]) / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--rooms", type=int, default=1)
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--pause", type=float, default=1.0)
    print(json.dumps(asyncio.run(measure(parser.parse_args())), indent=2))


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    wanted = options.streams + 500
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    port = free_port()
    server = start(port)
    try:
        await ready(port)
        started = time.monotonic()
        ages: list[float] = []
        pages = await open_all(port, options, ages)
        opening = time.monotonic() - started
        await asyncio.sleep(2)  # the count of people settles
        ages.clear()
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            for number in range(options.events):
                publish(client, f"{PREFIX}-{number % options.rooms}")
                await asyncio.sleep(options.pause)
        expected = sum(1 for number in range(options.events) for page in range(options.streams)
                       if page % options.rooms == number % options.rooms)  # fmt: skip
        memory = resident_megabytes(server.pid)
        stopping = time.monotonic()
        server.send_signal(signal.SIGTERM)
        while server.poll() is None:
            await asyncio.sleep(0.02)
        stop_seconds = time.monotonic() - stopping
        await asyncio.sleep(0.2)
        ages.sort()
        return {
            "streams": options.streams,
            "rooms": options.rooms,
            "events": options.events,
            "received": len(ages),
            "expected": expected,
            "event_ms": {name: round(ages[int(len(ages) * share)] * 1000, 1) for name, share in SHARES.items()},
            "open_seconds": round(opening, 2),
            "stop_seconds": round(stop_seconds, 2),
            "ended_by_the_server": sum(page.ended for page in pages),
            "server_megabytes": memory,
            "cores": os.cpu_count(),
            "load_average": os.getloadavg()[0],
        }
    finally:
        server.kill()
        server.wait()


SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 0.99999}


def start(port: int) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "MIM_ENV": "embedded", "MIM_SECRET_KEY": SECRET}
    environment.pop("MIM_SECRET_KEY_FILE", None)
    argv = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    limits = ["--workers", "1", "--backlog", "8192", "--backpressure", "8192", "--no-ws", "--workers-kill-timeout", "1"]
    return subprocess.Popen([*argv, *limits, "mim_portal.live:application"], env=environment, stdout=subprocess.DEVNULL)


async def ready(port: int) -> None:
    patience = time.monotonic() + 30
    while time.monotonic() < patience:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if b'"redis": "ok"' in await reader.read():
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("the live process does not answer")


async def open_all(port: int, options: argparse.Namespace, ages: list[float]) -> list[Page]:
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(OPENING_AT_ONCE)
    key = tickets.derive_key(SECRET)

    async def one(number: int) -> Page:
        async with gate:
            ticket = tickets.issue(
                reference=f"{PREFIX}-{number % options.rooms}", person_id=number, key=key, now=time.time()
            )
            opened = asyncio.Event()
            request = f"GET /live?ticket={ticket} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            _, page = await loop.create_connection(lambda: Page(request, ages, opened), "127.0.0.1", port)
            await asyncio.wait_for(opened.wait(), 30)
            return page

    return list(await asyncio.gather(*(one(number) for number in range(options.streams))))


def publish(client: "redis.Redis", reference: str) -> None:
    event = {"ref": reference, "kind": "note", "seq": int(time.time() * 1e6), "panels": ["timeline"]}
    client.publish(live.CHANNEL, json.dumps(event))


def resident_megabytes(main: int) -> float:
    """Of the process and its children, without what the kernel holds for sockets."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if main in (int(stat.parent.name), int(fields[1])):
            pages += int(fields[21])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
