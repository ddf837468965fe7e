"""`make run`, whole: healthy, found by manage.py, and gone after Ctrl-C and after worse."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.request import urlopen

import pytest

from mim_portal.embedded import discovery
from mim_portal.embedded.ports import free_port
from tests import houses, migrated
from tests.houses import Run

SECOND_START_SECONDS = 8.0
STARTS = 2
ROLES = ("ada", "mia", "omar", "carla", "desmond", "dara", "petra", "dan", "audra", "rosa", "nils", "eve", "olaf")
PROMISED = ("database", "redis", "clock", "worker")


@pytest.fixture
def house() -> Iterator[Path]:
    with houses.var_dir() as folder:
        yield folder


def _make_run(house: Path) -> AbstractContextManager[Run]:
    ports = {"PORT": str(free_port()), "LIVE_PORT": str(free_port())}
    return houses.started(["make", "--silent", "run"], house, **ports)


def _allowed() -> float:
    """Eight seconds on a machine with nothing else to do; more, in proportion, where others wait for its processors."""
    return SECOND_START_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _manage(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "VAR_DIR": str(folder)}
    return subprocess.run(
        command, cwd=discovery.REPOSITORY, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_from_the_first_start_to_a_killed_supervisor(house: Path) -> None:
    with _make_run(house) as first:
        told = "".join(first.wait_for("Ctrl-C stops everything"))
        found = discovery.environment(house)
        assert f"MIM Portal: {found['BASE_URL']}/" in told
        assert [person for person in ROLES if f" {person} " not in told] == []
        with urlopen(f"{found['BASE_URL']}/readyz", timeout=10) as answer:
            components = json.load(answer)["components"]
        assert {name: components[name] for name in PROMISED} == dict.fromkeys(PROMISED, "ok")
        assert len(_manage(house, "token", "mia", "--scope", "read").split()) == 1
        assert migrated.schema(found["DATABASE_URL"]) == migrated.schema()  # what other tests restore
        assert (house / "accounts.txt").stat().st_mode & 0o777 == 0o600
        os.killpg(first.process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C

    seconds: list[float] = []
    while len(seconds) < STARTS and not any(taken < _allowed() for taken in seconds):
        started = time.monotonic()
        with _make_run(house) as second:
            second.wait_for("The portal answers")
            seconds.append(time.monotonic() - started)
            second.wait_for("Ready.")
            [supervisor] = [pid for pid, words in houses.processes_of(house).items() if "mim_portal.embedded" in words]
            os.kill(supervisor, signal.SIGKILL)  # nobody is left to stop the others: they are tied to it
    assert min(seconds) < _allowed()
