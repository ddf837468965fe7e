"""How often does the evidence page see a difference where there is none, and miss one that is there?

    python -m bench.evidence [--histories 1000]

Simulates histories of one team: log-normal times to engage whose 90th percentile is about 3.2 times the median, as
those of real incidents (domain.md 5.5), so many calls on each side. Without any change the page should say faster or
slower in at most 5 % of them; with times truly halved and 50 calls a side it should say faster in at least 80 %. Prints
JSON with the second opinion (permutation test under 5 %) beside the verdict. Needs no server.
"""

import argparse
import json
import math
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from reviews.rules import evidence
from reviews.rules.evidence import Verdict

MEDIAN_MINUTES: Final = 12.0
SIGMA: Final = math.log(3.2) / 1.2816  # the 90th percentile of a standard normal
FALSE_GOAL: Final = 0.05
FOUND_GOAL: Final = 0.80
# Calls a side, and what the times after are multiplied with.
CASES: Final = ((20, 1.0), (50, 1.0), (100, 1.0), (20, 0.5), (50, 0.5), (100, 0.5), (50, 0.75))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=1000)
    options = parser.parse_args()
    print(json.dumps(measure(options.histories), indent=2))


def measure(histories: int) -> dict[str, Any]:
    """Every case with its verdicts, each from the same seeds on every machine."""
    started = time.perf_counter()
    with multiprocessing.Pool(os.cpu_count()) as pool:
        cases = [case(pool.starmap(verdict, [(n, change, seed) for seed in range(histories)]), n, change)
                 for n, change in CASES]  # fmt: skip
    return {
        "histories": histories,
        "goals": {"false_at_most": FALSE_GOAL, "halving_at_50_found_at_least": FOUND_GOAL},
        "cases": cases,
        "seconds": round(time.perf_counter() - started, 1),
    }


def case(found: Sequence[tuple[str, bool]], n: int, change: float) -> dict[str, Any]:
    """The share of each verdict, and how often the permutation test calls the difference real."""
    counted = Counter(said for said, _ in found)
    shares = {said.value: counted[said.value] / len(found) for said in Verdict}
    return {
        "calls_a_side": n,
        "true_ratio": change,
        **shares,
        "second_opinion": sum(is_real for _, is_real in found) / len(found),
    }


def verdict(n: int, change: float, seed: int) -> tuple[str, bool]:
    """One history: what the page says of it."""
    source = random.Random(f"{n} {change} {seed}")
    before, after = (
        [source.lognormvariate(math.log(MEDIAN_MINUTES * factor), SIGMA) for _call in range(n)]
        for factor in (1.0, change)
    )
    found = evidence.compare(before, after)
    assert found.verdict is not None
    assert found.chance is not None
    return found.verdict.value, found.chance < FALSE_GOAL


if __name__ == "__main__":
    main()
