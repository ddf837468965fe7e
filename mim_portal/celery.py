"""The Celery application: workers, the clock worker and beat start from here."""

import gc
import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mim_portal.settings")

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
