"""Children are tied to the supervisor, and their deaths are told in one line."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mim_portal.embedded import process, supervisor
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.process import Child, Spec
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def _python(code: str, *, name: str = "child", restarts: int = 0, optional: bool = False, grace: float = 5.0) -> Spec:
    return Spec(
        name=name,
        argv=[sys.executable, "-c", code],
        environment=dict(os.environ),
        restarts=restarts,
        optional=optional,
        grace=grace,
    )


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _supervise(folder: Path, work: Callable[[Supervisor], Awaitable[None]]) -> Supervisor:
    """Run some work under a supervisor of its own, as the commands do."""
    house = Folder(folder)
    house.prepare()

    async def run() -> Supervisor:
        one = Supervisor(house, environment={}, report=Report(quiet=True))

        async def all_of_it() -> None:
            await work(one)

        try:
            await one.until_ended(all_of_it())
        finally:
            await one.stop()
        return one

    return asyncio.run(run())


def test_a_dead_child_ends_the_run_in_one_line_with_its_last_words(tmp_path: Path) -> None:
    async def work(one: Supervisor) -> None:
        await one.launch(_python("print('no memory left'); raise SystemExit(3)", name="web"))
        await one.until_stopped()

    with pytest.raises(Failure, match=r"web died \(exit 3\)") as failure:
        _supervise(tmp_path, work)
    assert len(str(failure.value).splitlines()) == 1
    assert failure.value.details == "no memory left"


def test_a_child_killed_from_outside_says_by_what(tmp_path: Path) -> None:
    async def work(one: Supervisor) -> None:
        child = await one.launch(_python("import time; time.sleep(60)"))
        os.kill(child.pid, signal.SIGKILL)
        await one.until_stopped()

    with pytest.raises(Failure, match="killed by SIGKILL"):
        _supervise(tmp_path, work)


def test_a_child_that_keeps_dying_is_restarted_a_few_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_SECONDS", (0.01,))

    async def work(one: Supervisor) -> None:
        await one.launch(_python("print('born'); raise SystemExit(1)", name="worker", restarts=2))
        await one.until_stopped()

    with pytest.raises(Failure, match="worker died 3 times in a row"):
        _supervise(tmp_path, work)
    assert (tmp_path / "log" / "worker.log").read_text(encoding="utf-8") == "born\n" * 3
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert "worker died (exit 1): starting it again" in told[0]


def test_one_death_after_a_long_life_is_forgiven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_SECONDS", (0.01,))
    monkeypatch.setattr(supervisor, "SETTLED_SECONDS", 0.0)
    count = tmp_path / "lives"

    async def work(one: Supervisor) -> None:
        await one.launch(_python(f"open({str(count)!r}, 'a').write('x')", restarts=1))
        while not count.exists() or len(count.read_text(encoding="utf-8")) < 4:
            await asyncio.sleep(0.02)

    _supervise(tmp_path, work)


def test_what_the_portal_can_do_without_does_not_end_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def work(one: Supervisor) -> None:
        child = await one.launch(_python("raise SystemExit(1)", name="languagetool", optional=True))
        await child.ended()
        await asyncio.sleep(0.05)

    _supervise(tmp_path, work)
    assert "languagetool died" in capsys.readouterr().err


def test_stopping_takes_the_stubborn_and_their_children_along(tmp_path: Path) -> None:
    pids: list[int] = []

    async def work(one: Supervisor) -> None:
        child = await one.launch(_python(STUBBORN, grace=0.3))
        log = one.folder.log("child")
        while not log.read_text(encoding="utf-8").strip():
            await asyncio.sleep(0.02)
        pids.extend([child.pid, int(log.read_text(encoding="utf-8"))])
        assert all(_alive(pid) for pid in pids)

    _supervise(tmp_path, work)
    time.sleep(0.05)
    assert not any(_alive(pid) for pid in pids)


def test_a_wait_watches_the_child_it_waits_for(tmp_path: Path) -> None:
    async def never() -> bool:
        await asyncio.sleep(60)
        return True

    async def dies(one: Supervisor) -> None:
        child = await one.launch(_python("print('bad option'); raise SystemExit(2)", name="postgres"))
        await one.wait_ready(child, never(), seconds=30)

    async def hangs(one: Supervisor) -> None:
        child = await one.launch(_python("import time; time.sleep(60)", name="redis"))
        await one.wait_ready(child, never(), seconds=0.1)

    with pytest.raises(Failure, match=r"postgres (ended while starting|died)") as failure:
        _supervise(tmp_path / "a", dies)
    assert failure.value.details == "bad option"
    with pytest.raises(Failure, match=r"redis did not answer within 0\.1 s"):
        _supervise(tmp_path / "b", hangs)


def test_a_failed_command_shows_its_last_lines(tmp_path: Path) -> None:
    async def work(one: Supervisor) -> None:
        await one.run_once(_python("print('ok')", name="collectstatic"))
        await one.run_once(_python("raise SystemExit('relation is missing')", name="prepare"))

    with pytest.raises(Failure, match=r"prepare failed \(exit 1\)") as failure:
        _supervise(tmp_path, work)
    assert failure.value.details == "relation is missing"


def test_a_program_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    async def work(one: Supervisor) -> None:
        await one.launch(Spec(name="redis", argv=["/nowhere/redis-server"]))

    with pytest.raises(Failure, match="redis could not be started"):
        _supervise(tmp_path, work)


def test_an_error_of_our_own_in_the_background_ends_the_run(tmp_path: Path) -> None:
    async def broken() -> None:
        raise LookupError("ours")

    async def work(one: Supervisor) -> None:
        one.background(broken())
        await one.until_stopped()

    with pytest.raises(LookupError, match="ours"):
        _supervise(tmp_path, work)


def test_asking_to_stop_ends_the_wait_and_asking_again_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "IMPATIENCE_SECONDS", 0.2)

    async def work(one: Supervisor) -> None:
        child = await one.launch(_python(STUBBORN, grace=30.0))
        while not one.folder.log("child").read_text(encoding="utf-8").strip():
            await asyncio.sleep(0.02)
        one.request_stop()
        one.request_stop()  # the same Ctrl-C, once more through make
        asyncio.get_running_loop().call_later(0.5, one.request_stop)
        await child.ended()

    started = time.monotonic()
    _supervise(tmp_path, work)
    assert 0.5 <= time.monotonic() - started < 20


def test_logs_stay_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_LIMIT_BYTES", 10)
    child = Child(_python("pass"), tmp_path / "web.log")
    child.trim_log()
    child.log.write_text("0123456789", encoding="utf-8")
    child.trim_log()
    assert child.log.stat().st_size == 10
    child.log.write_text("0123456789+", encoding="utf-8")
    child.trim_log()
    assert child.log.stat().st_size == 0
    assert (tmp_path / "web.log.1").read_text(encoding="utf-8") == "0123456789+"


def test_the_last_lines_that_say_something(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    assert process.tail(log, 2) == ""
    log.write_text("x" * 20000 + "\none\n\ntwo\n  \nthree\n\n", encoding="utf-8")
    assert process.tail(log, 2) == "two\nthree"


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit 0"), (1, "exit 1"), (-15, "killed by SIGTERM"), (-99, "killed by signal 99")]
)
def test_how_a_process_ended_in_words(code: int, words: str) -> None:
    assert supervisor.describe(code) == words


def test_a_cancelled_tool_goes_with_all_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    start = "import subprocess; p = subprocess.Popen(['sleep', '60'])"
    code = f"{start}; open({str(note)!r}, 'w').write(str(p.pid)); p.wait()"

    async def run() -> None:
        task = asyncio.ensure_future(process.output_of([sys.executable, "-c", code]))
        while not note.exists() or not note.read_text(encoding="utf-8"):
            await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    time.sleep(0.05)
    assert not _alive(int(note.read_text(encoding="utf-8")))


def test_a_child_that_has_ended_is_not_signalled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number may be somebody else's by then, the leader of another group."""
    told: list[int] = []

    async def run() -> None:
        child = Child(_python("pass"), tmp_path / "child.log")
        await child.start()
        await child.ended()
        monkeypatch.setattr(os, "killpg", lambda _, number: told.append(number))
        await child.stop()
        child.kill()
        child.put_down()

    asyncio.run(run())
    assert told == []
