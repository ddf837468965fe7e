"""New entries reach their readers once; a reader that fails delays itself and nobody else."""

import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from incidents.models import Incident, TimelineDispatch
from incidents.services import dispatch
from incidents.services.record import notes
from incidents.tasks import sweep_timeline
from mim_portal.lib import dbtime
from mim_portal.models import Heartbeat
from tests import factories
from tests.factories import NOON
from tests.incidents import kit, listeners

GOOD = "tests.incidents.listeners.remember"
PICKY = "tests.incidents.listeners.fail_on_notes"


@pytest.fixture(autouse=True)
def readers(alone: Any) -> Any:
    listeners.seen.clear()
    alone.TIMELINE_CONSUMERS = [GOOD]
    return alone


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def due_again() -> None:
    TimelineDispatch.objects.update(due_at=dbtime.now() - timedelta(seconds=1))


def test_every_reader_gets_every_entry_once_in_order(incident: Incident) -> None:
    assert sweep_timeline() == 3
    assert sweep_timeline() == 0
    assert [kind for _reference, kind in listeners.seen[0]] == ["declared", "impact_stated", "command_started"]
    assert len(listeners.seen) == 1
    assert not TimelineDispatch.objects.exists()


def test_a_batch_is_limited(incident: Incident) -> None:
    assert dispatch.sweep(limit=2).finished == 2
    assert dispatch.sweep(limit=2).finished == 1


def test_one_bad_entry_holds_up_neither_other_entries_nor_other_readers(
    incident: Incident, cast: SimpleNamespace, readers: Any
) -> None:
    readers.TIMELINE_CONSUMERS = [PICKY, GOOD]
    notes.note(reference=incident.reference, person=cast.mia, text="x", now=NOON)
    swept = dispatch.sweep()
    assert (swept.finished, swept.failed) == (3, 1)
    row = TimelineDispatch.objects.get()
    assert row.done == [GOOD]
    assert row.attempts == 1
    assert "ValueError: a note" in row.last_error
    assert row.due_at > dbtime.now()
    incident.refresh_from_db()
    assert incident.external_ref == "read 3"  # what the failed read wrote was rolled back
    assert [len(batch) for batch in listeners.seen] == [4]


def test_a_failed_entry_waits_longer_each_time_and_is_read_by_the_others_only_once(
    incident: Incident, cast: SimpleNamespace, readers: Any
) -> None:
    readers.TIMELINE_CONSUMERS = [PICKY, GOOD]
    notes.note(reference=incident.reference, person=cast.mia, text="x", now=NOON)
    waits = []
    for _ in range(dispatch.MOST_ATTEMPTS + 2):
        before = dbtime.now()
        dispatch.sweep()
        waits.append(round((TimelineDispatch.objects.get().due_at - before).total_seconds()))
        due_again()
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) <= dispatch.LONGEST_WAIT.total_seconds()
    assert TimelineDispatch.objects.get().attempts == dispatch.MOST_ATTEMPTS
    assert len(listeners.seen) == 1
    readers.TIMELINE_CONSUMERS = [GOOD]


def test_what_is_not_due_waits(incident: Incident) -> None:
    TimelineDispatch.objects.update(due_at=dbtime.now() + timedelta(minutes=1))
    assert dispatch.sweep().finished == 0


def test_a_reader_that_is_mended_reads_what_it_missed(incident: Incident, readers: Any) -> None:
    readers.TIMELINE_CONSUMERS = ["tests.incidents.listeners.fail"]
    assert dispatch.sweep().failed == 3
    readers.TIMELINE_CONSUMERS = [GOOD]
    due_again()
    assert dispatch.sweep().finished == 3


def test_the_sweep_shows_that_it_is_alive(incident: Incident) -> None:
    before = dbtime.now()
    dispatch.sweep()
    dispatch.sweep()
    beat = Heartbeat.objects.get(name="sweep_timeline")
    assert beat.beat_at >= before


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_read_nothing_twice() -> None:
    kit.incident(manager=factories.manager(username="mia"))
    outcome: list[dispatch.Swept] = []

    def other() -> None:
        outcome.append(dispatch.sweep())
        connection.close()

    with transaction.atomic():
        first = dispatch.sweep()
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=20)
    assert first.finished == 3
    assert outcome == [dispatch.Swept(skipped=True)]
    assert len(listeners.seen) == 1
