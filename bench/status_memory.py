"""What does a web process that shows 200 public status pages hold in memory, and does it grow with their history?

    python -m bench.status_memory [--pages 200] [--years 1 10 20]

Needs a PostgreSQL server (DATABASE_URL, as in `make bench BENCH=status_memory`); works in databases of its own that it
removes. Each page lists fifteen services; each year has 60 incidents (five a month) of which the readers of every page
were told in four updates. All pages are rendered by the portal's own verb, then one web process takes them in and
its resident memory is read: right after the last page is shown, and its peak. Prints JSON.
"""

import argparse
import contextlib
import http.client
import json
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from bench import databases, incidents_data, status_page
from comms.models import Audience, Component, PageSnapshot, StatusPage, Update
from comms.services import snapshots
from incidents.models import Incident
from teams.models import Service

INCIDENTS_A_YEAR, UPDATES, COMPONENTS = 60, 4, 15
BODY = (
    "Since 09:10 customers in Dublin and Leeds cannot pay by card. Cash and vouchers work. The payment provider has "
    "confirmed the fault and is moving traffic to its second site; half of the tills are back. We will tell you more "
    "by 10:40, or earlier when it changes."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--years", type=int, nargs="+", default=[1, 10, 20])
    options = parser.parse_args()
    found: dict[str, Any] = {"pages": options.pages, "incidents_a_year": INCIDENTS_A_YEAR, "updates": UPDATES}
    with databases.fresh() as begin:
        for years in options.years:
            url = begin()
            found[f"{years} years"] = measure(url, pages=options.pages, years=years)
    print(json.dumps(found, indent=2))


def measure(url: str, *, pages: int, years: int) -> dict[str, Any]:
    incidents_data.build(years * INCIDENTS_A_YEAR)
    spread(years)
    slugs = make_pages(pages)
    tell()
    started = time.monotonic()
    rendered = snapshots.render_due(seconds=3600)
    spent = time.monotonic() - started
    with tempfile.TemporaryDirectory(prefix="mim-bench-", dir="/tmp") as folder:
        environment = {**os.environ, "DATABASE_URL": url, "MIM_ENV": "test", "SNAPSHOT_DIR": folder}
        with status_page.web("front", "/livez", environment, workers=1) as server:
            wait_for(server.port, slugs)
            memory = memory_of(server.pid)
    connection.close()
    return {
        "incidents": Incident.objects.count(),
        "updates": Update.objects.count(),
        "addresses": PageSnapshot.objects.values("page", "path").distinct().count(),
        "rendered": rendered,
        "render_ms_a_page": round(spent / rendered * 1000),
        **memory,
    }


def spread(years: int) -> None:
    """The incidents lie within these years: as many a month whatever their number."""
    moments = ("declared_at", "impact_started_at", "service_restored_at", "closed_at")
    moved = ", ".join(f"{each} = %(now)s - (%(now)s - {each}) * %(share)s" for each in moments)
    with connection.cursor() as cursor, incidents_data.bare(cursor):
        cursor.execute(f"UPDATE incidents_incident SET {moved}", {"now": incidents_data.NOW, "share": years / 10})


def make_pages(count: int) -> list[str]:
    audience = Audience.objects.get(code="public")
    StatusPage.objects.all().delete()
    services = list(Service.objects.order_by("pk")[:COMPONENTS])
    made = StatusPage.objects.bulk_create(
        StatusPage(slug=f"page-{n}", name=f"Page {n}", audience=audience, is_public=True) for n in range(count)
    )
    Component.objects.bulk_create(
        Component(page=page, service=service, position=position)
        for page in made
        for position, service in enumerate(services)
    )
    return [page.slug for page in made]


def tell() -> None:
    """Four updates of each incident, every half hour, the last of which says that it is over."""
    audience = Audience.objects.get(code="public")
    rows = [
        Update(
            incident_id=pk,
            kind="restored" if sequence == UPDATES else "update",
            state="published",
            subject="pay by card",
            body=BODY,
            author_id=author,
            sequence=sequence,
            published_at=declared_at + timedelta(minutes=30 * sequence),
            no_further_updates=sequence == UPDATES,
            incident_state="monitoring" if sequence == UPDATES else "investigating",
            priority="P2",
        )
        for pk, declared_at, author in Incident.objects.values_list("pk", "declared_at", "tenures__manager")
        for sequence in range(1, UPDATES + 1)
    ]
    with connection.cursor() as cursor, incidents_data.bare(cursor):
        told = Update.objects.bulk_create(rows, batch_size=1000)
    Update.audiences.through.objects.bulk_create(
        [Update.audiences.through(update_id=each.pk, audience_id=audience.pk) for each in told], batch_size=1000
    )


def wait_for(port: int, slugs: Sequence[str]) -> None:
    """Until the process shows every page from its own memory."""
    patience = time.monotonic() + 600
    left = set(slugs)
    while left:
        if time.monotonic() > patience:
            raise SystemExit(f"{len(left)} pages are not shown")
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.suppress(OSError):
            for slug in list(left):
                client.request("HEAD", f"/status/{slug}/")
                answer = client.getresponse()
                answer.read()
                if answer.headers["Cache-Control"].startswith("public"):  # Django says no-cache
                    left.discard(slug)
        client.close()
        time.sleep(0.5)


def memory_of(pid: int) -> dict[str, float]:
    """Resident and peak memory, in MB, of the process and those that it started."""
    found = {"resident_mb": 0.0, "peak_mb": 0.0}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if pid in (int(fields["PPid"]), int(fields["Pid"])) and "VmRSS" in fields:
                found["resident_mb"] += round(int(fields["VmRSS"].split()[0]) / 1024, 1)
                found["peak_mb"] += round(int(fields["VmHWM"].split()[0]) / 1024, 1)
    return found


if __name__ == "__main__":
    main()
