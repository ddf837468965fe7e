"""Runs of the engine for tests that need servers or the whole portal of their own, in a VAR_DIR of their own."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread, Timer

import pytest

from mim_portal.embedded import discovery
from mim_portal.embedded.process import tail

READY_SECONDS = 60.0
GONE_SECONDS = 10.0
LONGEST_SECONDS = (
    1500.0  # a run that hangs is killed, so that its test fails instead of waiting: never a slow machine's
)
KEPT_LINES = 2000  # of what a run said
SHOWN_LINES = 25  # of it, and of each process's log, when a test failed
ENGINE = [sys.executable, "-m", "mim_portal.embedded"]
# The language checker has tests of its own; here it would only cost memory.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("MIM_") and name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORT", "LIVE_PORT"}
} | {"LANGUAGETOOL_URL": "http://127.0.0.1:9"}


class Run:
    """A command that runs. What it says is read at once: a pipe that nobody empties stops whoever writes to it."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.said: deque[str] = deque(maxlen=KEPT_LINES)
        self._unheard: SimpleQueue[str | None] = SimpleQueue()
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait_for(self, words: str) -> list[str]:
        """The lines, from the last that was waited for up to the one that says these words."""
        lines: list[str] = []
        while (line := self._unheard.get()) is not None:
            lines.append(line)
            if words in line:
                return lines
        pytest.fail(f"the run ended without saying {words!r}: {lines}")

    def join(self) -> None:
        """Wait until all that was said has been read."""
        self._listener.join(GONE_SECONDS)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            self._unheard.put(line)
        self._unheard.put(None)

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(READY_SECONDS)


def processes_of(folder: Path) -> dict[int, str]:
    """Everything that names this folder on its command line or in its environment, or that works in it."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                where = os.readlink(entry / "cwd")
                environment = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if str(folder) in words or str(folder) in where or f"VAR_DIR={folder}".encode() in environment:
                found[int(entry.name)] = words
    return found


def wait_until_gone(folder: Path) -> None:
    patience = time.monotonic() + GONE_SECONDS
    while left := processes_of(folder):
        assert time.monotonic() < patience, f"left behind: {left}"
        time.sleep(0.1)


@contextmanager
def var_dir() -> Iterator[Path]:
    """A VAR_DIR under the system's temporary folder, where PostgreSQL's ordinary account may enter."""
    with TemporaryDirectory(prefix="mim-house-") as path:
        os.chmod(path, 0o755)
        yield Path(path) / "var"


@contextmanager
def started(command: list[str], folder: Path, **environment: str) -> Iterator[Run]:
    """Run a command in a process group of its own, as a terminal does; afterwards nothing of it may be left."""
    process = subprocess.Popen(
        command,
        cwd=discovery.REPOSITORY,
        env={**ENVIRONMENT, **environment, "VAR_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    limit = Timer(LONGEST_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
    limit.start()
    with process:
        run = Run(process, folder)
        try:
            yield run
        finally:
            limit.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(READY_SECONDS)
            run.join()
            _tell(run)
    wait_until_gone(folder)


def _tell(run: Run) -> None:
    """What the run and each of its processes said last, which pytest shows of a test that failed."""
    sys.stdout.writelines(["The run said:\n", *list(run.said)[-SHOWN_LINES:]])
    for log in sorted(run.folder.rglob("*.log")):
        sys.stdout.write(f"{log.name}:\n{tail(log, SHOWN_LINES)}\n")
