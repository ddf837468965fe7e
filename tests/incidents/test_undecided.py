"""A candidate that nobody decides for ten minutes alarms, once."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from incidents import tasks
from incidents.models import Candidate
from incidents.services.desk import candidates, waiting
from mim_portal.lib import dbtime
from mim_portal.models import AuditEntry
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


def raised(cast: SimpleNamespace, minutes: float, **changes: object) -> Candidate:
    return kit.candidate(by=cast.desmond, now=dbtime.now() - timedelta(minutes=minutes), **changes)


def test_ten_minutes_alarm_once(cast: SimpleNamespace) -> None:
    late = raised(cast, 10.1)
    assert late.service is not None
    raised(cast, 9.5, service=late.service)
    assert tasks.sweep_candidates() == 1
    assert waiting.sweep() == 0
    late.refresh_from_db()
    assert late.alarmed_at is not None
    assert AuditEntry.objects.get(verb="candidate.undecided").subject == late.reference


def test_what_was_decided_does_not(cast: SimpleNamespace) -> None:
    late = raised(cast, 30)
    candidates.reject(reference=str(late.reference), person=cast.mia, reason="One user", now=dbtime.now())
    assert waiting.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_alarm_once(cast: SimpleNamespace) -> None:
    raised(cast, 11)
    found: list[int] = []

    def run() -> None:
        found.append(waiting.sweep())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [0, 0, 1]


def test_it_is_found_by_its_index(cast: SimpleNamespace) -> None:
    """With much history, only what waits is read."""
    late = raised(cast, 11)
    Candidate.objects.bulk_create(
        Candidate(
            reference=f"CA-2020-{number}", state="rejected", decision_reason="x", raised_at=dbtime.now(),
            service=late.service,
        )
        for number in range(2000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_candidate")
        cursor.execute(
            "EXPLAIN SELECT id FROM incidents_candidate WHERE state = 'open' AND alarmed_at IS NULL"
            " AND raised_at <= now() ORDER BY raised_at, id LIMIT 200"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "candidate_alarm_due" in plan or "candidate_waiting" in plan
