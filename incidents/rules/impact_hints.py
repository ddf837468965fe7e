"""How an impact is captured wrong, where a machine can notice it (domain.md 3.3). Hints advise and never block.

`inconsistent_between_audiences` needs the messages and is checked where they are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from rapidfuzz import fuzz

from incidents.rules import impact as impacts
from incidents.rules import statement as statements
from mim_portal.lib import findings, times, zone_names
from mim_portal.lib.findings import ADVICE, Finding

ALIKE: Final = 90.0  # of 100: above it, an older statement was probably copied
WORTH_COMPARING: Final = 40  # characters; shorter statements are alike by nature
SAME_MOMENT: Final = timedelta(minutes=1)
_I: Final = re.IGNORECASE

# What stands for a component in the words of users and technicians alike.
_PART: Final = (
    r"(?:server|servers|database|db|cluster|node|nodes|host|switch|router|firewall|load balancer|proxy|queue|broker|"
    r"storage|san|disk|volume|pod|container|vm|virtual machine|api|gateway|certificate|dns|network|link|circuit|"
    r"service account|job|batch|cpu|memory|backend|middleware)"
)
_PART_IS_BROKEN: Final = re.compile(
    rf"\b(?:the )?(?:[\w-]+ )?{_PART}\b[^.;,]{{0,20}}?\b(?:is|are|was|were|has|have|went)\b[^.;,]{{0,12}}?\b(?:down|"
    r"offline|unavailable|unreachable|slow|full|failed|failing|crashed|broken|dead|gone|hung|out|"
    r"not (?:responding|working|available))\b",
    _I,
)
_HOST: Final = re.compile(
    r"\b(?:[a-z]{2,}[a-z0-9]*(?:-[a-z0-9]+)+-?\d{1,4}|[a-z]{2,12}\d{2,4}|[\w-]+\.(?:local|internal|lan|corp)|"
    r"(?:\d{1,3}\.){3}\d{1,3})\b",
    _I,
)
_VAGUE: Final = re.compile(
    r"\b(?:some|many|several|a few|few|lots of|a lot of|loads of|numerous|various|multiple|most|a number of|"
    r"a handful of|hundreds|thousands|dozens|tons of|quite a few)\b",
    _I,
)
_NUMBER: Final = re.compile(r"\d|\b(?:all|every|everyone|everybody|none|no one|nobody|one|two|three|four|five|six|"
                            r"seven|eight|nine|ten|half)\b", _I)  # fmt: skip
_REPORT: Final = re.compile(
    r"\b(?:first (?:call|ticket|report|e-?mail|alert)|(?:was|were|been) (?:reported|logged|raised)|reported (?:at|by)|"
    r"logged at|ticket (?:opened|raised|logged)|call(?:ed)? (?:to )?the (?:service )?desk|"
    r"incident (?:declared|raised))\b",
    _I,
)
_CAUSE: Final = re.compile(
    r"[\s,;(]*\b(?:caused by|due to|because(?: of)?|as a result of|owing to|thanks to|root cause|triggered by|"
    r"following (?:the|a|an|our|last)|after (?:the|a|an|our|last)\b[^.;]{0,30}?(?:release|deployment|change|upgrade|"
    r"update|migration|patch|maintenance|failover)|stems? from)\b[^.;]*",
    _I,
)
_CLOCK: Final = re.compile(
    r"(?<![\d:.,])(?:[01]?\d|2[0-3])[:h][0-5]\d(?!\d)(?:\s?[ap]\.?m\b\.?)?|\b\d{1,2}\s?[ap]m\b", _I
)
_HAS_OFFSET: Final = re.compile(
    rf"(?:UTC|GMT|Z\b|[+-]\d{{2}}:?\d{{2}}\b|\b(?:{'|'.join(zone_names.ONE_OFFSET)})\b)", _I
)
_OTHER_UNIT: Final = re.compile(
    r"\b(?:tickets?|calls?|incidents?|alerts?|errors?|requests?|transactions?|orders?|payments?|timesheets?|sites?|"
    r"stores?|shops?|offices?|branches|devices?|tills?|terminals?|servers?|records?|ms|milliseconds|seconds?|minutes?|"
    r"hours?|[kmg]b)\b|[€£$]",
    _I,
)
_PERCENT: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%|per ?cent\b)", _I)
_AMBIGUOUS: Final = re.compile(
    r"(?<![\d.,])\d{1,3}\.\d{3}(?![\d.,])|(?<![\d.,])\d{1,3},\d{1,2}(?![\d.,])|\b\d+[.,]?\d*\s?k\b", _I
)
_RANGE: Final = re.compile(r"(?<![\d.,])(\d[\d,]*)\s?(?:-|–|to)\s?(\d[\d,]*)(?![\d.,])")
_PEOPLE: Final = re.compile(r"\b(?:people|users?|staff|customers?|colleagues|employees|agents?|callers?|clients?|"
                            r"patients?|students?)\b", _I)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """An older incident's statement, to compare with."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the record knows beside the statement."""

    now: datetime
    tz: tzinfo = UTC
    # Times of reporting and writing down; the harm rarely starts in the same minute.
    report_times: Mapping[str, datetime] = field(default_factory=dict)
    older: Sequence[Older] = ()
    interval: timedelta | None = None  # between two updates, where any is promised
    reports_since: int = 0  # of the desk, after the statement was written


def hints(texts: Mapping[str, str], *, as_of: datetime | None, around: Around) -> tuple[Finding, ...]:
    """Every hint about the statement as it was typed, in the order of its fields."""
    found: list[Finding] = []
    for check in (_components, _quantities, _start, _zones, _causes, _units):
        found += check(texts, around)
    found += _copied(texts, around)
    found += _stale(as_of, around)
    order = {name: position for position, name in enumerate((*statements.STATED, ""))}
    unique = {(one.code, one.field, one.start): one for one in found}
    return tuple(sorted(unique.values(), key=lambda one: (order[one.field], one.start)))


def stale(as_of: datetime, *, around: Around) -> tuple[Finding, ...]:
    """The hint about a statement's age alone, for pages that show what stands."""
    return tuple(_stale(as_of, around))


def comparable(texts: Mapping[str, str]) -> str:
    """What two statements are compared by: words, not numbers and times, which ought to differ."""
    return " ".join(texts.get(name, "") for name in ("activity", "who", "where", "workaround", "consequence")).strip()


def _components(texts: Mapping[str, str], around: Around) -> Iterator[Finding]:
    for name in ("activity", "who", "where"):
        for pattern in (_HOST, _PART_IS_BROKEN):
            for match in pattern.finditer(texts.get(name, "")):
                yield _hint(
                    match,
                    "component_as_impact",
                    name,
                    f"“{match.group()}” is a component. Say what people cannot do because of it.",
                )


def _quantities(texts: Mapping[str, str], around: Around) -> Iterator[Finding]:
    advice = "Give a number or a range and what it is based on. “Not yet known, being checked” is better than a guess."
    checked = impacts.being_checked(around.now + timedelta(minutes=15), tz=around.tz)
    for name in ("count", "who"):
        text = texts.get(name, "")
        if name == "who" and texts.get("count", "").strip():
            continue
        if impacts.is_being_checked(text) or _NUMBER.search(text):
            continue
        for match in _VAGUE.finditer(text):
            suggestions = (checked,) if name == "count" else ()
            yield _hint(match, "vague_quantity", name, advice, suggestions)


def _start(texts: Mapping[str, str], around: Around) -> Iterator[Finding]:
    text = texts.get("since", "")
    at = statements.read_since(text, now=around.now, tz=around.tz).at
    ask = "When did the first person notice it?"
    for match in list(_REPORT.finditer(text))[:1]:
        yield _hint(match, "start_time_is_report_time", "since", f"This is when it was reported. {ask}")
        return
    for what, when in around.report_times.items():
        if at is not None and abs(when - at) < SAME_MOMENT:
            message = f"This is the minute in which it was {what}. {ask}"
            yield _whole(text, "start_time_is_report_time", "since", message)
            return


def _zones(texts: Mapping[str, str], around: Around) -> Iterator[Finding]:
    offset = times.offset(around.now.astimezone(around.tz))
    for name in ("since", "until", "critical_time", "consequence", "workaround"):
        text = texts.get(name, "")
        if _HAS_OFFSET.search(text):
            continue
        for match in _CLOCK.finditer(text):
            message = f"Readers are in several zones. Write {match.group()} ({offset}), if that is what you mean."
            yield _hint(match, "tz_missing", name, message, (f"{match.group()} ({offset})",))


def _causes(texts: Mapping[str, str], around: Around) -> Iterator[Finding]:
    for name in ("activity", "who", "where", "consequence"):
        for match in _CAUSE.finditer(texts.get(name, "")):
            words = match.group().strip(" ,;(")
            message = f"“{words}” is a cause. Keep it out of the impact until it is confirmed, then state it there."
            yield _hint(match, "cause_as_impact", name, message, ("",))


def _units(texts: Mapping[str, str], around: Around) -> Iterator[Finding]:
    count, who = texts.get("count", ""), texts.get("who", "")
    if impacts.is_being_checked(count):
        return
    for match in _PERCENT.finditer(count):
        if float(match[1].replace(",", ".")) > 100:
            yield _hint(match, "unit_error", "count", "A share of people cannot be more than 100 %.")
    for match in _OTHER_UNIT.finditer(count):
        if _PEOPLE.search(who) and match.group().casefold() not in who.casefold():
            message = f"“{match.group()}” are not people. How many {who.strip()}?"
            yield _hint(match, "unit_error", "count", message)
    for match in _AMBIGUOUS.finditer(count):
        message = f"“{match.group()}” reads as two different numbers. Write it out, as 1,200."
        yield _hint(match, "unit_error", "count", message)
    for match in _RANGE.finditer(count):
        low, high = (int(number.replace(",", "")) for number in match.groups())
        if low > high:
            turned = f"{match[2]}–{match[1]}"
            yield _hint(match, "unit_error", "count", "The range runs backwards.", (turned,))


def _copied(texts: Mapping[str, str], around: Around) -> Iterator[Finding]:
    mine = comparable(texts)
    if len(mine) < WORTH_COMPARING:
        return
    best = max(
        ((fuzz.ratio(mine, one.text, score_cutoff=ALIKE), one.reference) for one in around.older), default=(0.0, "")
    )
    if best[0] > ALIKE:
        message = f"Reads like {best[1]} ({best[0]:.0f} %). Check each fact against today."
        yield Finding(code="copied_from_previous", severity=ADVICE, message=message, field="")


def _stale(as_of: datetime | None, around: Around) -> Iterator[Finding]:
    if as_of is None or around.interval is None or not around.reports_since or around.now - as_of <= around.interval:
        return
    reports = "1 report" if around.reports_since == 1 else f"{around.reports_since} reports"
    message = (
        f"{reports} of the desk came in since {times.clock_time(as_of, around.tz)}, and the impact is "
        f"{times.duration(around.now - as_of)} old. Does it still hold?"
    )
    yield Finding(code="stale_impact", severity=ADVICE, message=message, field="")


def _hint(match: re.Match[str], code: str, name: str, message: str, suggestions: tuple[str, ...] = ()) -> Finding:
    return findings.at(match, code=code, severity=ADVICE, message=message, field=name, suggestions=suggestions)


def _whole(text: str, code: str, name: str, message: str) -> Finding:
    return Finding(code=code, severity=ADVICE, message=message, field=name, end=len(text), text=text)
