"""Does the gate stop what must not leave, and let pass what may? Recall and false blocks, on updates of our own.

    python -m bench.gate [--texts FILE.json …]

Needs the language checker (LANGUAGETOOL_URL, as in `make bench BENCH=gate`). Clean updates of fourteen trades, each
also with one planted mistake: how often it stops the message, by its own code (a mistake of language in a message to
technical teams, the desk or owners is only warned of, and counts where it is); how often a clean one is stopped. The
cases are dealt by turns into a half that the rules were tuned on and a half that was held out. Beside them, updates of
fourteen organisations written by hand, each in another style, sixty in the shapes of public status pages, forty in
other styles from other parts of the world, and sixty-four, a hundred and four and a hundred and forty-five more, as
strangers write them, with finer mistakes.
`--texts` also asks what would stop other people's messages: files in the shape of Statuspage's incidents.json. Prints
JSON.
"""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.gate_data import stories, stranger, updates
from bench.gate_data.stories_unseen import UNSEEN
from bench.gate_data.stories_unseen_third import UNSEEN_THIRD
from bench.gate_data.strangers import FIFTH_DAY, FOURTH_DAY, MORE, SIXTH_DAY, STRANGERS, THIRD_DAY
from comms.rules.checking import checks, gate
from comms.rules.checking.draft import Draft
from comms.services.writing import checking
from mim_portal.lib.findings import Finding

GOALS = {
    "misspelling": 0.97,
    "grammar": None,
    "wrong number": 0.95,
    "wrong place": 0.95,
    "wrong time": 0.95,
    "wrong service": 0.95,
    "missing next time": 0.99,
    "name": 0.99,
    "blame": 0.99,
    "leftover": 0.99,
}
GOAL_BLOCKED = 0.03
ACTION = "C19"
TRIES, PAUSE_SECONDS = 10, 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--show", action="store_true", help="print what was missed and what was stopped wrongly")
    options = parser.parse_args()
    good = updates.clean()
    found = measure(good, updates.planted(good), with_language=True, show=options.show)
    found["written_by_hand"] = measure(stories.clean(), stories.planted(), with_language=True, show=options.show)
    found["of_status_pages"] = measure(
        stories.clean(UNSEEN), stories.planted(UNSEEN), with_language=True, show=options.show
    )
    found["of_other_parts_of_the_world"] = measure(
        stories.clean(UNSEEN_THIRD), stories.planted(UNSEEN_THIRD), with_language=True, show=options.show
    )
    found["of_strangers"] = measure(
        stranger.clean(STRANGERS), stranger.planted(STRANGERS), with_language=True, show=options.show
    )
    found["of_more_strangers"] = measure(
        stranger.clean(MORE), stranger.planted(MORE), with_language=True, show=options.show
    )
    for name, told in zip(
        (
            *("everyday_offices", "firms_and_institutions", "communications_offices", "a_tester", "another_tester"),
            *("an_acceptance_tester", "an_incident_manager", "a_quality_engineer", "five_people"),
            *("hospitals", "saas_and_retail", "service_desks", "duty_managers"),
            *("status_pages", "five_managers", "large_companies", "on_call", "public_bodies", "a_provider"),
            *("utilities", "shift_leads", "mornings", "a_consultant", "thirty_hands", "itil", "prose", "end_of_day"),
        ),
        (*THIRD_DAY, *FOURTH_DAY, *FIFTH_DAY, *SIXTH_DAY),
        strict=True,
    ):
        found[f"of_{name}"] = measure(
            stranger.clean(told), stranger.planted(told), with_language=True, show=options.show
        )
    if options.texts:
        found["other_peoples"] = others(options.texts, show=options.show)
    print(json.dumps(found, indent=2, ensure_ascii=False))


def measure(
    good: Sequence[updates.Written], mistaken: Iterable[updates.Planted], *, with_language: bool, show: bool = False
) -> dict[str, Any]:
    """Recall of each mistake and the share of clean updates that are stopped, for both halves and together."""
    stopped: dict[str, Counter[str]] = defaultdict(Counter)
    for one in good:
        why = stops(one.draft, with_language=with_language)
        _count(stopped["clean"], one.half, bool(why))
        if why and show:
            print("CLEAN", one.name, _brief(why), file=sys.stderr)
    for bad in mistaken:
        if not with_language and bad.codes[0] == "C09":
            continue
        is_caught = any(each.code in bad.codes for each in _seen(bad.draft, with_language=with_language))
        _count(stopped[bad.mistake], bad.clean.half, is_caught)
        if not is_caught and show:
            print("MISSED", bad.mistake, bad.clean.name, bad.draft.body, file=sys.stderr)
    return {
        "clean_updates": len(good),
        "goal_blocked": GOAL_BLOCKED,
        "clean_blocked": _shares(stopped.pop("clean")),
        "recall": {name: {"goal": goal(name), **_shares(counts)} for name, counts in stopped.items()},
        "facts_together": _shares(sum((stopped[name] for name in stopped if name.startswith("wrong ")), Counter())),
    }


def goal(mistake: str) -> float | None:
    """What is to be found of a mistake: of every kind of wrong fact as of facts, of the rest as of structure."""
    return GOALS[mistake] if mistake in GOALS else 0.95 if mistake.startswith("wrong ") else 0.99


def stops(draft: Draft, *, with_language: bool = True) -> tuple[Finding, ...]:
    """What stops the message when its writer presses Send."""
    return gate.blocking(_found(draft, with_language=with_language), kind=draft.kind, send_now=False)


def _seen(draft: Draft, *, with_language: bool) -> list[Finding]:
    """What stops it; of language, which only warns those who write to technical teams, the desk and owners, all; and
    what readers should do, of which the gate only ever warns.
    """
    found = _found(draft, with_language=with_language)
    blocking = gate.blocking(found, kind=draft.kind, send_now=False)
    return [
        each
        for each in found
        if each in blocking or each.code == ACTION or (each.code == checking.LANGUAGE and not draft.plain)
    ]


def _found(draft: Draft, *, with_language: bool) -> list[Finding]:
    found: list[Finding] = list(checks.check(draft, now=_now(draft)))
    return [*found, *_said(draft)] if with_language else found


def _now(draft: Draft) -> datetime:
    """When the update is written: the record was confirmed a while before."""
    as_of = draft.recorded.as_of if draft.recorded is not None else None
    return updates.NOW if as_of is None else as_of + updates.CHECKED


def _said(draft: Draft) -> tuple[Finding, ...]:
    """What the language checker says; on a busy machine it may take some tries."""
    for _try in range(TRIES):
        said = checking.language_findings(draft)
        if said is not None:
            return said
        time.sleep(PAUSE_SECONDS)
    raise SystemExit("The language checker does not answer.")


def others(files: Iterable[Path], *, show: bool) -> dict[str, Any]:
    """Messages that other people sent to their users, without a record to compare them with: what stops them."""
    codes: Counter[str] = Counter()
    total = blocked = 0
    for file in files:
        for incident in json.loads(file.read_text(encoding="utf-8")).get("incidents", []):
            for message in incident.get("incident_updates", []):
                draft = Draft(
                    kind="update",
                    audiences=("end_users",),
                    subject=incident["name"],
                    body=message["body"],
                    next_update_at=updates.NEXT,
                    state="identified",
                )
                why = stops(draft)
                total += 1
                blocked += bool(why)
                codes.update({each.code for each in why})
                if why and show:
                    print("OTHER", _brief(why), message["body"][:200], file=sys.stderr)
    return {"messages": total, "stopped": blocked, "by_code": dict(codes.most_common())}


def _count(counts: Counter[str], half: str, is_stopped: bool) -> None:
    for name in (half, "all"):
        counts[f"{name} of"] += 1
        counts[name] += is_stopped


def _shares(counts: Counter[str]) -> dict[str, Any]:
    return {
        name: {
            "stopped": counts[name],
            "of": counts[f"{name} of"],
            "share": round(counts[name] / counts[f"{name} of"], 4),
        }
        for name in ("tuning", "held out", "by hand", "all")
        if counts[f"{name} of"]
    }


def _brief(why: Iterable[Finding]) -> str:
    return "; ".join(f"{each.code}/{each.rule} {each.field} “{each.text}”" for each in why)


if __name__ == "__main__":
    main()
