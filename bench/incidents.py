"""Do list and search of incidents cost the same with a million of them as with a thousand? A room of 5,000 entries?

    python -m bench.incidents [--sizes 1000 1000000] [--requests 60]

Needs a PostgreSQL server (DATABASE_URL, as in `make bench BENCH=incidents`); works in databases of its own that it
removes. One web process serves the whole page over HTTP, one connection asks (c=1), signed in by its cookie. Prints
JSON: milliseconds by question and size, and beside each the ratio to the smallest size. A million takes some minutes.
"""

import argparse
import http.client
import json
import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from bench import databases, incidents_data, status_page
from bench.incidents_data import BETWEEN, COMMON, NOBODYS, RARE
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from mim_portal.signed_in import SessionStore
from reviews.services import reviews
from teams.models import Person

GOAL_MS, GOAL_RATIO, GOAL_ROOM_MS = 40, 1.2, 50
ENTRIES = 5_000
QUESTIONS = {
    "first page": "",
    "live": "live=yes",
    "ended": "live=no",
    "state": "state=cancelled",
    "priority": "priority=P1",
    "service": "service=service-7",
    "manager": "manager=manager7",
    "dates": "declared_from=2019-02-01&declared_to=2019-12-31",
    "exercises": "exercise=yes",
    "three filters": "priority=P1&service=service-9&live=no",
    "rare word": f"q={RARE}",
    "common word": f"q={COMMON}",
    "word between": f"q={BETWEEN}",
    "beginning of a word": f"q={COMMON[:5]}",
    "two words": f"q={COMMON}+{RARE}",
    "two common words": f"q={COMMON}+dublin",
    "nobody's word": f"q={NOBODYS}",
    "common word and filters": f"q={COMMON}&priority=P1&service=service-9",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    runs: dict[int, dict[str, Any]] = {}
    built: dict[int, float] = {}
    with databases.fresh() as begin:
        for size in options.sizes:
            url = begin()
            started = time.monotonic()
            people = incidents_data.build(size)
            built[size] = round(time.monotonic() - started, 1)
            runs[size] = measure(url, people, size, options.requests)
    print(json.dumps({**report(runs), "built_s": built}, indent=2))


def report(runs: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Each question with its figures by size and the ratio of the largest to the smallest."""
    small, large = min(runs), max(runs)
    questions = {
        name: {
            **{str(size): run[name] for size, run in runs.items()},
            "ratio": round(runs[large][name]["p50_ms"] / runs[small][name]["p50_ms"], 2),
        }
        for name in runs[small]
    }
    return {
        "machine": {"cpus": os.cpu_count(), "load_average": round(os.getloadavg()[0], 1), "loop_s": loop()},
        "served_by": "one web process, one connection",
        "goals": {"p95_ms": GOAL_MS, "ratio": GOAL_RATIO, "room_p95_ms": GOAL_ROOM_MS},
        "questions": questions,
    }


def loop() -> float:
    """Ten million additions: half a second on a core of one's own, more where a neighbour of the machine works."""
    started, total = time.perf_counter(), 0
    for number in range(10_000_000):
        total += number
    return round(time.perf_counter() - started, 2)


def measure(url: str, people: incidents_data.Organisation, size: int, requests: int) -> dict[str, Any]:
    """Every question in turn, each asked so often; the first answers, which fill caches, do not count."""
    room = long_room(people.manager)
    found: dict[str, Any] = {}
    again = range(requests + 3)
    with served(url) as server:
        manager, outsider = Browser(server.port, people.manager), Browser(server.port, people.outsider)

        def ask(name: str, browser: Browser, addresses: Iterable[str]) -> None:
            found[name] = figures(browser.ask(address) for address in addresses)
            print(f"{size:>9,} {name}: {found[name]}", file=sys.stderr, flush=True)

        for name, query in QUESTIONS.items():
            ask(name, manager, (f"/incidents/?{query}" for _ in again))
        ask("reference", manager, (f"/incidents/?q=mi+2026+{size}" for _ in again))
        ask("page a thousand", manager, far_pages(size, requests + 3))
        found_there = far_pages(size // 10, requests + 3)
        ask("common word, page a hundred", manager, (f"{address}&q={COMMON}" for address in found_there))
        ask("outsider, common word", outsider, (f"/incidents/?q={COMMON}" for _ in again))
        ask("palette", manager, ("/find/incidents/?q=payroll+dub" for _ in again))
        ask("board", manager, ("/" for _ in again))
        ask("candidate queue", manager, ("/candidates/" for _ in again))
        ask("room", manager, (f"/incidents/{room}/" for _ in again))
        ask("review", manager, (f"/reviews/{room}/" for _ in again))
        make_private(size)
        for name, query in (("", ""), (", common word", f"q={COMMON}"), (", rare word", f"q={RARE}")):
            ask(f"outsider, nearly all private{name}", outsider, (f"/incidents/?{query}" for _ in again))
    return found


@contextmanager
def served(url: str) -> Iterator[status_page.Server]:
    """One web process with the whole portal on this database."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "LOG_LEVEL": "ERROR",
        "MIM_ENV": "test",
        "PYTHONWARNINGS": "ignore",
        "PORT": str(settings.PORT),
    }
    with status_page.web("portal", "/livez", environment, workers=1) as server:
        yield server


class Browser:
    """One connection that stays open while it is used, signed in as one person."""

    def __init__(self, port: int, person: Person) -> None:
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "mim_portal.signed_in.Password"
        session.save()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.asked_at = time.monotonic()
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}", "Accept": "text/html"}

    def ask(self, address: str) -> tuple[float, int]:
        """How long the whole answer took in milliseconds, and how many rows it shows."""
        if time.monotonic() - self.asked_at > 20:
            self.connection.close()  # the server gives a silent connection up; it opens again by itself
        started = time.perf_counter()
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - started) * 1000
        self.asked_at = time.monotonic()
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status}\n{body[:2000].decode(errors='replace')}")
        return took, body.count(b'<th scope="row">')


def figures(asked: Iterator[tuple[float, int]]) -> dict[str, Any]:
    """Median and p95 of all but the first three."""
    answers = list(asked)[3:]
    took = sorted(each for each, _rows in answers)
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[int(len(took) * 0.95) - 1], 1),
        "rows": answers[-1][1],
    }


def far_pages(size: int, count: int) -> Iterator[str]:
    """Addresses of pages about a thousand pages down, or as far down as a smaller list goes."""
    down = min(50_000, size * 8 // 10)
    ids = Incident.objects.order_by("-declared_at", "-id").values_list("pk", flat=True)
    keys = list(ids[down : down + count])
    return (f"/incidents/?before={key}" for key in keys)


def make_private(size: int) -> None:
    """All but one in a hundred become private, or all but a page: whoever is no member walks past them."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with incidents_data.without_indexes(
            cursor, "incidents_incident", "incidents_commandtenure", "incidents_incidentsearch"
        ):
            cursor.execute(
                "UPDATE incidents_incident SET is_private = id %% %s <> 7", [incidents_data.one_in(100, size)]
            )
            for table, column in (("commandtenure", "of_private"), ("incidentsearch", "is_private")):
                cursor.execute(
                    f"UPDATE incidents_{table} SET {column} = incident.is_private FROM incidents_incident incident"
                    " WHERE incident.id = incident_id"
                )
        cursor.execute("VACUUM ANALYZE incidents_incident, incidents_commandtenure, incidents_incidentsearch")
        cursor.execute("SET session_replication_role = origin")


def long_room(manager: Person) -> str:
    """A live incident with so many entries that somebody wrote, and its review; its reference."""
    incident = Incident.objects.order_by("-declared_at", "-id").filter(is_private=False)[0]
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            incident=incident,
            seq=n,
            kind="note",
            at=incident.declared_at,
            actor=manager,
            text=f"Note {n} about node {n % 97}.",
        )
        for n in range(1, ENTRIES + 1)
    )
    Incident.objects.filter(pk=incident.pk).update(last_seq=ENTRIES)
    reviews.open_review(incident_id=incident.pk, resolved_at=incident.declared_at, now=dbtime.now())
    return incident.reference


if __name__ == "__main__":
    sys.exit(main())
