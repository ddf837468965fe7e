"""The Celery application: workers, the clock worker and beat start from here."""

import gc
import os
from typing import Any

from celery import Celery, signals

from mim_portal.standin import StandIn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mim_portal.settings")

CLOCK_QUEUE = "clock"

app = Celery("mim_portal", amqp="mim_portal.broker:AMQP")
app.set_default()  # for every thread: what nudges runs in the threads of the web processes
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_ready.connect
@signals.beat_init.connect
def settle(**_: Any) -> None:
    """What is loaded by now stays: taking it out of garbage collection saves pauses in the clock's busiest second."""
    gc.collect()
    gc.freeze()


@signals.worker_ready.connect
def watch_the_clock(sender: Any, **_: Any) -> None:
    """A worker that listens for the clock's ticks goes on without them, should beat die."""
    if CLOCK_QUEUE in app.amqp.queues.consume_from:
        StandIn("clock").start()
