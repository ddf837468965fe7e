"""Clean updates from the cases, in many phrasings, and one mistake planted in each."""

# ruff: noqa: E501 -- one message is one string

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bench.gate_data.organisations import CASES, PEOPLE, PLACES, TEAMS, Case
from comms.rules.checking.draft import Draft, Known
from comms.rules.checking.recorded import Recorded
from mim_portal.lib import times

NOW = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
NEXT = NOW + timedelta(minutes=30)
CHECKED = timedelta(minutes=10)  # how long ago the record of an incident was last confirmed
KNOWN = Known(
    people=PEOPLE,
    manager_names=("Mia Torres",),
    teams=TEAMS,
    services=tuple(case.service for case in CASES),
    sites=PLACES,
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """An update that may leave as it is."""

    name: str
    half: str  # tuning or held out: the cases are dealt by turns
    draft: Draft


@dataclass(frozen=True, kw_only=True)
class Clean(Written):
    """A clean update of one case."""

    case: Case


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A clean update with one mistake, and the codes by which it may be found."""

    mistake: str
    codes: tuple[str, ...]
    clean: Written
    draft: Draft


def clean() -> list[Clean]:
    """Every case in sixteen updates."""
    return [
        Clean(
            name=f"{case.service} {kind} {turn}",
            half="tuning" if number % 2 == 0 else "held out",
            case=case,
            draft=made,
        )
        for number, case in enumerate(CASES)
        for turn, (kind, made) in enumerate(_drafts(case))
    ]


def _drafts(case: Case) -> Iterator[tuple[str, Draft]]:
    for kind, audience, body in _bodies(case):
        is_final = kind in ("restored", "closure")
        yield (
            kind,
            Draft(
                kind=kind,
                audiences=(audience,),
                subject=f"{case.who} {'can' if is_final else 'cannot'} {case.cannot}{' again' if is_final else ''}",
                body=body,
                next_update_at=None if is_final else NEXT,
                latest_next_at=None if is_final else NOW + timedelta(minutes=60),
                state="monitoring" if is_final else "identified",
                known=KNOWN,
                recorded=recorded(case, is_over=is_final),
            ),
        )


def recorded(case: Case, *, is_over: bool = False) -> Recorded:
    """The record of a case."""
    return Recorded(
        service=case.service,
        who=case.who,
        activity=f"cannot {case.cannot}",
        count=f"about {case.count}",
        where=" and ".join(case.where),
        not_affected=case.well,
        workaround=case.workaround,
        other_texts=(case.basis, case.consequence),
        since=_at(case.since),
        restored_at=NOW - timedelta(minutes=10) if is_over else None,
        priority="P1",
        reference="MI-2026-0042",
        as_of=NOW - CHECKED,
        interval=timedelta(minutes=30),
    )


def _at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return NOW.replace(hour=hour, minute=minute)


# Kind, audience and words.
MESSAGES = (
    (
        "initial",
        "end_users",
        "{impact} {case.well} is not affected. Our engineers are working on it. {case.advice}. {help_} {end}",
    ),
    (
        "initial",
        "executives",
        "{impact}\n\n{case.consequence}. Our engineers have been called and are working on it. No decision is needed from you now.\n\n{end}",
    ),
    (
        "initial",
        "service_desk",
        "{impact} Callers elsewhere are not affected. Please log each call with the place and the time. {case.workaround}. Do not promise a time of repair. {end}",
    ),
    (
        "update",
        "end_users",
        "Since {since} {who} in {where} cannot {cannot}. {case.doing}. {case.workaround}. {case.advice}. {help_} {end}",
    ),
    ("update", "end_users", "{impact} What we are doing: {doing}. What you can do: {advice}. {help_} {end}"),
    (
        "update",
        "executives",
        "{impact} {case.well} is not affected. {case.consequence}. {case.doing}. {case.workaround}. No decision is needed from you now. {end}",
    ),
    (
        "update",
        "service_owners",
        "{group} in {where} still cannot {cannot} in {case.service}; it began at {since}. The number is about {case.count}, from {case.basis}. {case.workaround}. {case.consequence}. {case.doing}. {end}",
    ),
    (
        "update",
        "service_desk",
        "{impact} {case.workaround}; callers can be told so. {case.doing}. Please count the calls from {where} and tell us when they fall. {end}",
    ),
    (
        "update",
        "technical",
        "Condition: about {case.count} {who} in {where} cannot {cannot}, since {since}. {case.found}. Actions: {doing}. Needs: a second pair of eyes on the logs from {since}. {end}",
    ),
    (
        "update",
        "public",
        "{group} in {where} cannot {cannot} at present; it began at {since}. {case.advice}. {case.doing}. {end}",
    ),
    (
        "holding",
        "end_users",
        "No change since {before}: about {case.count} {who} in {where} cannot {cannot}. {case.doing}. {case.workaround}. {end}",
    ),
    (
        "workaround",
        "end_users",
        "{impact} There is now another way. {case.workaround}. {case.advice}. {case.doing}. {help_} {end}",
    ),
    (
        "restored",
        "end_users",
        "{again} It had lasted {long}, from {since}. Please try again what you had to leave. We have found no data loss so far. If it still fails, contact {case.desk}. {sorry} We are watching it and write only if it comes back.",
    ),
    (
        "restored",
        "executives",
        "{again} About {case.count} {who} had been without it for {long}. We have found no data loss so far. You do not need to do anything. {sorry} We are watching it. Contact {case.desk} if you hear otherwise.",
    ),
    (
        "correction",
        "end_users",
        "Earlier we wrote that {case.well} is affected. That was wrong: it is {where}. About {case.count} {who} there cannot {cannot}, since {since}. {case.advice}. {help_} {sorry} {end}",
    ),
    (
        "downgrade",
        "service_owners",
        "Most {who} in {where} can work with the other way: {workaround}. About {case.count} of them cannot {cannot} in {case.service} itself, since {since}. {case.doing}. From now on we write every two hours. {end}",
    ),
)


def _bodies(case: Case) -> Iterator[tuple[str, str, str]]:
    """Kind, audience and words of sixteen updates."""
    where, since = " and ".join(case.where), f"{case.since} (UTC+0)"
    group, restored = _capital(case.who), times.clock_time(NOW - timedelta(minutes=10))
    words = {
        "case": case,
        "where": where,
        "since": since,
        "who": case.who,
        "cannot": case.cannot,
        "group": group,
        "impact": f"About {case.count} {case.who} in {where} cannot {case.cannot} in {case.service}, since {since}.",
        "again": f"{group} in {where} can {case.cannot} again since {restored}.",
        "end": f"Next update by {times.clock_time(NEXT)}.",
        "help_": f"If you need help, contact {case.desk}.",
        "sorry": "We are sorry for the time that this has cost you.",
        "long": times.duration(NOW - timedelta(minutes=10) - _at(case.since)),
        "before": times.clock_time(NOW - timedelta(minutes=25)),
        **{name: _small(getattr(case, name)) for name in ("doing", "advice", "workaround")},
    }
    for kind, audience, text in MESSAGES:
        yield kind, audience, text.format(**words)


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _small(words: str) -> str:
    return words[0].lower() + words[1:]


# --- mistakes ---------------------------------------------------------------------------------------------------------
def planted(good: list[Clean], *, seed: int = 7) -> Iterator[Planted]:
    """Each clean update once with each mistake that it can have."""
    for clean_one in good:
        chance = random.Random(f"{seed} {clean_one.name}")
        yield from planted_in_text(clean_one, chance)
        for mistake, (codes, plant) in OF_FACTS.items():
            changed = plant(clean_one, chance)
            if changed is not None:
                yield Planted(mistake=mistake, codes=codes, clean=clean_one, draft=changed)


def planted_in_text(one: Written, chance: random.Random) -> Iterator[Planted]:
    """The mistakes that need no knowledge of the case."""
    for mistake, (codes, plant) in OF_TEXTS.items():
        changed = plant(one, chance)
        if changed is not None:
            yield Planted(mistake=mistake, codes=codes, clean=one, draft=changed)


def _in_body(one: Written, body: str) -> Draft | None:
    return replace(one.draft, body=body) if body != one.draft.body else None


def _misspelling(one: Written, chance: random.Random) -> Draft | None:
    """Two letters change places, one is lost or doubled, inside an ordinary word."""
    names = {part for name in (*PEOPLE, *PLACES, *one.draft.known.services) for part in name.split()}
    places = [
        hit
        for hit in re.finditer(r"\b[a-z]{6,12}\b", one.draft.body)
        if hit.group() not in names and not hit.group().endswith("s")
    ]
    if not places:
        return None
    hit = chance.choice(places)
    word, at = hit.group(), chance.randrange(2, len(hit.group()) - 2)
    way = chance.randrange(3)
    wrong = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if way == 0 and word[at] != word[at + 1]
        else word[:at] + word[at + 1 :]
        if way == 1
        else word[:at] + word[at] + word[at] + word[at:]
    )
    return _in_body(one, one.draft.body[: hit.start()] + wrong + one.draft.body[hit.end() :])


_GRAMMAR = (
    ("Our engineers are", "Our engineers is"),
    ("Our engineers have", "Our engineers has"),
    (" can be ", " can been "),
    ("We are watching", "We is watching"),
    (" is not affected", " are not affect"),
    ("cannot ", "cannot to "),
    (" in the ", " in in the "),
    ("Please ", "Please to "),
    ("a second", "an second"),
)


def _grammar(one: Written, chance: random.Random) -> Draft | None:
    fitting = [pair for pair in _GRAMMAR if pair[0] in one.draft.body]
    if not fitting:
        return None
    right, wrong = chance.choice(fitting)
    return _in_body(one, one.draft.body.replace(right, wrong, 1))


def _number(one: Clean, chance: random.Random) -> Draft | None:
    count = int(one.case.count.replace(",", ""))
    wrong = max(int(count * chance.choice((0.1, 0.5, 1.7, 10))), 2)
    return _in_body(one, one.draft.body.replace(one.case.count, f"{wrong:,}", 1))


def _place(one: Clean, chance: random.Random) -> Draft | None:
    others = [place for place in PLACES if place not in one.case.where]
    wrong = one.case.well if chance.random() < 0.3 else chance.choice(others)
    body = one.draft.body
    at = body.find(f"in {one.case.where[0]}")
    return None if at < 0 else _in_body(one, body[:at] + body[at:].replace(one.case.where[0], wrong, 1))


def _time(one: Clean, chance: random.Random) -> Draft | None:
    hit = re.search(rf"(?:since|at) {one.case.since}", one.draft.body, re.IGNORECASE)
    if hit is None:
        return None
    wrong = _at(one.case.since) + timedelta(minutes=chance.choice((-60, 60, -30, 15)))
    return _in_body(
        one,
        one.draft.body[: hit.start()]
        + hit.group().replace(one.case.since, f"{wrong:%H:%M}")
        + one.draft.body[hit.end() :],
    )


def _service(one: Clean, chance: random.Random) -> Draft | None:
    """Another service of the organisation, wherever the text names its own."""
    recorded = " ".join(one.draft.recorded.texts) if one.draft.recorded is not None else ""
    others = [name for name in one.draft.known.services if name not in recorded and name not in one.draft.body]
    return _in_body(one, one.draft.body.replace(one.case.service, chance.choice(others)))


def _no_next(one: Written, chance: random.Random) -> Draft | None:
    del chance
    return replace(one.draft, next_update_at=None) if one.draft.next_update_at is not None else None


def _name(one: Written, chance: random.Random) -> Draft | None:
    if one.draft.audiences == ("technical",):
        return None
    person = chance.choice([name for name in PEOPLE if name != "Mia Torres"])
    sentence = chance.choice(
        (
            f"{person} is looking into it.",
            f"Our colleague {person.split()[0]} is restarting it.",
            f"{person} has found the fault.",
        )
    )
    return _in_body(one, f"{one.draft.body} {sentence}")


def _blame(one: Written, chance: random.Random) -> Draft | None:
    team = chance.choice(TEAMS)
    sentence = chance.choice(
        (
            f"This was caused by the {team} team.",
            "This was human error.",
            "Somebody forgot to test the change.",
            "The service desk should have told us sooner.",
            "It is the fault of our supplier.",
            f"The {team} team failed to follow the process.",
            "The engineer on duty made a mistake.",
        )
    )
    return _in_body(one, f"{one.draft.body} {sentence}")


def _leftover(one: Written, chance: random.Random) -> Draft | None:
    left = chance.choice(
        ("[NAME]", "TBC", "{{ next_update }}", "XXX", "[what you can do now]", "TODO", "<service>", "hh:mm")
    )
    return _in_body(one, one.draft.body.replace(". ", f". Details: {left}. ", 1))


OF_TEXTS: dict[str, tuple[tuple[str, ...], Callable[[Written, random.Random], Draft | None]]] = {
    "misspelling": (("C09",), _misspelling),
    "grammar": (("C09", "C10"), _grammar),
    "missing next time": (("C01",), _no_next),
    "name": (("C07",), _name),
    "blame": (("C07", "C04"), _blame),
    "leftover": (("C10",), _leftover),
}
OF_FACTS: dict[str, tuple[tuple[str, ...], Callable[[Clean, random.Random], Draft | None]]] = {
    "wrong number": (("C11",), _number),
    "wrong place": (("C11",), _place),
    "wrong time": (("C11", "C01"), _time),
    "wrong service": (("C11",), _service),
}
