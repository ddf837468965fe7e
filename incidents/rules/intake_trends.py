"""What the records of a month show together (domain.md 2.3 and 2.5). Records are scored, never agents.

Nothing is shown of a month in which fewer than five people raised records: with fewer, a figure is about somebody.
Below eight records there is no median and no share either (domain.md 1.10); counts stand with their n.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Final

FEWEST_PEOPLE: Final = 5
FEWEST_RECORDS: Final = 8
MONTHS: Final = 6
SHOWN_DEFICITS: Final = 3
# After so many handovers a fix is measured again.
HANDOVERS: Final = 10
READY: Final = 85

DEFICITS: Final[Mapping[str, str]] = {
    "count_without_basis": "How many people, without what the number is based on",
    "symptom_not_activity": "A technical symptom instead of what people cannot do",
    "single_user_generalised": "One person’s trouble taken for everybody’s",
    "where_missing": "No place",
    "report_time_as_start": "The time of the call instead of the start, or a time without its zone",
    "no_negative_scope": "Who is affected, and not who is not",
    "priority_by_volume_or_vip": "Urgency by who calls instead of what is lost",
    "cause_asserted": "A cause, before anybody looked for it",
    "no_change_check": "No check for a change in the last 24 hours",
    "duplicate_not_linked": "Raised again instead of added to the running incident",
    "paraphrased_error": "The error in other words than those on the screen",
    "no_contact": "Nobody to call back, by name and number",
    "delay_before_escalation": "Raised long after the first report",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as handed over. `raised_by` only tells people apart; None is an integration. `asked_in_time` is None
    where nothing had to be asked at once.
    """

    raised_at: datetime
    raised_by: int | None
    score: int
    deficits: tuple[str, ...] = ()
    asked_in_time: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What may be shown of one month. `too_few` says which is short: people, records, or "" where nothing is."""

    first: date
    too_few: str
    records: int | None = None
    median: float | None = None
    first_time_right: Share | None = None
    asked_in_time: Share | None = None
    deficits: Mapping[str, Share] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One deficit of the month, with how often it occurred in each month; None where there were too few people."""

    code: str
    words: str
    share: Share
    series: tuple[Share | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remeasured:
    """A fix measured again: `state` is waiting (for `left` more handovers), too_few (people), or measured."""

    state: str
    left: int = 0
    before: Share | None = None
    after: Share | None = None


def first_of(day: date) -> date:
    """The month that the day belongs to, by its first day."""
    return date(day.year, day.month, 1)


def months_until(last: date, *, count: int = MONTHS) -> list[date]:
    """The first days of `count` months, the month of `last` at the end."""
    index = last.year * 12 + last.month - 1
    return [date(*_year_month(index - back)) for back in range(count - 1, -1, -1)]


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(*_year_month(first.year * 12 + first.month))


def _year_month(index: int) -> tuple[int, int, int]:
    return index // 12, index % 12 + 1, 1


def month(first: date, records: Sequence[Record]) -> Month:
    """The month's figures from its own records, as far as the number of people and records allows."""
    people = {record.raised_by for record in records if record.raised_by is not None}
    if len(people) < FEWEST_PEOPLE:
        return Month(first=first, too_few="people")
    asked = [record.asked_in_time for record in records if record.asked_in_time is not None]
    n = len(records)
    if n < FEWEST_RECORDS:
        return Month(first=first, too_few="records", records=n, deficits=_counted(records))
    return Month(
        first=first,
        too_few="",
        records=n,
        median=median(record.score for record in records),
        first_time_right=Share(hits=sum(record.score >= READY for record in records), n=n),
        asked_in_time=Share(hits=sum(asked), n=len(asked)) if len(asked) >= FEWEST_RECORDS else None,
        deficits=_counted(records),
    )


def by_month(records: Iterable[Record], *, last: date, count: int = MONTHS) -> list[Month]:
    """Each of the months up to `last`, by UTC, the latest at the end."""
    firsts = months_until(last, count=count)
    grouped: dict[date, list[Record]] = {first: [] for first in firsts}
    for record in records:
        first = first_of(record.raised_at.date())
        if first in grouped:
            grouped[first].append(record)
    return [month(first, grouped[first]) for first in firsts]


def most_frequent(months: Sequence[Month], *, count: int = SHOWN_DEFICITS) -> list[Trend]:
    """The commonest deficits of the last month, with their way there; none where too few people raised records."""
    last = months[-1]
    ranked = sorted(last.deficits.items(), key=lambda pair: (-pair[1].hits, pair[0]))
    return [
        Trend(
            code=code,
            words=DEFICITS.get(code, code.replace("_", " ")),
            share=share,
            series=tuple(_in(each, code) for each in months),
        )
        for code, share in ranked[:count]
    ]


def remeasured(*, deficit: str, before: Sequence[Record], after: Sequence[Record]) -> Remeasured:
    """The deficit among the ten handovers before a fix was agreed and the ten after, oldest first in both."""
    before, after = before[-HANDOVERS:], after[:HANDOVERS]
    if len(after) < HANDOVERS:
        return Remeasured(state="waiting", left=HANDOVERS - len(after))
    if any(len({one.raised_by for one in side} - {None}) < FEWEST_PEOPLE for side in (before, after)):
        return Remeasured(state="too_few")
    return Remeasured(state="measured", before=_share(before, deficit), after=_share(after, deficit))


def _counted(records: Sequence[Record]) -> dict[str, Share]:
    found = {code for record in records for code in record.deficits}
    return {code: _share(records, code) for code in sorted(found)}


def _share(records: Sequence[Record], code: str) -> Share:
    return Share(hits=sum(code in record.deficits for record in records), n=len(records))


def _in(one: Month, code: str) -> Share | None:
    if one.too_few == "people" or one.records is None:
        return None
    return one.deficits.get(code, Share(hits=0, n=one.records))
