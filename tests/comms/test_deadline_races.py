"""Publishing and the clock meet at the due moment: kept on time or missed, never both, and nobody waits for ever."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections, transaction
from pytest_django import Settings

from comms.models import Notice, UpdateDeadline
from comms.models.deadline import OPEN
from comms.services.promises import sweep
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from incidents.services import locking
from mim_portal.lib import dbtime
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 50


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def together(*deeds: Callable[[], object]) -> None:
    """Run the deeds at once in threads with connections of their own; the first error is raised here."""
    barrier, errors = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        try:
            dbtime.now()  # connect before the race, not in it
            barrier.wait(10)
            deed()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a deed is still waiting: deadlock"
    if errors:
        raise errors[0]


def due_in(incident: Incident, seconds: float) -> None:
    at = dbtime.now() + timedelta(seconds=seconds)
    UpdateDeadline.objects.filter(OPEN, incident=incident).update(due_at=at, next_action_at=at, warned_at=dbtime.now())


def test_publishing_races_the_sweep_at_the_due_moment(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, audiences=["public", "executives"])
    outcomes: list[bool] = []
    lead = 0.01  # how long before the due moment the publish begins; follows the outcome, so that every round is close
    for _ in range(ROUNDS):
        ahead = max(lead, 0) + 0.05
        due_in(incident, ahead)
        round_ids = set(UpdateDeadline.objects.filter(OPEN, incident=incident).values_list("pk", flat=True))
        due = time.monotonic() + ahead

        def publish(begin: float = due - lead) -> None:
            time.sleep(max(0.0, begin - time.monotonic()))
            promise_kit.publish(incident, "public", "executives", author=cast.mia)

        def sweeps(end: float = due + 0.03) -> None:
            while time.monotonic() < end:
                sweep.sweep_deadlines(by="race")

        together(publish, sweeps)

        missed_entries = TimelineEntry.objects.filter(incident=incident, kind=EntryKind.DEADLINE_MISSED)
        for row in UpdateDeadline.objects.filter(pk__in=round_ids):
            assert row.kept_at is not None
            was_late = row.kept_at > row.due_at
            assert (row.missed_at is not None) == was_late
            recorded = missed_entries.filter(data__deadlines__contains=row.pk).count()
            assert recorded == (1 if was_late else 0)
            told = Notice.objects.filter(deadlines__contains=[row.pk], step="overdue").count()
            assert told <= (1 if was_late else 0)
            outcomes.append(was_late)
        lead += 0.004 if outcomes[-1] else -0.003
        assert UpdateDeadline.objects.filter(OPEN, incident=incident).count() == 2
    assert len(outcomes) == 2 * ROUNDS
    assert {True, False} <= set(outcomes), "the race was never close"


def test_two_sweeps_at_once_act_once(cast: SimpleNamespace) -> None:
    at = dbtime.now() - timedelta(minutes=16)
    incidents = [promise_kit.declare(manager=cast.mia, at=at, audiences=["public"]) for _ in range(30)]

    def sweeps() -> None:
        for _ in range(10):
            sweep.sweep_deadlines(by="race", limit=4)

    together(sweeps, sweeps, sweeps)

    assert UpdateDeadline.objects.filter(missed_at__isnull=False).count() == 30
    assert Notice.objects.filter(step="overdue").count() == 30
    for incident in incidents:
        assert TimelineEntry.objects.filter(incident=incident, kind=EntryKind.DEADLINE_MISSED).count() == 1


def test_an_incident_that_a_verb_holds_is_skipped_and_found_by_the_next_tick(cast: SimpleNamespace) -> None:
    at = dbtime.now() - timedelta(minutes=16)
    held = promise_kit.declare(manager=cast.mia, at=at, audiences=["public"])
    free = promise_kit.declare(manager=cast.mia, at=at, audiences=["public"])
    is_held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            locking.lock_by_id(held.pk)
            is_held.set()
            may_go.wait(10)

    def tick() -> None:
        is_held.wait(10)
        sweep.sweep_deadlines(by="race")
        assert set(UpdateDeadline.objects.filter(missed_at__isnull=False).values_list("incident", flat=True)) == {
            free.pk
        }
        may_go.set()

    together(hold, tick)

    sweep.sweep_deadlines(by="race")
    assert UpdateDeadline.objects.filter(missed_at__isnull=False).count() == 2
