"""One process of the house, which can be killed, frozen, thawed, stopped in order and started again."""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mim_portal.embedded.process import Spec, dies_with_parent, tail

STOP_SECONDS = 10.0


class Part:
    """What a Spec of the product's own engine starts, without the engine's care for it."""

    def __init__(self, spec: Spec, log: Path) -> None:
        self.spec = spec
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, **environment: str) -> "Part":
        """Start it, with more variables where given; nothing if it runs."""
        if self.is_running:
            return self
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
        return self

    def kill(self) -> None:
        """kill -9 of everything that it started."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(STOP_SECONDS)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self, number: signal.Signals | None = None) -> None:
        """As an operator stops it; what does not end is killed."""
        if self._process is None:
            return
        if self.is_running:
            self._process.send_signal(number or self.spec.stop_signal)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._signal(signal.SIGKILL)

    def last_lines(self) -> str:
        return tail(self.log, 20)

    def named(self, name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> "Part":
        """A further one like it, under another name."""
        argv = [*self.spec.argv, *arguments]
        spec = replace(self.spec, name=name, argv=argv, environment={**self.spec.environment, **(environment or {})})
        return Part(spec, self.log.with_name(f"{name}.log"))

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):
                return
