"""What breaks things in the fault tests breaks nothing else: numbers of processes are given out again."""

import os
import signal
from pathlib import Path

import pytest

from mim_portal.embedded.process import Spec
from tests.faults.part import Part
from tests.faults.waiting import wait_until


@pytest.fixture
def part(tmp_path: Path) -> Part:
    return Part(Spec(name="sleep", argv=["sleep", "60"], environment=dict(os.environ)), tmp_path / "sleep.log")


def test_what_was_killed_is_not_signalled_again(part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    part.start()
    part.kill()
    told: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda _, number: told.append(number))
    monkeypatch.setattr(os, "kill", lambda _, number: told.append(number))
    for deed in (part.thaw, part.freeze, part.stop, part.kill):
        deed()
    assert told == []


def test_what_died_by_itself_keeps_its_number_until_it_is_buried(part: Part) -> None:
    part.start()
    os.kill(part.pid, signal.SIGKILL)
    wait_until(lambda: not part.is_running, seconds=5)
    assert Path(f"/proc/{part.pid}").exists()
    part.stop()
    assert not Path(f"/proc/{part.pid}").exists()


def test_it_starts_again_and_stops_as_asked(part: Part) -> None:
    first = part.start().pid
    part.kill()
    assert part.start().pid != first
    assert part.is_running
    part.stop()
    assert not part.is_running
