"""Two people at once: one ticks, one decides, one removes; the other is told."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from incidents.models import Decision, Task, TimelineEntry
from incidents.services.work import decisions, tasks, working
from mim_portal.lib import dbtime
from tests.incidents import kit, work_kit


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What each verb answered, all started at the same moment on connections of their own."""
    barrier = threading.Barrier(len(verbs))
    answers: list[Any] = []

    def run(verb: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            answers.append(verb())
        except working.Settled as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_one_of_two_ticks(cast: SimpleNamespace) -> None:
    now = dbtime.now()
    made = work_kit.task(kit.incident(manager=cast.mia, now=now), cast.mia, now=now)
    answers = at_once(
        lambda: tasks.done(task_id=made.pk, person=cast.mia, now=now),
        lambda: tasks.drop(task_id=made.pk, person=cast.rosa, now=now),
    )
    refusals = [answer for answer in answers if isinstance(answer, working.Settled)]
    assert len(refusals) == 1
    made = Task.objects.select_related("ended_by").get(pk=made.pk)
    assert made.ended_by is not None
    assert refusals[0].extra == {"state": made.state, "ended_by": made.ended_by.username}
    assert TimelineEntry.objects.filter(kind__in=["task_done", "task_dropped"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_two_decides(cast: SimpleNamespace) -> None:
    now = dbtime.now()
    made = work_kit.for_executives(kit.incident(manager=cast.mia, now=now), cast.mia, now=now)
    answers = at_once(
        lambda: decisions.decide(decision_id=made.pk, person=cast.eve, chosen="Roll back", now=now),
        lambda: decisions.decide(decision_id=made.pk, person=cast.omar, chosen="Wait until 12:00", now=now),
    )
    refusals = [answer for answer in answers if isinstance(answer, working.Settled)]
    assert len(refusals) == 1
    made = Decision.objects.select_related("decided_by").get(pk=made.pk)
    assert made.decided_by is not None
    assert refusals[0].extra["decided_by"] == made.decided_by.username
    assert made.chosen in refusals[0].message
    assert TimelineEntry.objects.filter(kind="decision").count() == 1
