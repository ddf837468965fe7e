"""How late is the clock? Deadlines due in one second are recorded and their escalation queued: p99 after the due time.

    python -m bench.deadlines [--due 1000 20000] [--idle 1000 1000000]

Needs a PostgreSQL server (DATABASE_URL, as in `make test`); works in a database of its own that it removes. Prints one
JSON document. The limit beside each figure is a bare SQL sweep of the same rows in the same run.
"""

import argparse
import json
import os
import platform
import statistics
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, connections

from bench import databases
from comms.models import Audience
from comms.services.promises import sweep
from mim_portal.lib import dbtime
from teams.models import Person, Service, Team

TICK = 0.5


def organisation() -> tuple[int, int]:
    """One service and one manager: (service id, manager id)."""
    manager = Person.objects.create(username="mia", email="mia@example.org", roles=["incident_manager"])
    return Service.objects.create(
        slug="payments", name="Payments", owner_team=Team.objects.create(slug="t")
    ).pk, manager.pk


def incidents_with_deadlines(count: int, *, service: int, manager: int, due_at: datetime, spread: float) -> None:
    """One open deadline for each of `count` live incidents, due within `spread` seconds, the notice already given."""
    audience = Audience.objects.get(code="public").pk
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO incidents_incident (reference, external_ref, title, service_id, state, impact, urgency,
                    priority_computed, priority, override_reason, source, is_private, is_exercise, bridge_url,
                    declared_at, last_seq, version)
                SELECT 'MI-2026-' || n, '', 'Payments are refused', %(service)s, 'investigating', 1, 1, 'P1', 'P1', '',
                    'person', false, false, '', %(due)s - interval '30 minutes', 0, 1
                FROM generate_series((SELECT count(*) + 1 FROM incidents_incident),
                                     (SELECT count(*) FROM incidents_incident) + %(count)s) AS n
                RETURNING id
            ), commanded AS (
                INSERT INTO incidents_commandtenure (incident_id, manager_id, started_at)
                SELECT id, %(manager)s, %(due)s - interval '30 minutes' FROM made WHERE %(manager)s > 0
            )
            INSERT INTO comms_updatedeadline (incident_id, audience_id, is_first, opened_at, due_at, warned_at,
                next_action_at, end_reason)
            SELECT id, %(audience)s, true, %(due)s - interval '30 minutes', due, %(due)s - interval '10 minutes', due,
                ''
            FROM (SELECT id, %(due)s + random() * %(spread)s * interval '1 second' AS due FROM made) AS planned
            """,
            {
                "service": service,
                "manager": manager,
                "due": due_at,
                "spread": spread,
                "count": count,
                "audience": audience,
            },
        )
        cursor.execute("ANALYZE")


class Watcher(threading.Thread):
    """Sees on a connection of its own when each batch of records has become visible, `every` seconds late at most.

    Each look reads all deadlines: looking too often at many of them takes the sweep's own processor.
    """

    def __init__(self, *, every: float) -> None:
        super().__init__(daemon=True)
        self.every = every
        self.seen: dict[datetime, datetime] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        with connection.cursor() as cursor:
            while not self.stopped.wait(self.every):
                cursor.execute(
                    "SELECT DISTINCT missed_at, clock_timestamp() FROM comms_updatedeadline"
                    " WHERE missed_at IS NOT NULL AND missed_at > %s",
                    [max(self.seen, default=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))],
                )
                for missed_at, at in cursor.fetchall():
                    self.seen.setdefault(missed_at, at)
        connections.close_all()


def due_together(count: int, *, service: int, manager: int) -> dict[str, Any]:
    """So many deadlines due within one second, swept by ticks as in production."""
    settle = timedelta(seconds=3 + count / 1000)
    due_at = dbtime.now() + settle
    incidents_with_deadlines(count, service=service, manager=manager, due_at=due_at, spread=1.0)
    if dbtime.now() > due_at:
        raise SystemExit(
            f"{count:,} deadlines were not there before they were due: their lateness would be the bench's"
        )
    watcher = Watcher(every=max(0.02, count / 200_000))
    watcher.start()
    ticks: list[float] = []
    while _missing():
        started = time.monotonic()
        result = sweep.sweep_deadlines(by="bench")
        if result.batches:
            ticks.append(result.took_ms)
        time.sleep(max(0.0, TICK - (time.monotonic() - started)))
    time.sleep(0.1)
    watcher.stopped.set()
    watcher.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT due_at, missed_at FROM comms_updatedeadline WHERE missed_at >= %s", [due_at])
        late = sorted((watcher.seen[missed] - due).total_seconds() for due, missed in cursor.fetchall())
        cursor.execute("SELECT (SELECT count(*) FROM comms_notice), (SELECT count(*) FROM comms_delivery)")
        notices, deliveries = cursor.fetchone()
    return {
        "due": count,
        "recorded": len(late),
        "p50_s": round(late[len(late) // 2], 3),
        "p99_s": round(late[int(len(late) * 0.99) - 1], 3),
        "max_s": round(late[-1], 3),
        "ticks_ms": [round(tick) for tick in ticks],
        "notices_in_all": notices,
        "deliveries_in_all": deliveries,
        "limit_bare_sql_s": round(_bare(count), 3),
    }


def _missing() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM comms_updatedeadline WHERE missed_at IS NULL"
            " AND due_at < clock_timestamp() + interval '1 minute')"
        )
        return bool(cursor.fetchone()[0])


def _bare(count: int) -> float:
    """The same number of marks and rows in plain SQL, rolled back: what the server itself needs."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "WITH due AS (SELECT id, incident_id FROM comms_updatedeadline ORDER BY id DESC LIMIT %s),"
            " locked AS (SELECT i.id FROM incidents_incident i JOIN due ON due.incident_id = i.id"
            " FOR NO KEY UPDATE OF i)"
            " UPDATE comms_updatedeadline d SET missed_at = clock_timestamp() FROM due, locked"
            " WHERE d.id = due.id AND locked.id = due.incident_id",
            [count],
        )
        for table in ("incidents_timelineentry", "comms_notice", "comms_message", "comms_delivery"):
            cursor.execute(f"CREATE TEMP TABLE bare_{table} ON COMMIT DROP AS SELECT * FROM {table} LIMIT %s", [count])
        cursor.execute("ROLLBACK")
    return time.monotonic() - started


def idle(count: int, *, service: int, manager: int) -> dict[str, Any]:
    """A tick while so many deadlines are open and none is due; who would be told does not matter here."""
    incidents_with_deadlines(count, service=service, manager=0, due_at=dbtime.now() + timedelta(days=1), spread=86400.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM comms_updatedeadline WHERE kept_at IS NULL AND ended_at IS NULL")
        still_open = cursor.fetchone()[0]
    took = []
    for _ in range(200):
        started = time.monotonic()
        sweep.sweep_deadlines(by="bench")
        took.append((time.monotonic() - started) * 1000)
    return {"open": still_open, "median_ms": round(statistics.median(took), 2), "p99_ms": round(sorted(took)[197], 2)}


def main() -> None:
    """Each question in a fresh database."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--due", type=int, nargs="*", default=[1000, 20000])
    arguments.add_argument("--idle", type=int, nargs="*", default=[1000, 100_000])
    given = arguments.parse_args()
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]
    results: dict[str, Any] = {"machine": {"cpus": os.cpu_count(), "platform": platform.platform()}}
    with databases.fresh() as begin:
        for question, counts in ((due_together, given.due), (idle, given.idle)):
            results[question.__name__] = []
            for count in counts:
                begin()
                service, manager = organisation()
                results[question.__name__].append(question(count, service=service, manager=manager))
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
