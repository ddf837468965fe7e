"""Runs of the engine for tests that need servers or the whole portal of their own, in a VAR_DIR of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

import pytest

from mim_portal.embedded import discovery

READY_SECONDS = 60.0
GONE_SECONDS = 10.0
LONGEST_SECONDS = 240.0  # a run that hangs is killed, so that its test fails instead of waiting
ENGINE = [sys.executable, "-m", "mim_portal.embedded"]
# The language checker has tests of its own; here it would only cost memory.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("MIM_") and name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORT", "LIVE_PORT"}
} | {"LANGUAGETOOL_URL": "http://127.0.0.1:9"}


@dataclass
class Run:
    process: "subprocess.Popen[str]"
    folder: Path

    def wait_for(self, words: str) -> list[str]:
        """The lines up to the one that says these words."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                return lines
        pytest.fail(f"the run ended without saying {words!r}: {lines}")

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
        try:
            yield Run(process, folder)
        finally:
            limit.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(READY_SECONDS)
    wait_until_gone(folder)
