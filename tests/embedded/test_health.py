"""Deaf workers are noticed, and nobody is blamed while a server is down."""

import asyncio
import json
import os
import sys

import pytest

from mim_portal.embedded import health, supervisor, watchdog
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.http import Answer
from mim_portal.embedded.ports import free_port
from mim_portal.embedded.process import Spec
from mim_portal.embedded.report import Report

WELL = {"database": "ok", "redis": "ok", "clock": "ok", "worker": "ok", "beat": "ok"}
CLOCK_DOWN = WELL | {"clock": "down: last heartbeat 12 s ago"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Answer(503, json.dumps({"components": {"database": "ok", "clock": "down: no heartbeat yet"}}).encode()),
            "clock down",
        ),
        (Answer(503, json.dumps({"components": {"database": "ok"}}).encode()), "no reason given"),
        (Answer(500, b"<h1>Sorry</h1>"), "/readyz answers with status 500"),
        (Answer(200, b"[]"), "/readyz answers with status 200"),
        (Answer(0, b""), "web does not answer"),
    ],
)
def test_what_is_unwell_is_named(answer: Answer, words: str) -> None:
    assert words in health.unwell(answer)


def test_a_worker_silent_for_long_is_deaf_and_gets_time_after_its_restart() -> None:
    ear = health.Ear()
    found = [(now, ear.deaf(CLOCK_DOWN, now=float(now))) for now in range(0, 200, 2)]
    assert [(now, names) for now, names in found if names] == [(20, ["clock"]), (96, ["clock"]), (172, ["clock"])]


def test_a_sign_of_life_starts_the_count_anew() -> None:
    ear = health.Ear()
    assert ear.deaf(CLOCK_DOWN, now=0.0) == []
    assert ear.deaf(WELL, now=18.0) == []
    assert ear.deaf(CLOCK_DOWN, now=21.0) == []
    assert ear.deaf(CLOCK_DOWN, now=40.9) == []
    assert ear.deaf(CLOCK_DOWN, now=41.0) == ["clock"]


@pytest.mark.parametrize("state", [CLOCK_DOWN | {"redis": "down: refused"}, CLOCK_DOWN | {"database": "down"}, {}])
def test_no_worker_is_blamed_for_its_servers(state: dict[str, str]) -> None:
    ear = health.Ear()
    for now in range(0, 100, 2):
        assert ear.deaf(state, now=float(now)) == []
    assert ear.deaf(CLOCK_DOWN, now=100.0) == [], "its patience begins when the servers are back"


def test_each_worker_is_judged_by_itself() -> None:
    ear = health.Ear()
    both = CLOCK_DOWN | {"worker": "down: no heartbeat yet"}
    ear.deaf(CLOCK_DOWN, now=0.0)
    assert ear.deaf(both, now=19.0) == []
    assert ear.deaf(both, now=20.0) == ["clock"]
    assert ear.deaf(both, now=39.0) == ["worker"]


def test_a_deaf_worker_is_started_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(health, "WATCH_SECONDS", 0.01)
    monkeypatch.setattr(health, "DEAF_SECONDS", 0.02)
    monkeypatch.setattr(health, "GRACE_SECONDS", 0.5)
    monkeypatch.setattr(supervisor, "BACKOFF_SECONDS", (0.01,))

    async def say_down(*, database: str, redis: str) -> dict[str, str]:
        return CLOCK_DOWN

    monkeypatch.setattr(watchdog, "states", say_down)
    sleeper = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]

    async def run() -> None:
        one = supervisor.Supervisor(folder, environment={}, report=Report(quiet=True))
        specs = [Spec(name=name, argv=sleeper, environment=dict(os.environ), restarts=4) for name in ("clock", "web")]
        clock, web = [await one.launch(spec) for spec in specs]
        first = clock.pid, web.pid
        one.background(health.watch(one, database="", redis=""))
        async with asyncio.timeout(10):
            while clock.pid == first[0]:
                await asyncio.sleep(0.01)
        assert web.pid == first[1]
        await one.stop()

    asyncio.run(run())
    assert "clock has done nothing for 0.02 s: starting it again." in capsys.readouterr().err


def test_a_portal_that_never_gets_healthy_names_what_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "READY_SECONDS", 0.0)
    with pytest.raises(Failure, match=r"not healthy after 0 s: web does not answer\. See /var/log") as failure:
        asyncio.run(health.wait_healthy(free_port(), logs="/var/log"))
    assert len(str(failure.value).splitlines()) == 1


def test_what_answers_is_heard() -> None:
    async def run() -> Answer:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            assert await health.answers(port, "/livez")
            return await health.ask(port, "/livez")

    assert asyncio.run(run()) == Answer(200, b"ok")


def test_what_is_not_http_counts_as_no_answer() -> None:
    async def run() -> Answer:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"220\r\n")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            return await health.ask(server.sockets[0].getsockname()[1], "/readyz")

    assert asyncio.run(run()).status == 0
