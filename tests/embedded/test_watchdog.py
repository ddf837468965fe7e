"""A worker that lives and no longer consumes is noticed by its heartbeat, and started again."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from comms.services import heartbeats
from comms.tasks import fallback
from mim_portal.embedded import health, portal, watchdog
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.ports import free_port
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor
from mim_portal.embedded.watchdog import Beat

CLOCK = Beat("clock on here, process 7", 0.4)
STAND_IN = Beat("beat by itself on here, process 8", 0.4)
UNTICKED = Beat("clock by itself on here, process 7", 0.4)
WORKER = Beat("worker on here, process 9", 1.0)
CHANNELS = Beat("channels on here, process 10", 1.0)
OLD = Beat("clock on here, process 7", 300.0)
NOBODY = "postgres://nobody@127.0.0.1:1/nothing"


class TestJudge:
    def test_all_is_well(self) -> None:
        assert set(
            watchdog.judge({"sweep_deadlines": CLOCK, "deliver": WORKER, "deliver_channels": CHANNELS}).values()
        ) == {"ok"}

    def test_a_deaf_clock_is_not_hidden_by_beats_own_sweep(self) -> None:
        found = watchdog.judge({"sweep_deadlines": STAND_IN, "deliver": WORKER, "deliver_channels": CHANNELS})
        assert found == {"clock": "down: beat sweeps in its place", "worker": "ok", "channels": "ok", "beat": "ok"}

    def test_a_clock_that_hears_no_tick_is_deaf_while_the_worker_hears_some(self) -> None:
        found = watchdog.judge({"sweep_deadlines": UNTICKED, "deliver": WORKER, "deliver_channels": CHANNELS})
        assert found == {"clock": "down: it hears no ticks", "worker": "ok", "channels": "ok", "beat": "ok"}

    def test_a_clock_that_goes_on_without_beat_is_not_blamed(self) -> None:
        found = watchdog.judge({"sweep_deadlines": UNTICKED, "deliver": OLD, "deliver_channels": OLD})
        assert (found["clock"], found["beat"]) == ("ok", "down: nobody hears it")

    @pytest.mark.parametrize("part", ["beat", "clock"])
    def test_a_sweep_without_a_tick_is_signed_as_the_watchdog_reads_it(self, part: str) -> None:
        assert watchdog.BY_ITSELF in fallback.StandIn(part)._name

    def test_an_old_heartbeat_is_silence(self) -> None:
        found = watchdog.judge({"sweep_deadlines": CLOCK, "deliver": OLD, "deliver_channels": CHANNELS})
        old = "down: last heartbeat 300 s ago"
        assert found == {"clock": "ok", "worker": old, "channels": "ok", "beat": "ok"}
        found = watchdog.judge({"sweep_deadlines": CLOCK, "deliver": WORKER, "deliver_channels": OLD})
        assert found == {"clock": "ok", "worker": "ok", "channels": old, "beat": "ok"}

    def test_beat_is_in_doubt_when_nobody_hears_it(self) -> None:
        assert (
            watchdog.judge({"sweep_deadlines": STAND_IN, "deliver": OLD, "deliver_channels": OLD})["beat"]
            == "down: nobody hears it"
        )
        assert set(watchdog.judge({}).values()) == {"down: no heartbeat yet", "down: nobody hears it"}


def own_database() -> str:
    """The address of the test's clone: that of the server with the name changed."""
    return urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.mark.django_db(transaction=True)
class TestReading:
    def test_heartbeats_are_read_without_a_thread(self) -> None:
        heartbeats.beat(name="sweep_deadlines", took_ms=1, by=CLOCK.by)
        found = asyncio.run(watchdog.read_beats(own_database()))
        assert found is not None
        assert found["sweep_deadlines"].by == CLOCK.by
        assert 0 <= found["sweep_deadlines"].age < 30

    def test_states_of_servers_and_parts(self, own_redis_database: str) -> None:
        heartbeats.beat(name="sweep_deadlines", took_ms=1, by=CLOCK.by)
        heartbeats.beat(name="deliver", took_ms=1, by=WORKER.by)
        heartbeats.beat(name="deliver_channels", took_ms=1, by=CHANNELS.by)
        found = asyncio.run(watchdog.states(database=own_database(), redis=own_redis_database))
        assert found == dict.fromkeys(("database", "redis", "clock", "worker", "channels", "beat"), "ok")

    @pytest.mark.parametrize(("by", "code"), [(CLOCK.by, 0), (STAND_IN.by, 1)])
    def test_the_check_of_a_container_answers_by_its_exit_code(
        self, by: str, code: int, own_redis_database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heartbeats.beat(name="sweep_deadlines", took_ms=1, by=by)
        monkeypatch.setenv("DATABASE_URL", own_database())
        monkeypatch.setenv("REDIS_URL", own_redis_database)
        assert watchdog.main(["clock"]) == code

    def test_with_redis_gone_no_part_is_blamed(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", own_database())
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
        assert watchdog.main(["clock"]) == 0
        assert "nobody is to blame" in capsys.readouterr().out


def test_a_database_that_is_gone_is_no_answer() -> None:
    assert asyncio.run(watchdog.read_beats(NOBODY)) is None


def test_a_server_that_accepts_and_says_nothing_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "ASK_SECONDS", 0.3)

    async def run(port: int) -> tuple[object, bool]:
        beats = await watchdog.read_beats(f"postgres://nobody@127.0.0.1:{port}/nothing")
        return beats, await watchdog.answers(f"redis://:secret@127.0.0.1:{port}/0")

    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert asyncio.run(run(silent.getsockname()[1])) == (None, False)


class TestGuard:
    """The wrapper of a container's worker."""

    @staticmethod
    def say(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
        async def check(part: str) -> str:
            return words

        monkeypatch.setattr(watchdog, "check", check)

    def test_a_worker_that_ends_by_itself_ends_it_with_its_code(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.say(monkeypatch, "ok")
        assert watchdog.main(["clock", "--", sys.executable, "-c", "raise SystemExit(7)"]) == 7

    def test_a_deaf_worker_is_ended_even_if_it_does_not_listen(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.say(monkeypatch, "down: last heartbeat 40 s ago")
        monkeypatch.setattr(watchdog, "END_SECONDS", 0.3)
        stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
        started = time.monotonic()
        code = asyncio.run(watchdog.guard("clock", [sys.executable, "-c", stubborn], look=0.1, start=1.0))
        assert code == 1
        assert time.monotonic() - started < 20
        assert "clock is deaf (down: last heartbeat 40 s ago): ending it" in capsys.readouterr().err

    def test_a_worker_that_is_heard_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.say(monkeypatch, "ok")
        monkeypatch.setattr(watchdog, "DEAF_SECONDS", 0.0)
        code = [sys.executable, "-c", "import time; time.sleep(1)"]
        assert asyncio.run(watchdog.guard("clock", code, look=0.1, start=0.0)) == 0

    def test_a_stop_is_passed_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.say(monkeypatch, "ok")

        async def scene() -> int:
            work = asyncio.ensure_future(
                watchdog.guard("clock", [sys.executable, "-c", "import time; time.sleep(60)"], look=5)
            )
            await asyncio.sleep(0.5)
            os.kill(os.getpid(), signal.SIGTERM)
            return await asyncio.wait_for(work, 10)

        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            assert asyncio.run(scene()) == -signal.SIGTERM
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)


@pytest.mark.django_db(transaction=True)
def test_a_frozen_clock_worker_is_replaced_and_beats_again(
    folder: Folder,
    own_redis_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Real processes. Beat sweeps in its place meanwhile, and is left alone."""
    monkeypatch.setattr(health, "WATCH_SECONDS", 0.2)
    monkeypatch.setattr(health, "DEAF_SECONDS", 2.0)
    monkeypatch.setattr(health, "GRACE_SECONDS", 0.5)
    monkeypatch.setattr(watchdog, "WORKER_SECONDS", 600.0)
    heartbeats.beat(name="deliver", took_ms=1, by=WORKER.by)  # somebody hears beat: it is not in doubt
    database = own_database()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": own_redis_database,
        "VAR_DIR": str(folder.path),
        "BREAK_GLASS_DIR": str(folder.path / "glass"),
    }

    async def swept_by(words: str) -> None:
        while not ((beats := await watchdog.read_beats(database)) and _is_fresh(beats, words)):
            await asyncio.sleep(0.2)

    async def scene(house: Supervisor) -> tuple[int, int, int, int]:
        specs = {spec.name: spec for spec in portal.celery_specs(environment, Path(folder.path))}
        clock, beat = await house.launch(specs["clock"]), await house.launch(specs["beat"])
        await asyncio.wait_for(swept_by("clock on"), 60)
        house.background(health.watch(house, database=database, redis=own_redis_database))
        before = clock.pid, beat.pid
        os.killpg(clock.pid, signal.SIGSTOP)
        await asyncio.wait_for(swept_by("beat by itself on"), 20)
        async with asyncio.timeout(60):
            while clock.pid == before[0]:
                await asyncio.sleep(0.1)
        await asyncio.wait_for(swept_by(f"clock on {os.uname().nodename}, process {clock.pid}"), 60)
        return *before, clock.pid, beat.pid

    async def run() -> tuple[int, int, int, int]:
        async with supervised(folder) as house:
            return await scene(house)

    old_clock, old_beat, clock, beat = asyncio.run(run())
    assert clock != old_clock
    assert beat == old_beat
    assert "clock has done nothing for 2 s: starting it again." in capsys.readouterr().err


@contextlib.asynccontextmanager
async def supervised(folder: Folder) -> AsyncIterator[Supervisor]:
    house = Supervisor(folder, environment={}, report=Report(quiet=True))
    try:
        yield house
    finally:
        await house.stop()


def _is_fresh(beats: dict[str, Beat], words: str) -> bool:
    beat = beats.get("sweep_deadlines")
    return beat is not None and beat.age < 2 and beat.by.startswith(words)
