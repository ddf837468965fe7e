"""What ``/readyz`` says at the start, and afterwards what heartbeats say of workers that live but no longer work."""

import asyncio
import contextlib
import json
import time

from mim_portal.embedded import watchdog
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.http import Answer, request
from mim_portal.embedded.supervisor import Supervisor

READY_SECONDS = 150.0
WATCH_SECONDS = 2.0
# A worker that has done nothing for so long, with its servers up, is deaf.
DEAF_SECONDS = 20.0
# Time for a restarted worker to show that it works before it is suspected again.
# It is longer than the supervisor remembers a death, so that a worker in trouble does not end the run.
REST_SECONDS = 75.0
GRACE_SECONDS = 3.0
SERVERS_OF_WORKERS = ("database", "redis")


async def answers(port: int, path: str) -> bool:
    """Wait until this path is answered with 200."""
    while (await ask(port, path)).status != 200:
        await asyncio.sleep(0.05)
    return True


async def ask(port: int, path: str) -> Answer:
    """One request; an answer with status 0 when nobody sensible answers."""
    with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
        return await request(port, path, seconds=5.0)
    return Answer(status=0, body=b"")


async def wait_healthy(port: int, *, logs: str) -> None:
    """Every component that promises depend on says ok; the language checker may follow."""
    patience = time.monotonic() + READY_SECONDS
    while (answer := await ask(port, "/readyz")).status != 200:
        if time.monotonic() > patience:
            raise Failure(f"The portal is not healthy after {READY_SECONDS:g} s: {unwell(answer)}. See {logs}.")
        await asyncio.sleep(0.2)


async def watch(supervisor: Supervisor, *, database: str, redis: str) -> None:
    """End the worker that is deaf, so that it is started again like one that died."""
    ear = Ear()
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        states = await watchdog.states(database=database, redis=redis)
        deaf = ear.deaf(states, now=time.monotonic())
        for name in deaf:
            supervisor.report.warning(f"{name} has done nothing for {DEAF_SECONDS:g} s: starting it again.")
        children = [child for child in supervisor.children if child.spec.name in deaf]
        await asyncio.gather(*(watchdog.replace(child, grace=GRACE_SECONDS) for child in children))


class Ear:
    """Remembers since when each worker has been silent."""

    def __init__(self) -> None:
        self._silent_since: dict[str, float] = {}

    def deaf(self, states: dict[str, str], *, now: float) -> list[str]:
        """The workers to start again now. With a server down, or none answering, nobody is to blame."""
        if any(states.get(server) != "ok" for server in SERVERS_OF_WORKERS):
            self._silent_since.clear()
            return []
        found = []
        for name in watchdog.PARTS:
            if not states.get(name, "").startswith("down"):
                self._silent_since.pop(name, None)
            elif now - self._silent_since.setdefault(name, now) >= DEAF_SECONDS:
                self._silent_since[name] = now + REST_SECONDS - DEAF_SECONDS
                found.append(name)
        return found


def components(answer: Answer) -> dict[str, str]:
    """Each component's state, empty when the answer has none."""
    try:
        found = json.loads(answer.body)["components"]
        return {str(name): str(state) for name, state in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def unwell(answer: Answer) -> str:
    """Which components are not ok, in words."""
    states = components(answer)
    if not states:
        return f"/readyz answers with status {answer.status}" if answer.status else "web does not answer"
    return ", ".join(f"{name} {state}" for name, state in states.items() if state != "ok") or "no reason given"
