"""Is the page of measures read as fast over a million incidents as over a thousand?

    python -m bench.metrics [--sizes 1000 1000000] [--requests 40]

Needs a PostgreSQL server (DATABASE_URL, as in `make bench BENCH=metrics`); works in databases of its own that it
removes. One web process serves the whole page over HTTP, one connection asks, signed in by its cookie. Beside the
page stand how long the first roll-up of everything takes, how long one after a change (goal: under a minute), and, as
the limit, one count of the same incidents in PostgreSQL. Prints JSON in milliseconds and seconds.
"""

import argparse
import json
import time
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import databases, incidents, incidents_data
from incidents.models import Incident, TimelineEntry
from reviews.services import rolling_up

GOAL_MS, GOAL_REFRESH_S = 300, 60
QUESTIONS = {
    "everything": "",
    "a year": "since=2025-01-01&until=2025-12-31",
    "days within months": "since=2024-03-10&until=2026-05-20",
    "priority": "priority=P1",
    "service": "service=service-7",
    "team": "team=operations",
    "team, priority, period": "team=operations&priority=P2&since=2024-01-01",
    "month by month": "measure=promise_kept_rate",
}
# Lengths as those of real incidents: log-normal, the 90th percentile about 3.2 times the median (domain.md 5.5).
_TIMES = """
UPDATE incidents_incident SET
    impact_started_at = declared_at - exp(6.3 + 0.9 * {normal}) * interval '1 second',
    detected_at = declared_at - exp(5.5 + 0.9 * {normal}) * interval '1 second',
    diagnosed_at = declared_at + exp(7.4 + 0.9 * {normal}) * interval '1 second',
    service_restored_at = declared_at + exp(8.5 + 0.9 * {normal}) * interval '1 second',
    resolved_at = declared_at + exp(9.2 + 0.9 * {normal}) * interval '1 second'
WHERE closed_at IS NOT NULL
""".replace("{normal}", "random_normal()")
# Of each incident three promises, so that a part with audiences has its rows.
_PROMISES = """
INSERT INTO comms_updatedeadline (incident_id, audience_id, is_first, opened_at, due_at, ended_at, end_reason)
SELECT i.id, a.id, a.position = (SELECT min(position) FROM comms_audience), i.declared_at,
    i.declared_at + interval '15 minutes', i.declared_at + (5 + i.id % 12) * interval '2 minutes', 'resolved'
FROM incidents_incident i CROSS JOIN (SELECT * FROM comms_audience ORDER BY position LIMIT 3) a
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--requests", type=int, default=40)
    options = parser.parse_args()
    found = {}
    with databases.fresh() as begin:
        for size in options.sizes:
            url = begin()
            people = incidents_data.build(size)
            with connection.cursor() as cursor, incidents_data.bare(cursor):
                cursor.execute("SELECT setseed(0.26)")
                with incidents_data.without_indexes(cursor, "incidents_incident", "comms_updatedeadline"):
                    cursor.execute(_TIMES)
                    cursor.execute(_PROMISES)
                cursor.execute("VACUUM ANALYZE incidents_incident, comms_updatedeadline")
            found[str(size)] = measure(url, people, options.requests)
    print(json.dumps({"goal_p95_ms": GOAL_MS, "goal_refresh_s": GOAL_REFRESH_S, "sizes": found}, indent=2))


def measure(url: str, people: incidents_data.Organisation, requests: int) -> dict[str, Any]:
    started = time.monotonic()
    months = rolling_up.roll_up(now=timezone.now(), seconds=3600)
    first = time.monotonic() - started
    newest = Incident.objects.latest("declared_at")
    Incident.objects.filter(pk=newest.pk).update(last_seq=newest.last_seq + 1)
    TimelineEntry.objects.create(incident=newest, seq=newest.last_seq + 1, kind="note", at=timezone.now())
    started = time.monotonic()
    rolling_up.roll_up(now=timezone.now())
    again = time.monotonic() - started
    pages = {}
    with incidents.served(url) as server:
        browser = incidents.Browser(server.port, people.manager)
        for name, query in QUESTIONS.items():
            pages[name] = incidents.figures(browser.ask(f"/metrics/?{query}") for _ in range(requests + 3))
    began = time.monotonic()
    Incident.objects.filter(is_exercise=False).exclude(state="cancelled").count()
    limit = 1000 * (time.monotonic() - began)
    return {
        "months": months,
        "first_roll_up_s": round(first, 1),
        "roll_up_after_a_change_s": round(again, 2),
        "limit_one_count_ms": round(limit, 1),
        "pages": pages,
    }


if __name__ == "__main__":
    main()
