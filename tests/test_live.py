import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import redis
from django.db import connection, transaction

from mim_portal import live
from mim_portal.lib import nudge, tickets, viewers
from tests.live_kit import KEY, REFERENCE, event, run


# --- the application -------------------------------------------------------------------------------------------------
class Page:
    """One request to the ASGI application, and what it answered."""

    def __init__(self, application: live.Live, path: str = "/live", *, method: str = "GET", origin: str = "") -> None:
        path, _, query = path.partition("?")
        headers = [(b"origin", origin.encode())] if origin else []
        self.scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
        self.scope["headers"] = headers
        self.application = application
        self.sent: list[Any] = []
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    async def load(self) -> "Page":
        await self.application(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def ticket(*, reference: str = REFERENCE, person_id: int = 1) -> str:
    return tickets.issue(reference=reference, person_id=person_id, key=KEY, now=time.time())


@pytest.fixture
def application(own_redis_database: str) -> live.Live:
    origins = frozenset({"http://127.0.0.1:8000"})
    return live.Live(live.Config(key=KEY, redis_url=own_redis_database, origins=origins))


async def until(truth: Callable[[], bool], seconds: float = 5) -> None:
    async def wait() -> None:
        while not truth():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), seconds)


@contextlib.asynccontextmanager
async def running(application: live.Live) -> Any:
    """The application between its start and its end, as a server drives it."""
    events: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    done: asyncio.Queue[Any] = asyncio.Queue()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    send: Callable[[Any], Awaitable[None]] = done.put
    work = asyncio.ensure_future(application({"type": "lifespan"}, events.get, send))
    await events.put({"type": "lifespan.startup"})
    assert (await done.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await events.put({"type": "lifespan.shutdown"})
        assert (await done.get())["type"] == "lifespan.shutdown.complete"
        await work
        for number, handler in handlers.items():
            signal.signal(number, handler)


@pytest.mark.django_db(transaction=True)
def test_what_the_timeline_announces_is_heard_in_the_room_after_commit(application: live.Live) -> None:
    """From the nudge to the bytes on the wire."""

    def announce(page: Page, before: list[bytes]) -> None:
        with transaction.atomic():
            nudge.live(reference=REFERENCE, kind="note", seq=9, panels=["timeline"])
            time.sleep(0.2)
            before.append(page.body)
        connection.close()

    async def scene() -> None:
        async with running(application):
            page = Page(application, f"/live?ticket={ticket()}", origin="http://127.0.0.1:8000")
            loading = asyncio.ensure_future(page.load())
            await until(lambda: not application.hub.is_stale and b"retry" in page.body)
            before: list[bytes] = []
            await asyncio.to_thread(announce, page, before)
            await until(lambda: event(seq=9) in page.body)
            assert event(seq=9) not in before[0]
            assert page.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert page.headers["access-control-allow-origin"] == "http://127.0.0.1:8000"
            assert page.headers["cache-control"] == "no-store"
            page.left.set()
            await loading
            assert len(application.hub) == 0

    run(scene())


def test_both_ends_mean_the_same_channel() -> None:
    assert live.CHANNEL == nudge.LIVE_CHANNEL


def test_doors_of_the_application(application: live.Live) -> None:
    async def scene() -> None:
        answers = {
            "/live": 403,
            "/live?ticket=forged": 403,
            f"/live?ticket={tickets.issue(reference='X', person_id=1, key=KEY, now=time.time() - 61)}": 403,
            "/livez": 200,
            "/": 404,
        }
        for path, status in answers.items():
            assert (await Page(application, path).load()).status == status
        assert (await Page(application, f"/live?ticket={ticket()}", method="POST").load()).status == 405
        stranger = await Page(application, "/live", origin="https://elsewhere.example").load()
        assert "access-control-allow-origin" not in stranger.headers
        assert stranger.headers["vary"] == "Origin"
        refused = await Page(application, "/live", origin="http://127.0.0.1:8000").load()
        assert refused.headers["access-control-allow-origin"] == "http://127.0.0.1:8000"

    run(scene())


def test_at_the_end_streams_close_and_no_new_one_opens(application: live.Live) -> None:
    async def scene() -> None:
        page = Page(application, f"/live?ticket={ticket()}")
        async with running(application):
            loading = asyncio.ensure_future(page.load())
            await until(lambda: len(application.hub) == 1)
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(loading, 2)
            assert page.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
            late = await Page(application, f"/live?ticket={ticket()}").load()
            assert late.status == 503

    run(scene())


def test_without_redis_streams_open_say_so_and_come_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server of our own on one port: absent, then there, then killed."""
    monkeypatch.setattr(live, "LONGEST_BACKOFF", 0.2)
    port = free_port()
    config = live.Config(key=KEY, redis_url=f"redis://127.0.0.1:{port}/0", origins=frozenset())
    application = live.Live(config)

    async def scene() -> None:
        async with running(application):
            await until(lambda: application.hub.is_stale)
            page = Page(application, f"/live?ticket={ticket()}")
            loading = asyncio.ensure_future(page.load())
            await until(lambda: b"event: stale" in page.body)
            assert json.loads((await Page(application, "/livez").load()).body) == {"streams": 1, "redis": "lost"}
            server = redis_server(port, tmp_path)
            try:
                await until(lambda: b"event: fresh" in page.body)
                with redis.Redis(port=port) as client:
                    client.publish(live.CHANNEL, event(seq=5))
                await until(lambda: b'"seq": 5' in page.body)
            finally:
                server.kill()
                server.wait()
            await until(lambda: page.body.count(b"event: stale") == 2)
            page.left.set()
            await loading

    run(scene())


def test_a_frozen_redis_counts_as_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(live, "PING_SECONDS", 0.1)
    monkeypatch.setattr(live, "SILENT_SECONDS", 0.5)
    port = free_port()
    application = live.Live(live.Config(key=KEY, redis_url=f"redis://127.0.0.1:{port}/0", origins=frozenset()))
    server = redis_server(port, tmp_path)

    async def scene() -> None:
        async with running(application):
            await until(lambda: not application.hub.is_stale)
            server.send_signal(signal.SIGSTOP)
            await until(lambda: application.hub.is_stale)
            server.send_signal(signal.SIGCONT)
            await until(lambda: not application.hub.is_stale, seconds=10)

    try:
        run(scene())
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answered(port: int, path: str) -> bytes:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", path)
        return client.getresponse().read()
    except OSError:
        return b""
    finally:
        client.close()


def redis_server(port: int, folder: Path) -> "subprocess.Popen[bytes]":
    program = next(Path(sys.executable).parent.glob("redis-server"))
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return subprocess.Popen([str(program), *options], stdout=subprocess.DEVNULL)


# --- the environment and the process ---------------------------------------------------------------------------------
def test_the_environment_is_read_as_the_settings_read_it(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("k" * 60, encoding="utf-8")
    found = live.config({"MIM_SECRET_KEY_FILE": str(secret), "BASE_URL": "https://mim.example.org/"})
    assert found.key == tickets.derive_key("k" * 60)
    assert found.origins == {"https://mim.example.org"}
    local = live.config({"MIM_ENV": "embedded", "PORT": "9000", "REDIS_URL": "redis://x"})
    assert local.origins == {"http://127.0.0.1:9000", "http://localhost:9000"}
    assert local.redis_url == "redis://x"
    assert live.config({"MIM_ENV": "test"}).key == tickets.derive_key("not-a-secret: set MIM_SECRET_KEY")


@pytest.mark.parametrize("environ", [{}, {"MIM_SECRET_KEY": "short"}, {"MIM_ENV": "production"}])
def test_production_refuses_a_weak_key(environ: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match="Set MIM_SECRET_KEY"):
        live.config(environ)


@pytest.fixture
def process(own_redis_database: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The live process as the portal starts it."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "MIM_ENV": "test",
        "MIM_SECRET_KEY": "a secret of tests",
        "REDIS_URL": own_redis_database,
        "DATABASE_URL": "postgres://nowhere/",  # never used: there is no Django in it
    }
    argv = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    options = ["--workers", "1", "--no-ws", "--workers-kill-timeout", "10", "mim_portal.live:application"]
    child = subprocess.Popen([*argv, *options], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield child, port
    child.terminate()  # in order: killed, it would leave its worker behind
    child.wait(timeout=30)


def test_the_process_serves_a_room_and_stops_within_three_seconds(
    process: tuple["subprocess.Popen[bytes]", int], redis_client: "redis.Redis"
) -> None:
    child, port = process
    patience = time.monotonic() + 20
    while b'"redis": "ok"' not in answered(port, "/livez"):
        assert time.monotonic() < patience
        time.sleep(0.05)
    open_pages = []
    for number in range(3):
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        page.request("GET", f"/live?ticket={ticket(person_id=number)}")
        open_pages.append((page, page.getresponse()))
    redis_client.publish(live.CHANNEL, event(seq=1))
    for _, answer in open_pages:
        lines = [answer.readline()]
        while not lines[-1].startswith(b'data: {"ref"'):
            lines.append(answer.readline())
        assert b'"seq": 1' in lines[-1]

    started = time.monotonic()
    child.send_signal(signal.SIGTERM)
    for page, answer in open_pages:
        assert b"retry: " in answer.read()  # to its end: closed, not cut off
        page.close()
    child.wait(timeout=3)
    assert time.monotonic() - started < 3


def test_open_rooms_are_counted_where_monitoring_reads_them(
    process: tuple["subprocess.Popen[bytes]", int], redis_client: "redis.Redis"
) -> None:
    port = process[1]
    patience = time.monotonic() + 20
    while b'"redis": "ok"' not in answered(port, "/livez"):
        assert time.monotonic() < patience
        time.sleep(0.05)
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    page.request("GET", f"/live?ticket={ticket()}")
    answer = page.getresponse()  # kept: without it the connection closes
    assert answer.status == 200
    counts: Any = {}
    while list(counts.values()) != [b"1"]:
        assert time.monotonic() < patience + viewers.EVERY_SECONDS
        time.sleep(0.1)
        counts = {key: redis_client.get(key) for key in redis_client.scan_iter(f"{viewers.KEY_PREFIX}*")}
    (left,) = [cast(int, redis_client.ttl(key)) for key in counts]
    assert 0 < left <= viewers.FORGOTTEN_SECONDS, "a dead process is forgotten"
    page.close()
