"""What does the portal add to the language checker's own time, and do twenty writers at once stay responsive?

    python -m bench.check [--texts 30] [--writers 20]

Needs the language checker (LANGUAGETOOL_URL) and Redis, as in `make bench BENCH=check`. Texts of 1,000 characters, each
read for the first time: once by a bare request on a kept connection, once through the portal's checker, by turns. Then
the same texts again (from memory), the same with one paragraph changed, and writers at once in threads of one process,
as a web process serves them: how long each waits for an answer, or for being told that there is none yet. Prints JSON.
"""

import argparse
import itertools
import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import requests
from django.conf import settings

from bench.gate_data import updates
from comms.adapters import languagetool

GOAL_RATIO, GOAL_CACHED_MS = 1.15, 10
LENGTH = 1_000
_numbers = itertools.count(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=30)
    parser.add_argument("--writers", type=int, default=20)
    options = parser.parse_args()
    texts = new_texts()
    bare = requests.Session()
    wait(bare, next(texts))
    for _ in range(5):  # both warm, none of these texts is asked again
        ask_bare(bare, next(texts))
        ask(next(texts))
    alone: list[float] = []
    ours: list[float] = []
    asked = []
    for _ in range(options.texts):
        alone.append(timed(ask_bare, bare, next(texts)))
        asked.append(next(texts))
        ours.append(timed(ask, asked[-1]))
    again = [timed(ask, text) for text in asked]
    changed = [timed(ask, f"{text}\n\nA new last line, number {next(_numbers)}, was added here.") for text in asked]
    ratio = statistics.median(ours) / statistics.median(alone)
    found = {
        "machine": {"cpus": os.cpu_count(), "load_average": round(os.getloadavg()[0], 1)},
        "characters": LENGTH,
        "goals": {"ratio": GOAL_RATIO, "cached_ms": GOAL_CACHED_MS},
        "bare_ms": spread(alone),
        "checked_ms": spread(ours),
        "ratio": round(ratio, 3),
        "unchanged_ms": spread(again),
        "one_paragraph_new_ms": spread(changed),
        "together": together(texts, options.writers),
    }
    print(json.dumps(found, indent=2))


def wait(bare: requests.Session, text: str) -> None:
    """The checker's own start takes some seconds."""
    patience = time.monotonic() + 120
    while True:
        try:
            return ask_bare(bare, text)
        except requests.ConnectionError:
            if time.monotonic() > patience:
                raise
            time.sleep(1)


def new_texts() -> Iterator[str]:
    """Messages of about a thousand characters in three paragraphs, none of which was ever read before.

    The run's own number stands in each paragraph: Redis remembers those of earlier runs for a day.
    """
    good = updates.clean()
    run = time.time_ns()
    for number in _numbers:
        parts = [" ".join(good[(number * 7 + step) % len(good)].draft.body.split()) for step in range(3)]
        yield "\n\n".join(f"Report {run + number * 3 + step}. {part}"[:331] for step, part in enumerate(parts))


def ask_bare(session: requests.Session, text: str) -> None:
    """One request as the library makes it, and nothing else."""
    answer = session.post(
        f"{settings.LANGUAGETOOL_URL}/v2/check", data={"language": settings.LANGUAGE, "text": text}, timeout=30
    )
    answer.raise_for_status()
    answer.json()


def ask(text: str) -> None:
    languagetool.check(text, language=settings.LANGUAGE)


def timed(call: Callable[..., None], *arguments: Any) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    call(*arguments)
    return (time.perf_counter() - started) * 1000


def spread(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {"median": round(statistics.median(ordered), 1), "p95": round(ordered[int(len(ordered) * 0.95) - 1], 1)}


def together(texts: Iterator[str], writers: int) -> dict[str, Any]:
    """Each writer sends one new text at the same moment."""
    gate = threading.Barrier(writers)
    took: list[float] = []
    refused: list[float] = []

    def write(text: str) -> None:
        gate.wait()
        started = time.perf_counter()
        try:
            ask(text)
        except languagetool.LanguageUnavailable:
            refused.append((time.perf_counter() - started) * 1000)
        else:
            took.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=write, args=(next(texts),)) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "writers": writers,
        "answered": len(took),
        "told_not_yet": len(refused),
        "answered_ms": spread(took) if len(took) > 1 else None,
        "longest_ms": round(max([*took, *refused]), 1),
    }


if __name__ == "__main__":
    main()
