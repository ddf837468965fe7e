"""The clock does not need the broker: beat sweeps by itself while the clock worker is silent."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import cast
from uuid import uuid4

import pytest
import redis
from celery import Celery
from django.db import connection
from pytest_django import Settings

from comms.adapters import languagetool, memory
from comms.models import Message, Update, UpdateDeadline
from comms.services import heartbeats
from comms.services.promises import sweep
from comms.services.writing import scheduling
from comms.tasks import deliver, fallback
from mim_portal import beat, celery, standin
from mim_portal.lib import dbtime
from mim_portal.models import Heartbeat
from tests.comms import promise_kit, update_kit
from tests.plugins.mail import MailSink


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


@pytest.fixture
def stand_in() -> Iterator[standin.StandIn]:
    started = standin.StandIn("beat")
    yield started
    started.stop()


def wait_until(condition: Callable[[], bool], *, seconds: float) -> float:
    """How long it took; fails the test when it does not happen."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            pytest.fail(f"did not happen within {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - started


@pytest.mark.django_db
class TestTick:
    def test_a_working_clock_is_left_alone(self) -> None:
        heartbeats.beat(name=sweep.HEARTBEAT, took_ms=1, by="clock elsewhere")

        assert fallback.StandIn("beat").tick() is False

        assert Heartbeat.objects.get().by == "clock elsewhere"

    def test_a_silent_clock_is_replaced_until_it_shows_itself(self) -> None:
        heartbeats.beat(name=sweep.HEARTBEAT, took_ms=1, by="clock elsewhere")
        Heartbeat.objects.update(beat_at=dbtime.now() - timedelta(seconds=1.6))
        stand_in = fallback.StandIn("beat")

        assert [stand_in.tick(), stand_in.tick()] == [True, True]  # the second although our own beat is fresh
        assert Heartbeat.objects.get().by == heartbeats.this_process("beat by itself")

        heartbeats.beat(name=sweep.HEARTBEAT, took_ms=1, by="clock elsewhere")
        assert stand_in.tick() is False

    def test_of_two_stand_ins_one_sweeps(self) -> None:
        first, second = fallback.StandIn("beat"), fallback.StandIn("clock")

        assert [first.tick(), second.tick(), first.tick(), second.tick()] == [True, False, True, False]

    def test_a_clock_that_never_ran_is_replaced(self) -> None:
        assert fallback.StandIn("beat").tick() is True
        assert Heartbeat.objects.filter(name=sweep.HEARTBEAT).exists()


@pytest.mark.django_db(transaction=True)
def test_a_deadline_is_recorded_and_its_notice_sent_without_redis_or_workers(
    cast: SimpleNamespace, mail_sink: MailSink, stand_in: standin.StandIn, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    incident = promise_kit.declare(manager=cast.mia, audiences=["public"])
    due_at = dbtime.now() + timedelta(seconds=1)
    UpdateDeadline.objects.update(due_at=due_at, next_action_at=due_at, warned_at=dbtime.now())
    stand_in.start()

    mail_sink.wait_for(1, seconds=6)

    row = UpdateDeadline.objects.get(incident=incident)
    assert row.missed_at is not None
    assert timedelta(0) < row.missed_at - due_at < timedelta(seconds=2.5)
    assert mail_sink.to("mia@example.org")[0]["Subject"].startswith("Late: update promised for")


@pytest.mark.django_db(transaction=True)
def test_a_scheduled_update_leaves_at_its_time_without_redis_or_workers(
    cast: SimpleNamespace, stand_in: standin.StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    first, second = (update_kit.drafted(update_kit.declared(cast.mia, slug=slug), cast.mia) for slug in ("pay", "mail"))
    leaves_at = dbtime.now() + timedelta(seconds=3)
    for update in (first, second):
        scheduling.schedule(update_id=update.pk, person=cast.mia, publish_at=leaves_at, now=dbtime.now())
    Update.objects.filter(pk=second.pk).update(scheduled_hash="the facts moved")
    stand_in.start()

    wait_until(lambda: Update.objects.filter(published_at__isnull=False, pk=first.pk).exists(), seconds=10)
    wait_until(lambda: Update.objects.filter(held_at__isnull=False, pk=second.pk).exists(), seconds=10)

    left = Update.objects.get(pk=first.pk)
    assert left.published_at is not None
    assert timedelta(0) <= left.published_at - leaves_at < timedelta(seconds=2.5)
    assert Message.objects.filter(subject__startswith="Not sent: your scheduled update was held").exists()


@pytest.mark.django_db
def test_notices_leave_although_what_was_scheduled_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bool] = []

    def broken() -> None:
        raise RuntimeError("a defect of ours")

    def run(*_transport: object, **options: bool) -> int:
        sent.append(options["notices_only"])
        return 1

    monkeypatch.setattr(scheduling, "send_due", broken)
    monkeypatch.setattr(deliver, "run", run)
    with pytest.raises(RuntimeError, match="a defect of ours"):
        fallback.send_notices()
    assert sent == [True]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_closes_connections_is_asked_again(stand_in: standin.StandIn) -> None:
    stand_in.start()
    wait_until(lambda: Heartbeat.objects.exists(), seconds=5)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.rowcount >= 1
    before = Heartbeat.objects.get().beat_at

    wait_until(lambda: Heartbeat.objects.get().beat_at > before + timedelta(seconds=0.9), seconds=5)


def test_the_scheduler_has_every_tick_of_the_settings_and_starts_the_stand_in(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(standin.StandIn, "start", lambda self: started.append("started"))
    app = Celery("test", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.beat_schedule = settings.CELERY_BEAT_SCHEDULE

    beat.Scheduler(app=app, lazy=True)
    assert started == []
    scheduler = beat.Scheduler(app=app)

    assert started == ["started"]
    assert {"sweep-deadlines", "deliver"} <= set(scheduler.schedule)
    assert scheduler.schedule["sweep-deadlines"].options == {}  # no end by beat's own clock
    assert settings.CELERY_BEAT_SCHEDULER == "mim_portal.beat:Scheduler"


def test_ticks_do_not_pile_up_while_nobody_takes_them(
    settings: Settings, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However wrong beat's own clock is: what bounds them is how many wait, no time that two clocks would judge."""
    monkeypatch.setattr(standin.StandIn, "start", lambda self: None)
    queue = f"test-beat-{uuid4().hex}"
    app = Celery("test", broker=settings.REDIS_URL, set_as_current=False)
    app.conf.update(beat_schedule=settings.CELERY_BEAT_SCHEDULE, task_default_queue=queue)
    scheduler = beat.Scheduler(app=app)
    often, seldom = scheduler.schedule["sweep-deadlines"], scheduler.schedule["sweep-overdue"]
    try:
        for _ in range(beat.WAITING_AT_MOST + 20):
            scheduler.apply_entry(often)
        assert redis_client.llen(queue) == beat.WAITING_AT_MOST
        assert b'"expires": null' in cast("bytes", redis_client.lindex(queue, 0))
        scheduler.apply_entry(seldom)
        assert redis_client.llen(queue) == beat.WAITING_AT_MOST + 1

        redis_client.ltrim(queue, 0, 4)
        scheduler.apply_entry(often)
        assert redis_client.llen(queue) == 6
    finally:
        scheduler.close()
        redis_client.delete(queue)


@pytest.mark.parametrize(("queues", "expected"), [(["clock"], ["started"]), (["deliveries", "default"], [])])
def test_a_clock_worker_has_a_stand_in_too(
    queues: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(standin.StandIn, "start", lambda self: started.append("started"))
    monkeypatch.setattr(celery.app.amqp.queues, "_consume_from", dict.fromkeys(queues))

    celery.watch_the_clock(sender=None)

    assert started == expected
