"""A publish meets the sweep at the due moment, over and over: kept on time or missed, never both, and no deadlock."""

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


@pytest.mark.parametrize("times", [100, pytest.param(1000, marks=pytest.mark.long_fault)])
def test_publishing_races_the_clock(house: House, town: Town, counted: Callable[..., None], times: int) -> None:
    """The clock worker and beat sweep as they do in production, with a second sweeper that never rests beside them."""
    house.run("clock", "beat")
    incidents = [town.declare(audiences=AUDIENCES) for _ in range(AT_ONCE)]
    stopped = threading.Event()
    errors: list[Exception] = []
    threads = [threading.Thread(target=_sweeping, args=(stopped, errors))]
    threads += [
        threading.Thread(target=_publishing, args=(town, incident, times // AT_ONCE, errors)) for incident in incidents
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join(60 + times)
        assert not thread.is_alive(), "a publish is still waiting: deadlock"
    stopped.set()
    threads[0].join(30)
    assert not errors, errors[0]

    on_time, late = _check(incidents)
    counted(races=(on_time + late) // len(AUDIENCES), on_time=on_time, late=late, both=0, neither=0)
    assert on_time + late == times * len(AUDIENCES)
    assert on_time > 0
    assert late > 0
    assert time.monotonic() - started < 60 + times


def _publishing(town: Town, incident: Incident, times: int, errors: list[Exception]) -> None:
    try:
        took = 0.05
        for number in range(times):
            update = town.draft(incident, kind=UpdateKind.HOLDING, audiences=AUDIENCES)
            lead = timedelta(seconds=took * LEADS[number % len(LEADS)])
            due_at = dbtime.now() + timedelta(seconds=0.15) + lead
            due(incident, at=due_at)
            _sleep_until(due_at - lead)
            began = time.monotonic()
            town.publish(update)
            took = time.monotonic() - began
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
