"""The clock dies, stops, freezes or is there many times over: each step is taken once, and in time."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from comms.models import UpdateDeadline
from comms.services import heartbeats
from comms.services.promises import sweep
from incidents.models import Incident
from mim_portal.embedded.process import Spec
from mim_portal.lib import dbtime
from tests.faults import checker
from tests.faults.house import House
from tests.faults.part import Part
from tests.faults.town import Town, due
from tests.faults.waiting import wait_until

# A sweep that stops dead with everything locked: its process is frozen before the first mark.
FROZEN_SWEEP = """
import os, signal, django
django.setup()
from comms.services.promises import sweep
sweep._mark = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGSTOP)
while True:
    sweep.sweep_deadlines(by="frozen")
"""


def recorded(incidents: list[Incident], *, seconds: float = 30.0) -> list[float]:
    wait_until(lambda: checker.all_recorded(incidents), seconds=seconds)
    return checker.lateness(incidents)


def delivered(house: House, incidents: list[Incident]) -> checker.Mail:
    """Every notice of these incidents has arrived, each once."""
    ids = checker.notices_of(incidents)
    wait_until(lambda: checker.are_finished(ids), seconds=30)
    found = checker.mail(ids, sink=house.sink)
    assert (found.lost, found.repeated) == (0, 0)
    return found


def test_kill_9_of_the_clock_and_of_beat_across_due_times(
    house: House, town: Town, counted: Callable[..., None]
) -> None:
    house.run("clock", "beat", "worker")
    clock, beat = house.parts["clock"], house.parts["beat"]
    while_beat_lives = town.promises(12, first=1.0, last=5.0)
    time.sleep(2)
    clock.kill()
    first = recorded(while_beat_lives)
    clock.start()
    house.wait_working("clock")

    while_beat_dies = town.promises(12, first=0.5, last=4.0)
    time.sleep(2)
    beat.kill()
    killed_at = dbtime.now()
    beat.start()
    recorded(while_beat_dies)
    after_kill = [
        (row.missed_at - max(row.due_at, killed_at)).total_seconds()
        for row in UpdateDeadline.objects.filter(incident__in=while_beat_dies)
        if row.missed_at is not None
    ]

    notices = delivered(house, [*while_beat_lives, *while_beat_dies])
    counted(missed=24, notices=notices.deliveries, worst_clock_killed_s=first[-1], worst_beat_killed_s=max(after_kill))
    assert first[-1] <= checker.RECORDED_WITHIN
    assert max(after_kill) <= checker.RECORDED_WITHIN


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_the_clock_worker_stops_and_beat_sweeps_by_itself(
    house: House, town: Town, counted: Callable[..., None], how: str
) -> None:
    house.run("clock", "beat", "worker")
    clock = house.parts["clock"]
    incidents = town.promises(10, first=1.0, last=4.0)
    time.sleep(1.5)
    clock.stop() if how == "stopped" else clock.freeze()
    late = recorded(incidents)
    last = heartbeats.last(name=sweep.HEARTBEAT)
    assert last is not None
    assert last.by.startswith("beat by itself")

    clock.thaw()
    clock.start()
    house.wait_working("clock")

    counted(missed=len(late), notices=delivered(house, incidents).deliveries, worst_s=late[-1])
    # Frozen in the middle of a batch, it holds its locks until the database puts it aside (sweep.FROZEN_AFTER).
    assert late[-1] <= (checker.RECORDED_WITHIN if how == "stopped" else checker.CAUGHT_UP_WITHIN)


@pytest.mark.parametrize("name", ["beat", "clock"])
def test_both_stopped_and_one_comes_back(house: House, town: Town, counted: Callable[..., None], name: str) -> None:
    house.run("clock", "beat", "worker")
    house.parts["clock"].kill()
    house.parts["beat"].kill()
    incidents = town.promises(10, first=0.2, last=2.0)
    time.sleep(3)
    assert not UpdateDeadline.objects.filter(incident__in=incidents).exclude(missed_at=None).exists()

    back_at = dbtime.now()
    house.parts[name].start()
    recorded(incidents)
    took = max(
        (row.missed_at - back_at).total_seconds()
        for row in UpdateDeadline.objects.filter(incident__in=incidents)
        if row.missed_at is not None
    )

    counted(missed=len(incidents), notices=delivered(house, incidents).deliveries, caught_up_s=took)
    assert took <= checker.CAUGHT_UP_WITHIN


def test_two_beats_and_four_clock_workers_take_each_step_once(
    house: House, town: Town, counted: Callable[..., None]
) -> None:
    house.run("clock", "beat", "worker")
    clock, beat = house.parts["clock"], house.parts["beat"]
    more = [_clock(clock, f"clock{number}") for number in (2, 3, 4)] + [beat.named("beat2")]
    try:
        more[3].start()
        _wait_for_all([part.start() for part in more[:3]])
        incidents = town.promises(30, first=1.0, last=4.0)
        _escalated(incidents[:10])
        recorded(incidents, seconds=60)
        late = checker.lateness(incidents[10:])
        rows = UpdateDeadline.objects.filter(incident__in=incidents[:10])
        wait_until(lambda: not rows.filter(practice_lead_told_at=None).exists(), seconds=10)
        assert all(part.is_running for part in more)
        notices = delivered(house, incidents)
        counted(missed=30, notices=checker.told_once(incidents), arrived=notices.deliveries, worst_s=late[-1])
        assert late[-1] <= checker.RECORDED_WITHIN
    finally:
        for part in more:
            part.kill()


def _wait_for_all(clocks: list[Part]) -> None:
    """Each of them has swept; the second beat was started before them."""
    waiting = {clock.pid for clock in clocks}

    def all_have_swept() -> bool:
        last = heartbeats.last(name=sweep.HEARTBEAT)
        waiting.discard(int(last.by.rpartition(" ")[2]) if last else 0)
        return not waiting

    wait_until(all_have_swept, seconds=60)


def _clock(like: Part, name: str) -> Part:
    argv = [word.replace("clock@%h", f"{name}@%h") for word in like.spec.argv]
    return Part(replace(like.spec, name=name, argv=argv), like.log.with_name(f"{name}.log"))


def _escalated(incidents: list[Incident]) -> None:
    """These were due five minutes earlier and their steps wait: deputy and practice lead hear in one sweep."""
    for row in UpdateDeadline.objects.filter(incident__in=incidents):
        UpdateDeadline.objects.filter(pk=row.pk).update(
            due_at=row.due_at - timedelta(minutes=5), next_action_at=row.due_at
        )


def test_a_sweep_that_freezes_with_everything_locked_is_put_aside(
    house: House, town: Town, counted: Callable[..., None]
) -> None:
    house.parts["clock"].stop()
    house.run("beat")
    spec = Spec(name="frozen", argv=[sys.executable, "-c", FROZEN_SWEEP], environment=house.environment)
    frozen = Part(spec, house.folder.log("frozen"))
    incident = town.declare()
    house.parts["beat"].freeze()
    frozen.start(PYTHONPATH=os.getcwd())
    try:
        due(incident, at=dbtime.now())
        wait_until(lambda: _is_frozen(frozen.pid), seconds=60, why=frozen.last_lines)
        house.parts["beat"].thaw()
        started = dbtime.now()
        recorded([incident])
        missed_at = UpdateDeadline.objects.get(incident=incident).missed_at
        assert missed_at is not None
        took = (missed_at - started).total_seconds()
        counted(missed=1, taken_over_s=took)
        assert took <= sweep.FROZEN_AFTER.total_seconds() + 1.0
    finally:
        frozen.kill()


def _is_frozen(pid: int) -> bool:
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "T"
