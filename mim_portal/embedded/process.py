"""One child process: started in a group of its own, tied to our life, logged to a file, stopped with all it started."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mim_portal.embedded.accounts import Account

LOG_LIMIT_BYTES = 5 * 2**20
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, kw_only=True)
class Spec:
    """How to run one child. ``restarts`` is how often in a row it may die before that ends the run."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 8.0
    restarts: int = 0
    optional: bool = False


class Child:
    """A running instance of a Spec; ``start`` may be called again after it has ended."""

    def __init__(self, spec: Spec, log: Path) -> None:
        self.spec = spec
        self.log = log
        self.stopping = False
        self.started_at = 0.0
        self._process: asyncio.subprocess.Process | None = None
        self._is_buried = False

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        self.started_at = time.monotonic()
        options = self.spec.account.popen() if self.spec.account else {}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.spec.argv,
                env=dict(self.spec.environment) or None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=dies_with_parent(self.spec.stop_signal),
                **options,
            )
        self._is_buried = False

    async def ended(self) -> int:
        """Wait for the end and say how it ended: the exit code, negative for a signal."""
        if self._process is None:
            return 0
        code = await self._process.wait()
        self._signal_group(signal.SIGKILL)
        return code

    async def stop(self) -> None:
        """Ask politely, then insist; whatever it started goes with it."""
        self.stopping = True
        if self._process is None:
            return
        if self.running:
            self._signal_leader(self.spec.stop_signal)
            try:
                await asyncio.wait_for(self._process.wait(), self.spec.grace)
            except TimeoutError:
                self._signal_group(signal.SIGKILL)
                await self._process.wait()
        self._signal_group(signal.SIGKILL)

    def kill(self) -> None:
        self.stopping = True
        self._signal_group(signal.SIGKILL)

    def ask_to_end(self) -> None:
        """Ask politely, without giving up on it: its Spec says what follows."""
        self._signal_leader(self.spec.stop_signal)

    def put_down(self) -> None:
        """End it at once as if it had died by itself; its Spec says what follows."""
        self._signal_group(signal.SIGKILL)

    def last_lines(self, count: int = 12) -> str:
        return tail(self.log, count)

    def trim_log(self) -> None:
        """Keep the log small: past its limit the current text becomes ``NAME.log.1`` and the file starts anew."""
        try:
            if self.log.stat().st_size <= LOG_LIMIT_BYTES:
                return
            self.log.with_name(self.log.name + ".1").write_bytes(self.log.read_bytes())
            os.truncate(self.log, 0)
        except OSError:
            return

    def _signal_leader(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            try:
                self._process.send_signal(number)
            except ProcessLookupError:
                return

    def _signal_group(self, number: signal.Signals) -> None:
        """What it started may outlive it and is killed once; after that the number may be anybody's."""
        if self._process is not None and not self._is_buried:
            self._is_buried = number == signal.SIGKILL and not self.running
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):
                return


async def output_of(
    argv: Sequence[str], *, environment: Mapping[str, str] | None = None, account: Account | None = None
) -> tuple[int, str]:
    """Run a short-lived tool to its end: exit code and what it said. Cancelled, it goes with all it started."""
    options = account.popen() if account else {}
    process = await asyncio.create_subprocess_exec(
        *argv, env=dict(environment) if environment is not None else None, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        process_group=0, preexec_fn=dies_with_parent(signal.SIGKILL), **options,
    )  # fmt: skip
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    return process.returncode or 0, output.decode(errors="replace")


def dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A function for a new child to run before its program: when we die, however we die, it is signalled (Linux)."""
    if _libc is None:
        return None
    parent = os.getpid()
    libc = _libc

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def wait_without_threads() -> None:
    """Have asyncio wait for children by file descriptor, as it does by itself from Python 3.12 on.

    A thread for each child, the older way, is not only waste: when a process with threads is killed, its children are
    handed from one dying thread to the next and get the death signal each time, and granian deadlocks on the second.
    """
    if sys.platform == "linux" and sys.version_info < (3, 12):
        with contextlib.suppress(OSError):
            os.close(os.pidfd_open(os.getpid()))
            asyncio.set_child_watcher(asyncio.PidfdChildWatcher())


def die_with_our_parent() -> None:
    """Tie this process itself to the one that started it (``make``): Linux only, a no-op elsewhere."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def tail(log: Path, count: int) -> str:
    """The last lines of a log that say something."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 16384))
            lines = stream.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join([line for line in lines if line.strip()][-count:])
