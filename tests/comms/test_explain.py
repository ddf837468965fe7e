"""The plans of the sweeps are a checked artefact: each reads the partial index of its own work, and nothing that is
open and not due, kept, sent or read. docs/explain/ holds them; MIM_WRITE_EXPLAIN=1 writes them anew.
"""

import copy
import os
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.models import Update
from comms.services.promises import sweep
from comms.services.sending import delivery
from comms.services.writing import rechecks, scheduling
from incidents.models import Incident
from incidents.services import dispatch
from mim_portal.lib import dbtime
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "docs" / "explain"

_INCIDENTS = """
INSERT INTO incidents_incident (reference, external_ref, title, service_id, state, impact, urgency, priority_computed,
    priority, override_reason, source, is_private, is_exercise, bridge_url, declared_at, last_seq, version)
SELECT 'MI-1999-' || n, '', title, service_id, state, impact, urgency, priority_computed, priority, '', 'person', false,
    false, '', now(), 0, 1
FROM incidents_incident, generate_series(1, 5000) AS n WHERE id = %(incident)s
"""
_DEADLINES = """
INSERT INTO comms_updatedeadline (incident_id, audience_id, is_first, opened_at, due_at, next_action_at, end_reason)
SELECT id, (SELECT min(id) FROM comms_audience), true, now(), now() + interval '1 day' + id * interval '1 second',
    now() + interval '1 day' + id * interval '1 second', ''
FROM incidents_incident WHERE reference LIKE 'MI-1999-%%'
"""
_ENDED = """
INSERT INTO comms_updatedeadline (incident_id, audience_id, is_first, opened_at, due_at, ended_at, end_reason)
SELECT id, (SELECT max(id) FROM comms_audience), true, now(), now() - interval '1 day', now(), 'resolved'
FROM incidents_incident WHERE reference LIKE 'MI-1999-%%'
"""
_DELIVERIES = """
INSERT INTO comms_delivery (message_id, channel, address, position, state, due_at, leased_until)
SELECT 1, 'email', kind || n || '@example.org', n %% 60, kind, now() + away * interval '1 second',
    CASE WHEN kind = 'sending' THEN now() + interval '1 minute' END
FROM (VALUES ('sent', 40000, -86400), ('failed', 2000, 86400), ('sending', 200, -5)) AS kinds (kind, count, away),
    LATERAL generate_series(1, count) AS n
"""
_CHANNELS = """
INSERT INTO comms_delivery (message_id, channel, address, position, state, due_at, endpoint_id)
SELECT 2, 'slack', kind || n, 10, kind, now() + interval '1 day', n %% 50
FROM (VALUES ('sent', 5000), ('failed', 2000)) AS kinds (kind, count), LATERAL generate_series(1, count) AS n
"""
_ENTRIES = """
WITH made AS (
    INSERT INTO incidents_timelineentry (incident_id, seq, kind, at, source, data, text)
    SELECT %(incident)s, 1000 + n, 'note', now(), 'person', '{}', '' FROM generate_series(1, 3000) AS n RETURNING id
)
INSERT INTO incidents_timelinedispatch (entry_id, due_at, attempts, done, last_error)
SELECT id, now() + interval '1 hour', 1, '{}', '' FROM made
"""


@pytest.fixture
def crowd(cast: SimpleNamespace) -> Incident:
    """Thousands of rows that are none of a sweep's business, and statistics that know it."""
    incident = promise_kit.declare(manager=cast.mia, at=dbtime.now())
    with connection.cursor() as cursor:
        for statement in (_INCIDENTS, _DEADLINES, _ENDED, _DELIVERIES, _CHANNELS, _ENTRIES):
            cursor.execute(statement, {"incident": incident.pk})
    read = Update(incident=incident, kind="update", author=cast.mia, state="published", language_checked=True)
    read.published_at = dbtime.now()
    Update.objects.bulk_create([copy.copy(read) for _ in range(3000)])
    later = Update(incident=incident, kind="update", author=cast.mia, scheduled_by=cast.mia, scheduled_hash="x")
    later.publish_at = dbtime.now() + timedelta(days=1)
    Update.objects.bulk_create([copy.copy(later) for _ in range(3000)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return incident


def executed(work: Callable[[], object], word: str) -> str:
    """The one statement of a sweep that has the word in it."""
    with CaptureQueriesContext(connection) as context:
        work()
    (statement,) = [query["sql"] for query in context.captured_queries if word in query["sql"]]
    return str(statement)


def claimed(statement: str, parameters: list[Any]) -> Callable[[], str]:
    def compose() -> str:
        with connection.cursor() as cursor:
            return str(cursor.mogrify(statement, parameters).decode())

    return compose


# What each sweep asks, and the index that must answer it.
SWEEPS: dict[str, tuple[Callable[[], str], str]] = {
    "sweep_deadlines": (claimed(sweep.CLAIM, [2500]), "sweep_deadlines"),
    "deliver": (claimed(delivery.CLAIM_MAIL, [32767, 100, str(uuid.UUID(int=0)), 60]), "due_deliveries"),
    "deliver_reclaim": (claimed(delivery._RECLAIM, []), "leased_deliveries"),
    "deliver_channels": (claimed(delivery.CLAIM_OF_ENDPOINT, [7, 25, str(uuid.UUID(int=0)), 60]), "due_by_endpoint"),
    "sweep_timeline": (lambda: executed(dispatch.sweep, '"incidents_timelinedispatch"."due_at" <='), "sweep_timeline"),
    "sweep_scheduled": (claimed(scheduling.CLAIM, []), "sweep_scheduled"),
    "deliver_rechecks": (
        lambda: executed(lambda: rechecks.recheck(now=dbtime.now()), '"language_checked"'),
        "unchecked_updates",
    ),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_the_sweep_reads_its_own_index_and_nothing_else(name: str, crowd: Incident) -> None:
    compose, index = SWEEPS[name]
    plan = explained(compose())
    assert re.search(rf"(Index|Index Only|Bitmap Index) Scan (using|on) {index}\b", plan), plan
    big = ("comms_updatedeadline", "comms_delivery", "incidents_timelinedispatch", "comms_update", "incidents_incident")
    for table in big:
        assert f"Seq Scan on {table}" not in plan, plan
    stored = FOLDER / f"{name}.txt"
    if os.environ.get("MIM_WRITE_EXPLAIN"):
        FOLDER.mkdir(exist_ok=True)
        stored.write_text(plan + "\n", encoding="utf-8")
    assert entry(plan, index) == entry(stored.read_text(encoding="utf-8"), index), f"{stored} is out of date"


def test_every_stored_plan_is_checked() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(SWEEPS)


def entry(plan: str, index: str) -> list[str]:
    """How the plan enters the index: the scan and its condition. What joins to it may differ with the statistics."""
    lines = [line.strip(" ->") for line in plan.splitlines()]
    (at,) = [number for number, line in enumerate(lines) if re.search(rf"Scan (using|on) {index}\b", line)]
    return [line for line in lines[at : at + 2] if not line.startswith("Filter")]


def explained(statement: str) -> str:
    """The plan without costs, and without the values of the moment."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (COSTS OFF) " + statement.replace("%", "%%"), [])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return re.sub(r"'\d{4}-\d\d-\d\d [^']*'", "'…'", plan)
