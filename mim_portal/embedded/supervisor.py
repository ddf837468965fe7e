"""Starts children, watches them, and stops them all: one supervisor, one lock, nothing left behind."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.process import Child, Spec
from mim_portal.embedded.report import Report

SETTLED_SECONDS = 60.0
BACKOFF_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
LOG_CHECK_SECONDS = 5.0
IMPATIENCE_SECONDS = 1.0


class Supervisor:
    """The children of one run, in the order they were started."""

    def __init__(self, folder: Folder, *, environment: Mapping[str, str], report: Report) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self.report = report
        self.children: list[Child] = []
        self.closing: list[Callable[[], object]] = []  # called when the stop begins
        self.tidying: list[Callable[[], object]] = []  # called when every child is gone
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked_to_stop_at: float | None = None
        self.background(self._trim_logs())

    async def launch(self, spec: Spec) -> Child:
        """Start a child; from now on its death ends the run, or restarts it, as its Spec says."""
        child = Child(spec, self.folder.log(spec.name))
        try:
            await child.start()
        except OSError as error:
            raise Failure(f"{spec.name} could not be started: {error}.") from error
        self.children.append(child)
        self.background(self._watch(child))
        return child

    async def run_once(self, spec: Spec) -> None:
        """Run a command to its end; a failure shows its last lines."""
        child = Child(spec, self.folder.log(spec.name))
        await child.start()
        self.children.append(child)
        try:
            code = await child.ended()
        finally:
            self.children.remove(child)
            await child.stop()
        if code:
            raise Failure(
                f"{spec.name} failed (exit {code}): the reason stands below and in {child.log}.",
                details=child.last_lines(8),
            )

    async def wait_ready(self, child: Child, ready: Coroutine[Any, Any, bool], *, seconds: float) -> None:
        """Wait until a child answers; its death ends the wait at once."""
        answer, death = asyncio.ensure_future(ready), asyncio.ensure_future(child.ended())
        try:
            await asyncio.wait({answer, death}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                await answer
                return
            name = child.spec.name
            if death.done():
                raise Failure(f"{name} ended while starting: see {child.log}.", details=child.last_lines())
            raise Failure(f"{name} did not answer within {seconds:g} s: see {child.log}.", details=child.last_lines())
        finally:
            for task in (answer, death):
                task.cancel()

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside everything else until the end; an unexpected error there ends the run."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._settle)

    def listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.request_stop)

    def request_stop(self) -> None:
        """The first request stops in order, a later one at once; make passes on what its group got as well."""
        now = time.monotonic()
        if self._asked_to_stop_at is None:
            self._asked_to_stop_at = now
            if not self._ended.done():
                self._ended.set_result(None)
        elif now - self._asked_to_stop_at >= IMPATIENCE_SECONDS:
            for child in self.children:
                child.kill()

    async def until_ended(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work, and end early when someone asks to stop or a child that matters has died."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, self._ended}, return_when=asyncio.FIRST_COMPLETED)
            if self._ended.done():
                self._ended.result()
            else:
                await task
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task

    async def until_stopped(self) -> None:
        await asyncio.shield(self._ended)

    async def stop(self) -> None:
        """Stop the portal's processes together, then the servers together, and reap them all."""
        self.folder.withdraw()
        for child in self.children:
            child.stopping = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for close in self.closing:
            close()
        processes = [child for child in self.children if child.spec.name not in SERVERS]
        servers = [child for child in self.children if child.spec.name in SERVERS]
        await asyncio.gather(*(child.stop() for child in processes))
        await asyncio.gather(*(child.stop() for child in servers))
        for tidy in self.tidying:
            tidy()

    async def _watch(self, child: Child) -> None:
        deaths = 0
        while True:
            code = await child.ended()
            if child.stopping:
                return
            deaths = 1 if time.monotonic() - child.started_at > SETTLED_SECONDS else deaths + 1
            if deaths > child.spec.restarts:
                self._give_up(child, code, deaths)
                return
            pause = BACKOFF_SECONDS[min(deaths, len(BACKOFF_SECONDS)) - 1]
            again = f"starting it again in {pause:g} s ({deaths} of {child.spec.restarts})"
            self.report.warning(f"{child.spec.name} died ({describe(code)}): {again}.")
            await asyncio.sleep(pause)
            await child.start()

    def _give_up(self, child: Child, code: int, deaths: int) -> None:
        again = f" {deaths} times in a row" if deaths > 1 else ""
        message = f"{child.spec.name} died{again} ({describe(code)}): the reason stands below and in {child.log}."
        if child.spec.optional:
            self.report.failure(message, child.last_lines())
        elif not self._ended.done():
            self._ended.set_exception(Failure(message, details=child.last_lines()))

    def _settle(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if not self._ended.done():
            self._ended.set_exception(error)

    async def _trim_logs(self) -> None:
        while True:
            await asyncio.sleep(LOG_CHECK_SECONDS)
            for child in self.children:
                child.trim_log()


SERVERS = frozenset({"postgres", "redis", "languagetool"})


def describe(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"exit {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
