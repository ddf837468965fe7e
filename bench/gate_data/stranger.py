"""Updates of twelve organisations that the rules never saw when they were written, each with one mistake at a time.

A text marks what the reader shall do with [[ ]] and what is being done with << >>, so that it can be left out.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.gate_data.story import today
from bench.gate_data.updates import CHECKED, NEXT, NOW, Planted, Written
from comms.rules.checking.draft import Draft, Known
from comms.rules.checking.recorded import Recorded

PEOPLE = ("Anneke Visser", "Daniel Okafor", "Mei Tanaka", "Luis Romero", "Sarah Whitfield", "Grace Mensah")
MANAGER = "Grace Mensah"
TEAMS = ("Platform Engineering", "Network Operations", "Database Administration", "Desktop Support")
SUPPLIERS = ("Northwind Hosting", "Telora")
_LAST = {"closure": "closed", "restored": "monitoring"}

# Sentences that somebody adds, each wrong by itself.
_BLAME = (
    "Network Operations made a wrong change this morning.",
    "This happened because Telora failed to renew a certificate.",
    "An engineer forgot to run the check before the release.",
    "It was caused by human error.",
    "Platform Engineering is to blame for the delay.",
    "Northwind Hosting let us down again.",
    "Someone pushed an untested change.",
    "The database administrators should have noticed this earlier.",
    "This is the fault of Desktop Support.",
)
_NAMES = (
    "Daniel Okafor is working on it.",
    "Please call Anneke Visser with questions.",
    "Ask Mei Tanaka for the list.",
    "Luis is checking the logs.",
    "Thanks to Sarah Whitfield for the quick help.",
    "Mr Okafor will report back.",
    "Okafor and Tanaka are on the call.",
)
_LEFTOVERS = (
    "TODO: add the number of users.",
    "The next step starts at XX:XX (UTC+0).",
    "We write to {{ audience }} again after the test.",
    "Lorem ipsum dolor sit amet.",
    "[insert workaround here]",
    "Status: TBC.",
    "Contact <name of the contact> for help.",
    "The number is ??? at present.",
    "FIXME before sending.",
    "DRAFT - do not send.",
)
CODES = {
    "misspelling": ("C09",),
    "grammar": ("C09", "C10"),
    "name": ("C07",),
    "blame": ("C07", "C04"),
    "leftover": ("C10",),
    "missing next time": ("C01",),
    "next time past": ("C01",),
    "missing action": ("C19",),
}
_OF_TIME = ("wrong start", "wrong zone", "wrong next time", "wrong restored time")


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """One incident: record, messages (kind, audience, subject, body), and slips (kind, what is right, what wrong)."""

    name: str
    zone: str
    language: str = "en-GB"
    recorded: Recorded
    services: tuple[str, ...]
    sites: tuple[str, ...]
    glossary: dict[str, str] = field(default_factory=dict)
    messages: tuple[tuple[str, str, str, str], ...]
    restored: tuple[int, int]
    slips: tuple[tuple[str, str, str], ...]
    grammar: tuple[tuple[str, str], ...]
    misspellings: tuple[tuple[str, str], ...]
    now: datetime = NOW


def record(zone: str, since: tuple[int, int], *, now: datetime = NOW, **facts: object) -> Recorded:
    return Recorded(
        since=today(zone, *since, now=now),
        as_of=now - CHECKED,
        interval=timedelta(minutes=30),
        **facts,  # type: ignore[arg-type]
    )


def load(name: str, *, now: datetime = NOW) -> tuple[Stranger, ...]:
    """A set that is kept as JSON, of updates written at one moment: the fields of Stranger, and of the record `since`
    and `facts`.
    """
    rows = json.loads((Path(__file__).parent / f"strangers_{name}.json").read_text(encoding="utf-8"))
    return tuple(_read(row, now=now) for row in rows)


def _read(row: dict[str, Any], *, now: datetime = NOW) -> Stranger:
    facts = {name: tuple(each) if isinstance(each, list) else each for name, each in row.pop("facts").items()}
    for name in ("former_priorities", "linked_references"):
        if name in facts:
            facts[name] = frozenset(facts[name])
    recorded = record(row["zone"], tuple(row.pop("since")), now=now, **facts)
    fields: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in row.items()}
    for name in ("messages", "slips", "grammar", "misspellings"):
        fields[name] = tuple(map(tuple, fields[name]))
    return Stranger(recorded=recorded, now=now, **fields)


def clean(told: Iterable[Stranger]) -> list[Written]:
    return [one for one, _marked, _each in _all(told)]


def planted(told: Iterable[Stranger]) -> Iterator[Planted]:
    """Each message with each slip that it can have, one at a time."""
    for turn, (one, marked, each) in enumerate(_all(told)):
        yield from _facts(each, one)
        yield from _words(each, one)
        yield from _added(one, turn)
        yield from _left_out(one, marked)


def _all(told: Iterable[Stranger]) -> Iterator[tuple[Written, str, Stranger]]:
    """Every message; the first, third, fifth … organisation is of the half that the rules were tuned on first."""
    for number, each in enumerate(told):
        for one, marked in _written(each, "held out" if number % 2 else "tuning"):
            yield one, marked, each


def _written(each: Stranger, half: str) -> Iterator[tuple[Written, str]]:
    for turn, (kind, audience, subject, marked) in enumerate(each.messages):
        is_over = kind in _LAST
        draft = Draft(
            kind=kind,
            audiences=(audience,),
            subject=subject,
            body=_plain(marked),
            next_update_at=None if is_over else each.now + (NEXT - NOW),
            latest_next_at=None if is_over else each.now + timedelta(minutes=60),
            tz=ZoneInfo(each.zone),
            state=_LAST.get(kind, "identified"),
            language=each.language,
            cause_confirmed=any(re.search(r"(?i)\bcause confirmed\b", said) for said in each.recorded.other_texts),
            known=Known(
                people=PEOPLE,
                manager_names=(MANAGER,),
                teams=TEAMS,
                suppliers=SUPPLIERS,
                services=each.services,
                sites=each.sites,
                glossary=each.glossary,
            ),
            recorded=replace(each.recorded, restored_at=_restored(each) if is_over else None),
        )
        yield Written(name=f"{each.name} {kind} {turn}", half=half, draft=draft), marked


def _restored(each: Stranger) -> datetime:
    return today(each.zone, *each.restored, now=each.now)


def _plain(marked: str) -> str:
    for mark in ("[[", "]]", "<<", ">>"):
        marked = marked.replace(mark, "")
    return marked


def _facts(each: Stranger, one: Written) -> Iterator[Planted]:
    for mistake, right, wrong in each.slips:
        if right in one.draft.body:
            codes = ("C11", "C01") if mistake in _OF_TIME else ("C11",)
            codes = (*codes, "C20") if mistake == "wrong zone" else codes  # “08:50 BST” of whoever writes in Berlin
            yield _changed(one, mistake, codes, one.draft.body.replace(right, wrong, 1))


def _words(each: Stranger, one: Written) -> Iterator[Planted]:
    for mistake, slips in (("grammar", each.grammar), ("misspelling", each.misspellings)):
        for right, wrong in slips:
            if right in one.draft.body:
                yield _changed(one, mistake, CODES[mistake], one.draft.body.replace(right, wrong, 1))


def _added(one: Written, turn: int) -> Iterator[Planted]:
    """Two of each list a message, by turns, as a sentence of its own at the end."""
    for mistake, sentences in (("blame", _BLAME), ("name", _NAMES), ("leftover", _LEFTOVERS)):
        if mistake == "name" and one.draft.audiences == ("technical",):
            continue
        for step in (0, 1):
            sentence = sentences[(2 * turn + step) % len(sentences)]
            yield _changed(one, mistake, CODES[mistake], f"{one.draft.body} {sentence}")


def _left_out(one: Written, marked: str) -> Iterator[Planted]:
    if one.draft.next_update_at is not None:
        gone = replace(one.draft, next_update_at=None)
        yield Planted(mistake="missing next time", codes=CODES["missing next time"], clean=one, draft=gone)
        past = replace(one.draft, next_update_at=one.draft.next_update_at - (NEXT - NOW) - timedelta(minutes=5))
        yield Planted(mistake="next time past", codes=CODES["next time past"], clean=one, draft=past)
    if "[[" in marked and one.draft.audiences[0] in ("end_users", "public") and one.draft.kind != "holding":
        start, end = marked.index("[["), marked.index("]]")
        yield _changed(one, "missing action", CODES["missing action"], _plain(marked[:start] + marked[end + 2 :]))


def _changed(one: Written, mistake: str, codes: tuple[str, ...], body: str) -> Planted:
    return Planted(mistake=mistake, codes=codes, clean=one, draft=replace(one.draft, body=body))
