"""Every question of bench/ one after the other, as one table with goal, figure and limit; for a quiet machine.

    python -m bench.all [--small] [--only candidates deadlines …]

Each runs in a process of its own. The JSON of each is kept in the folder that BENCH_RESULTS names (default: results/
in the system's temporary folder); the table is Markdown, as docs/performance.md shows it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Line = tuple[str, str, str, str, str]  # question, goal, figure, limit, ratio


@dataclass(frozen=True)
class Bench:
    """One module, what it is given for a short and a whole run, and how its JSON reads as lines of the table."""

    module: str
    small: Sequence[str]
    whole: Sequence[str]
    lines: Callable[[Any], Iterator[Line]]


def deadlines(found: Any) -> Iterator[Line]:
    for run in found["due_together"]:
        goal = ("p99 ≤ 1.2 s", run["p99_s"], 1.2) if run["due"] <= 1000 else ("all ≤ 2.5 s", run["max_s"], 2.5)
        limit = f"bare SQL {run['limit_bare_sql_s']} s"
        yield f"{run['due']:,} deadlines due in one second, recorded", goal[0], f"{goal[1]} s", limit, under(*goal[1:])
    for run in found["idle"]:
        figure, question = run["median_ms"], f"a sweep with {run['open']:,} open and none due"
        yield question, "≤ 3 ms median", f"{figure} ms", "flat in their number", under(figure, 3)


def candidates(found: Any) -> Iterator[Line]:
    rate, limit = found["candidates"]["per_s"], found["bare_16"]["per_s"]
    yield (
        "POST candidates/ durable, 16 connections",
        "≥ 400/s",
        f"{rate:.0f}/s",
        f"pgbench {limit:.0f}/s",
        (f"{rate / 400:.2f} of goal, {rate / limit:.2f} of limit"),
    )


def fanout(found: Any) -> Iterator[Line]:
    queue, send = found["queue"], found["send"]
    yield (
        f"publish to {queue['recipients']:,} recipients",
        "≤ 2.5 s",
        f"{queue['took_s']} s",
        "",
        under(queue["took_s"], 2.5),
    )
    limit = f"bare loop {send['limit_bare_loop_per_second']}/s"
    figure = f"{send['per_second']}/s, memory +{send['grown_kib'] / 1024:.1f} MB"
    yield f"one delivery process, {send['mails']:,} mails", "≥ 0.9 × the limit", figure, limit, f"{send['ratio']:.2f}"


def status_page(found: Any) -> Iterator[Line]:
    for name, words in (("database_up", "everything up"), ("database_gone", "database and Redis gone")):
        rates = found[name]["200"]
        yield (
            f"status page of {found['bytes'] / 1000:.0f} KB, {found['connections']} connections, {words}",
            "≥ 0.75 × nginx",
            f"{rates['front']['requests_per_s']:.0f}/s",
            f"nginx {rates['nginx']['requests_per_s']:.0f}/s",
            f"{rates['ratio_to_nginx']:.2f}",
        )
        yield (
            f"its slowest answer in a hundred, {words}",
            "p99 ≤ 15 ms",
            f"{rates['front']['p99_ms']} ms",
            f"nginx {rates['nginx']['p99_ms']} ms",
            under(rates["front"]["p99_ms"], 15),
        )
        unchanged = found[name]["304"]
        yield (
            f"304 of that page, {words}",
            "≥ 1.0 × nginx",
            f"{unchanged['front']['requests_per_s']:.0f}/s",
            f"nginx {unchanged['nginx']['requests_per_s']:.0f}/s",
            f"{unchanged['ratio_to_nginx']:.2f}",
        )
    seen = found["publish_to_visible_s"]["visible"]
    figure = seen["p99"] or seen["max"]
    yield "publish → visible to readers", "p99 ≤ 1 s", f"{figure} s", "", under(figure, 1)


def live(found: Any) -> Iterator[Line]:
    event, stop = found["event_ms"]["p99"] / 1000, found["stop_seconds"]
    yield f"{found['streams']:,} open rooms, event after commit", "p99 ≤ 0.5 s", f"{event:.3f} s", "", under(event, 0.5)
    yield "live stops after SIGTERM", "≤ 3 s", f"{stop} s", "", under(stop, 3)


def incidents(found: Any) -> Iterator[Line]:
    sizes = sorted((key for key in found["questions"]["first page"] if key.isdecimal()), key=int)
    for name, figures in found["questions"].items():
        goal = found["goals"]["room_p95_ms" if name == "room" else "p95_ms"]
        figure = figures[sizes[-1]]["p95_ms"]
        limit = f"{figures[sizes[0]]['p50_ms']} ms median with {int(sizes[0]):,}; ratio {figures['ratio']}"
        yield f"{name}, {int(sizes[-1]):,} incidents", f"p95 ≤ {goal} ms", f"{figure} ms", limit, under(figure, goal)


def check(found: Any) -> Iterator[Line]:
    bare, ratio = found["bare_ms"]["median"], found["ratio"]
    figure = f"{found['checked_ms']['median']} ms"
    yield f"checking {found['characters']:,} characters", "≤ 1.15 × the limit", figure, f"bare {bare} ms", f"{ratio}"
    cached = found["unchanged_ms"]["p95"]
    yield "the same text again", "p95 ≤ 10 ms", f"{cached} ms", "", under(cached, 10)
    crowd = found["together"]
    figure = f"{crowd['answered']} answered, longest {crowd['longest_ms'] / 1000:.2f} s"
    yield f"{crowd['writers']} writers at once", "responsive", figure, "", f"{crowd['told_not_yet']} told “not yet”"


BENCHES = {
    "deadlines": Bench(
        "deadlines", ("--due", "1000", "--idle", "1000"), ("--idle", "1000", "100000", "1000000"), deadlines
    ),
    "incidents": Bench("incidents", ("--sizes", "1000", "10000", "--requests", "20"), (), incidents),
    "candidates": Bench("candidates", ("--seconds", "3", "--rounds", "1"), (), candidates),
    "status_page": Bench("status_page", ("--seconds", "2", "--rounds", "1"), (), status_page),
    "fanout": Bench("fanout", ("--recipients", "5000", "--mails", "500"), (), fanout),
    "live": Bench("live", (), (), live),
    "check": Bench("check", ("--texts", "5"), (), check),
}


def under(figure: float, goal: float) -> str:
    """How much of the allowed time was used."""
    return f"{figure / goal:.2f} of goal"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--small", action="store_true", help="minutes instead of a quarter of an hour; no figures to keep"
    )
    parser.add_argument("--only", nargs="*", choices=BENCHES, default=list(BENCHES))
    given = parser.parse_args()
    folder = Path(os.environ.get("BENCH_RESULTS") or Path(tempfile.gettempdir()) / "results")
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
    print("| question | goal | figure | limit in the same run | ratio |\n|---|---|---|---|---|", flush=True)
    failed = [name for name in given.only if not run(BENCHES[name], folder, small=given.small)]
    if failed:
        raise SystemExit(f"no figures: {', '.join(failed)}")


def run(bench: Bench, folder: Path, *, small: bool) -> bool:
    """One bench in a process of its own, so that none inherits another's memory or connections."""
    arguments = bench.small if small else bench.whole
    argv = [sys.executable, "-m", f"bench.{bench.module}", *arguments]
    answer = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        return False
    (folder / f"{bench.module}.json").write_text(answer.stdout, encoding="utf-8")
    for line in bench.lines(json.loads(answer.stdout)):
        print(f"| {' | '.join(line)} |", flush=True)
    time.sleep(2)  # what one left for the disk to write is not the next one's load
    return True


if __name__ == "__main__":
    main()
