"""A publish meets the sweep at the due moment, over and over: kept on time or missed, never both, and no deadlock."""

import statistics
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connections

from comms.choices import UpdateKind
from comms.models import Notice, UpdateDeadline
from comms.models.deadline import OPEN
from comms.services.promises import sweep
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from tests.faults import checker
from tests.faults.house import House
from tests.faults.town import Town, due

AUDIENCES = ("public", "executives")
# A publish begins so many times its own last duration before its promise is due: from surely late to surely on time.
LEADS = (0.0, 0.4, 0.7, 0.9, 1.0, 1.1, 1.3, 1.6, 2.0, 3.0)
AT_ONCE = 4
STUCK_SECONDS = 60  # without a publish of anybody; slow ones are no deadlock


@pytest.mark.parametrize("times", [100, pytest.param(1000, marks=pytest.mark.long_fault)])
def test_publishing_races_the_clock(house: House, town: Town, counted: Callable[..., None], times: int) -> None:
    """The clock worker and beat sweep as they do in production, with a second sweeper that never rests beside them."""
    house.run("clock", "beat")
    incidents = [town.declare(audiences=AUDIENCES) for _ in range(AT_ONCE)]
    stopped = threading.Event()
    errors: list[Exception] = []
    took: list[float] = []
    threads = [threading.Thread(target=_sweeping, args=(stopped, errors))]
    threads += [
        threading.Thread(target=_publishing, args=(town, incident, times // AT_ONCE, took, errors))
        for incident in incidents
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads[1:]):
        before = len(took)
        for thread in threads[1:]:
            thread.join(STUCK_SECONDS / AT_ONCE)
        is_going_on = len(took) > before or not any(thread.is_alive() for thread in threads[1:])
        assert is_going_on, f"no publish within {STUCK_SECONDS} s after {before}: deadlock"
    stopped.set()
    threads[0].join(30)
    assert not errors, errors[0]

    on_time, late = _check(incidents)
    median, worst = round(statistics.median(took), 3), round(max(took), 3)
    counted(
        races=len(took), on_time=on_time, late=late, both=0, neither=0, publish_median_s=median, publish_worst_s=worst
    )
    assert on_time + late == times * len(AUDIENCES)
    assert on_time > 0
    assert late > 0


def _publishing(town: Town, incident: Incident, times: int, took: list[float], errors: list[Exception]) -> None:
    """One publish after the other, each begun by the length of the one before; their lengths, in seconds."""
    try:
        last = 0.05
        for number in range(times):
            update = town.draft(incident, kind=UpdateKind.HOLDING, audiences=AUDIENCES)
            lead = timedelta(seconds=last * LEADS[number % len(LEADS)])
            due_at = dbtime.now() + timedelta(seconds=0.15) + lead
            due(incident, at=due_at)
            _sleep_until(due_at - lead)
            began = time.monotonic()
            town.publish(update)
            last = time.monotonic() - began
            took.append(last)
    except Exception as error:
        errors.append(error)
    finally:
        connections.close_all()


def _sleep_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - dbtime.now()).total_seconds()))


def _sweeping(stopped: threading.Event, errors: list[Exception]) -> None:
    try:
        while not stopped.is_set():
            sweep.sweep_deadlines(by="race")
    except Exception as error:
        errors.append(error)
    finally:
        connections.close_all()


def _check(incidents: list[Incident]) -> tuple[int, int]:
    """Each promise was kept on time and not missed, or missed once and kept late."""
    kept = UpdateDeadline.objects.filter(incident__in=incidents, kept_at__isnull=False)
    recorded: dict[int, int] = {}
    for entry in TimelineEntry.objects.filter(incident__in=incidents, kind=EntryKind.DEADLINE_MISSED):
        for pk in entry.data["deadlines"]:
            recorded[pk] = recorded.get(pk, 0) + 1
    told = {pk for notice in Notice.objects.filter(incident__in=incidents, step="overdue") for pk in notice.deadlines}
    on_time = late = 0
    for row in kept:
        assert row.kept_at is not None
        was_late = row.kept_at > row.due_at
        assert (row.missed_at is not None) == was_late, f"deadline {row.pk} is both, or neither"
        assert recorded.get(row.pk, 0) == was_late, f"deadline {row.pk} was recorded {recorded.get(row.pk, 0)} times"
        assert was_late or row.pk not in told, f"deadline {row.pk} was kept and called late"
        late, on_time = late + was_late, on_time + (not was_late)
    checker.told_once(incidents)
    assert UpdateDeadline.objects.filter(OPEN, incident__in=incidents).count() == len(incidents) * len(AUDIENCES)
    return on_time, late
