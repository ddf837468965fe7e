"""One process of the house, which can be killed, frozen, thawed, stopped in order and started again."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mim_portal.embedded.process import Spec, dies_with_parent, tail

STOP_SECONDS = 10.0
PAUSE_SECONDS = 0.02


class Part:
    """What a Spec of the product's own engine starts, without the engine's care for it."""

    def __init__(self, spec: Spec, log: Path) -> None:
        self.spec = spec
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._is_buried = False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended. Until it is buried its number stays its own, and may be signalled."""
        if self._process is None or self._is_buried:
            return False
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def start(self, **environment: str) -> "Part":
        """Start it, with more variables where given; nothing if it runs."""
        if self.is_running:
            return self
        self._bury()
        account = self.spec.account.popen() if self.spec.account else {}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.spec.argv,
                env={**self.spec.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=dies_with_parent(signal.SIGKILL),
                **account,
            )
        self._is_buried = False
        return self

    def kill(self) -> None:
        """kill -9 of everything that it started."""
        self._bury()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self, number: signal.Signals | None = None) -> None:
        """As an operator stops it; what does not end is killed."""
        if self.is_running:
            os.kill(self.pid, number or self.spec.stop_signal)
            patience = time.monotonic() + STOP_SECONDS
            while self.is_running and time.monotonic() < patience:
                time.sleep(PAUSE_SECONDS)
        self._bury()

    def last_lines(self) -> str:
        return tail(self.log, 20)

    def named(self, name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> "Part":
        """A further one like it, under another name."""
        argv = [*self.spec.argv, *arguments]
        spec = replace(self.spec, name=name, argv=argv, environment={**self.spec.environment, **(environment or {})})
        return Part(spec, self.log.with_name(f"{name}.log"))

    def _bury(self) -> None:
        """Kill what is left of its group, once: after that the number may be anybody's, a server's of the tests too."""
        if self._process is not None and not self._is_buried:
            self._signal(signal.SIGKILL)
            self._process.wait(STOP_SECONDS)
            self._is_buried = True

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and not self._is_buried:
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):
                return
