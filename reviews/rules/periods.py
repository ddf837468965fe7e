"""Years, months and days (UTC) of which sums are kept, and the fewest of them that fill a span of time."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from incidents.rules.intake_trends import next_month

Gap = tuple[datetime | None, datetime | None]  # from and until; None: without end
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """So named (ISO 8601: “2026”, “2026-03”, “2026-03-10”), from the first day until before the day after."""

    name: str
    first: date
    after: date

    @property
    def begins(self) -> datetime:
        """Its first instant."""
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant that is no longer in it."""
        return midnight(self.after)

    def within(self, since: datetime | None, until: datetime | None) -> bool:
        """Whether all of it lies in the span."""
        return (since is None or self.begins >= since) and (until is None or self.ends <= until)

    def touches(self, since: datetime | None, until: datetime | None) -> bool:
        """Whether any of it lies in the span."""
        return (since is None or self.ends > since) and (until is None or self.begins < until)


def midnight(day: date) -> datetime:
    """The instant at which the day begins."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def year(number: int) -> Period:
    """The whole year."""
    return Period(name=f"{number:04}", first=date(number, 1, 1), after=date(number + 1, 1, 1))


def month(first: date) -> Period:
    """The month that begins on that day."""
    return Period(name=f"{first:%Y-%m}", first=first, after=next_month(first))


def days(first: date) -> list[Period]:
    """Every day of the month that begins on that day."""
    count = (next_month(first) - first).days
    found = [first + timedelta(days=n) for n in range(count)]
    return [Period(name=day.isoformat(), first=day, after=day + timedelta(days=1)) for day in found]


def fill(
    since: datetime | None,
    until: datetime | None,
    *,
    months: Sequence[date],
    years: Collection[int] = (),
    by_day: Collection[date] = (),
) -> list[Period]:
    """The fewest periods that lie whole in the span, in order.

    Months are those of which sums are kept. A year stands for its twelve months where all of them are among these; the
    days of a month are taken where the span cuts it.
    """
    whole = [period for period in map(month, months) if period.within(since, until)]
    of_year = Counter(period.first.year for period in whole)
    full = {number for number in years if of_year[number] == MONTHS_OF_A_YEAR}
    found = [*map(year, full), *(period for period in whole if period.first.year not in full)]
    for first in by_day:
        one = month(first)
        if one.touches(since, until) and not one.within(since, until):
            found += [day for day in days(first) if day.within(since, until)]
    return sorted(found, key=lambda period: period.first)


def gaps(filled: Sequence[Period]) -> list[Gap]:
    """What lies before, between and after periods that are in order and do not overlap."""
    ends = [None, *(period.ends for period in filled)]
    begins = [*(period.begins for period in filled), None]
    return [(end, begin) for end, begin in zip(ends, begins, strict=True) if end is None or end != begin]
