"""The figures of one month beside those of the twelve months before it, over what a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reviews.queries import downtime
from reviews.queries.metrics import figures
from reviews.queries.metrics.counting import Filters
from reviews.queries.metrics.figures import Figures
from reviews.rules import metrics as rules
from reviews.rules import periods
from reviews.rules.downtime import Total
from reviews.rules.metrics import Measure
from teams.models import Person

HEADLINE = rules.BY_CODE["ttr_restore"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A month (UTC), its measures, those of the year before, and the headline of both by month."""

    month: date
    found: Sequence[Figures]
    before: Sequence[Figures]
    months: Sequence[tuple[date, Measure]]
    downtime: Total | None  # not where the month has more incidents than are read one by one

    @property
    def name(self) -> str:
        """“2026-10”: the same in every language."""
        return f"{self.month:%Y-%m}"


def last_full(now: datetime) -> date:
    """The month before the one that runs."""
    first = now.date().replace(day=1)
    return date(first.year - 1, 12, 1) if first.month == 1 else first.replace(month=first.month - 1)


def of_month(person: Person, *, month: date, now: datetime) -> Report:
    """Thirteen queries at most."""
    own = periods.month(month)
    of_month = Filters(since=own.begins, until=own.ends)
    many = figures.is_many(person, of_month)
    year_before = periods.midnight(month.replace(year=month.year - 1))
    both = Filters(since=year_before, until=own.ends)
    return Report(
        month=month,
        found=figures.figures(person, filters=of_month, now=now, many=many),
        before=figures.figures(person, filters=Filters(since=year_before, until=own.begins), now=now),
        months=figures.by_month(person, filters=both, definition=HEADLINE, now=now),
        downtime=downtime.total(person, of_month, many=many),
    )
