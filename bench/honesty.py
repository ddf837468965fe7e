"""How much planted blame does the lint find, and how many honest reports does it call blaming?

    python -m bench.honesty --reports FOLDER

Asks the rules B00 to B11 about the sentences of `bench.honesty_data` and about every Markdown report under FOLDER
(real incident reports of others). A sentence counts as found when the rule that it was written for speaks, or, said
apart, when any rule does. A report counts as flagged when it has one finding at error level. Prints JSON, with every
flagged place for reading. Needs no server.
"""

import argparse
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.honesty_data import (
    sentences,
    unseen,
    unseen_again,
    unseen_last,
    unseen_of_another,
    unseen_others,
    unseen_too,
)
from mim_portal.lib import blame_lint
from mim_portal.lib.findings import ERROR

FOUND_GOAL = 0.95
FLAGGED_GOAL = 0.25
AROUND = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=Path, required=True)
    options = parser.parse_args()
    print(json.dumps(measure(options.reports), indent=2, ensure_ascii=False))


def measure(folder: Path) -> dict[str, Any]:
    """Planted blame, clean sentences and real reports, each with its goal."""
    started = time.perf_counter()
    figures = {
        "planted": planted(sentences.PLANTED),
        "unseen": planted(unseen.PLANTED),
        "unseen_too": planted(unseen_too.PLANTED),
        "unseen_again": planted(unseen_again.PLANTED),
        "unseen_last": planted(unseen_last.PLANTED),
        "unseen_others": planted(unseen_others.PLANTED),
        "unseen_others_after": planted(unseen_others.AFTER),
        "unseen_of_another": planted(unseen_of_another.PLANTED),
        "clean": clean(sentences.CLEAN),
        "unseen_clean": clean(unseen.CLEAN),
        "unseen_too_clean": clean(unseen_too.CLEAN),
        "unseen_again_clean": clean(unseen_again.CLEAN),
        "unseen_last_clean": clean(unseen_last.CLEAN),
        "unseen_others_clean": clean(unseen_others.CLEAN),
        "unseen_of_another_clean": clean(unseen_of_another.CLEAN),
        "reports": reports(sorted(folder.rglob("*.md"))),
    }
    return {**figures, "seconds": round(time.perf_counter() - started, 2)}


def planted(rules: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The share of planted sentences that are found, by rule, and those that are not."""
    rows = [(code, text, _codes(text)) for code, texts in rules.items() for text in texts]
    return {
        "goal": FOUND_GOAL,
        "sentences": len(rows),
        "found": _share(code in said for code, _text, said in rows),
        "found_by_any_rule": _share(bool(said) for _code, _text, said in rows),
        "by_rule": {code: _share(code in said for own, _text, said in rows if own == code) for code in rules},
        "missed": [{"rule": code, "text": text} for code, text, said in rows if code not in said],
    }


def clean(texts: Sequence[str]) -> dict[str, Any]:
    """The share of clean sentences that any rule speaks about, and which."""
    wrong = [{"text": text, "codes": sorted(_codes(text))} for text in texts if _codes(text)]
    return {"sentences": len(texts), "flagged": round(len(wrong) / len(texts), 4), "which": wrong}


def reports(paths: Sequence[Path]) -> dict[str, Any]:
    """The share of reports with a finding at error level, and every such place."""
    places: list[dict[str, str]] = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for hit in blame_lint.lint(text):
            if hit.severity == ERROR:
                around = " ".join(text[max(0, hit.start - AROUND) : hit.end + AROUND].split())
                places.append({"report": path.name, "rule": hit.code, "marked": hit.text, "around": around})
    flagged = len({place["report"] for place in places})
    return {
        "goal": FLAGGED_GOAL,
        "reports": len(paths),
        "flagged": flagged,
        "share": round(flagged / len(paths), 4) if paths else None,
        "places": places,
    }


def _codes(text: str) -> frozenset[str]:
    return frozenset(hit.code for hit in blame_lint.lint(text, names=sentences.PEOPLE))


def _share(hits: Iterable[bool]) -> float:
    kept = list(hits)
    return round(sum(kept) / len(kept), 4)


if __name__ == "__main__":
    main()
