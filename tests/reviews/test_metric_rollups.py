"""A million incidents are read from roll-ups: the same figures as from the record, of the same incidents."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident
from reviews.models import MetricMonth, MetricRollup, MetricYear
from reviews.queries.metrics import counting, facts, figures, rollups
from reviews.queries.metrics.counting import Filters
from reviews.rules import metrics as rules
from reviews.rules import periods
from reviews.services import rolling_up, rollup_sums
from teams.models import Service
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
APRIL, MAY, JULY = (datetime(2026, month, 10, tzinfo=UTC) for month in (4, 5, 7))


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first incident on there are too many to read one by one."""
    monkeypatch.setattr(figures, "EXACT_UP_TO", 0)


@pytest.fixture
def year(cast: SimpleNamespace) -> list[Service]:
    """Forty incidents of two services in three months, with promises, teams, an import and times that contradict."""
    team = factories.team(slug="database", name="Database")
    services = [factories.service(slug="payroll", name="Payroll", owner_team=team), factories.service(slug="web-shop")]
    for n in range(40):
        at = (APRIL, MAY, JULY)[n % 3] + n * 60 * MINUTE
        made = rows.incident(
            manager=cast.mia,
            service=services[n % 2],
            declared_at=at,
            detected_at=at - (n - 1) * MINUTE,
            **dict.fromkeys(("priority", "priority_computed"), "P2" if n % 5 == 0 else "P1"),
            service_restored_at=at + (20 + 7 * n) * MINUTE,
        )
        kept_at = at + (10 + n % 8) * MINUTE
        rows.kept(of=made, author=cast.mia, due_at=at + 15 * MINUTE, at=kept_at, opened_at=at, is_first=True)
        rows.deadline(of=made, audience="executives", due_at=at + 30 * MINUTE)  # nobody told them
        rows.engagement(of=made, team=team, asked_by=cast.mia, joined_at=at + (6 + n) * MINUTE)
    return services


@pytest.fixture
def years(cast: SimpleNamespace, year: list[Service]) -> list[Service]:
    """The same after a whole year with incidents at both ends and in the middle, and one month of the year before."""
    for n, day in enumerate((date(2024, 12, 30), date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31))):
        at = periods.midnight(day) + n * 7 * MINUTE
        made = rows.incident(
            manager=cast.mia,
            service=year[n % 2],
            declared_at=at,
            detected_at=at - 9 * MINUTE,
            service_restored_at=at + 60 * n * MINUTE,
            state="closed",
            closed_at=at + 600 * MINUTE,
        )
        rows.deadline(of=made, audience="executives", due_at=at + 30 * MINUTE)
    return year


def exact(cast: SimpleNamespace, filters: Filters) -> dict[str, tuple[int, int, float | None]]:
    found = facts.values(counting.incidents(cast.mia, filters), now=NOON)
    return {
        code: (measure.n, measure.invalid, measure.rate if measure.median is None else measure.median)
        for code, measure in ((one.code, figures._figure(one, found, []).total) for one in rules.DEFINITIONS)
    }


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(priority="P2"),
        Filters(service="payroll"),
        Filters(team="database", priority="P1"),
        Filters(since=datetime(2026, 4, 1, tzinfo=UTC), until=datetime(2026, 6, 1, tzinfo=UTC)),
        Filters(since=APRIL + 700 * MINUTE),
        Filters(until=JULY + 900 * MINUTE, service="web-shop"),
        Filters(since=JULY + 90 * 24 * 60 * MINUTE),
    ],
    ids=str,
)
def test_rolled_up_or_not_is_the_same(cast: SimpleNamespace, year: list[Service], filters: Filters) -> None:
    assert rolling_up.roll_up(now=NOON) >= 4
    _agree(cast, filters)


def _agree(cast: SimpleNamespace, filters: Filters) -> None:
    """Every measure from roll-ups is that from the record."""
    rolled = {one.definition.code: one.total for one in figures.figures(cast.mia, filters=filters, now=NOON)}
    for code, (n, invalid, value) in exact(cast, filters).items():
        assert (rolled[code].n, rolled[code].invalid) == (n, invalid), code
        said = rolled[code].rate if rolled[code].median is None else rolled[code].median
        assert (said is None) == (value is None), code
        assert said is None or said == pytest.approx(value, rel=0.01), code


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(priority="P1"),
        Filters(service="payroll"),
        Filters(team="database"),
        Filters(team="database", service="payroll", priority="P1"),
        Filters(team="nobody"),
        Filters(since=datetime(2025, 1, 1, tzinfo=UTC), until=datetime(2026, 1, 1, tzinfo=UTC)),
        Filters(since=datetime(2024, 12, 31, tzinfo=UTC), until=datetime(2025, 12, 31, 12, tzinfo=UTC)),
        Filters(since=APRIL + 700 * MINUTE, until=JULY + 900 * MINUTE),
        Filters(since=APRIL + 700 * MINUTE, until=JULY + 900 * MINUTE, team="database"),
    ],
    ids=str,
)
@pytest.mark.parametrize("days_from", [1, 1_000], ids=["days", "months"])
def test_sums_of_years_and_days_are_those_of_the_record(
    cast: SimpleNamespace, years: list[Service], filters: Filters, days_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup_sums, "DAYS_FROM", days_from)
    rolling_up.roll_up(now=NOON)
    assert list(MetricYear.objects.values_list("year", "is_current")) == [(2025, True)]
    assert MetricRollup.objects.filter(period="2025-06-30").exists() == (days_from == 1)
    _agree(cast, filters)


def test_a_year_is_read_once_and_not_by_its_months(cast: SimpleNamespace, years: list[Service]) -> None:
    rolling_up.roll_up(now=NOON)
    found = rollups.split(cast.mia, Filters())
    assert [one.name for one in found.periods][:3] == ["2024-12", "2025", "2026-01"]
    assert [one.count() for one in found.rest] == [0]


def test_a_year_of_which_a_month_changed_is_added_up_again_an_hour_later(
    cast: SimpleNamespace, years: list[Service]
) -> None:
    rolling_up.roll_up(now=NOON)
    one = Incident.objects.get(declared_at__month=6)
    Incident.objects.filter(pk=one.pk).update(is_exercise=True)
    rows.entry(of=one, kind="note")

    rolling_up.roll_up(now=NOON + MINUTE)
    assert MetricYear.objects.get().is_current is False
    assert "2025-06" in [period.name for period in rollups.split(cast.mia, Filters()).periods]
    assert _n(cast.mia) == 43

    rows.entry(of=one, kind="note")  # the last of them is looked at again, so that months go on changing
    rolling_up.roll_up(now=NOON + timedelta(hours=2))
    assert MetricYear.objects.get().is_current is True
    assert _n(cast.mia) == 43


def test_a_service_that_changed_hands_counts_for_its_new_team(cast: SimpleNamespace, years: list[Service]) -> None:
    rolling_up.roll_up(now=NOON)
    assert rollups.split(cast.mia, Filters(team="database")).by_team is True
    web_shop = years[1]
    web_shop.owner_team = years[0].owner_team
    web_shop.save()

    assert rollups.split(cast.mia, Filters(team="database")).by_team is False  # by its services, until counted again
    _agree(cast, Filters(team="database"))

    Incident.objects.filter(closed_at=None).update(state="closed", closed_at=NOON)
    rolling_up.roll_up(now=NOON + MINUTE)
    assert rollups.split(cast.mia, Filters(team="database")).by_team is True
    _agree(cast, Filters(team="database"))


def test_months_are_those_of_the_record(cast: SimpleNamespace, year: list[Service]) -> None:
    by_record = figures.by_month(cast.mia, filters=Filters(), definition=rules.BY_CODE["mi_ttr"], now=NOON)
    rolling_up.roll_up(now=NOON)
    assert figures.by_month(cast.mia, filters=Filters(), definition=rules.BY_CODE["mi_ttr"], now=NOON) == by_record
    assert [(month, measure.n) for month, measure in by_record] == [
        *((date(2026, 4, 1), 14), (date(2026, 5, 1), 13)),
        (date(2026, 7, 1), 13),
    ]


def test_private_incidents_are_in_no_rollup(cast: SimpleNamespace, year: list[Service]) -> None:
    rows.incident(manager=cast.mia, service=year[0], declared_at=APRIL, is_private=True)
    rolling_up.roll_up(now=NOON)
    assert _n(cast.mia) == 41  # hers
    assert _n(cast.omar) == 40


def test_what_changed_is_counted_again(cast: SimpleNamespace, year: list[Service]) -> None:
    rolling_up.roll_up(now=NOON)
    before = dict(MetricMonth.objects.values_list("month", "refreshed_at"))
    one = Incident.objects.filter(declared_at__lt=MAY).order_by("pk")[0]
    Incident.objects.filter(pk=one.pk).update(is_exercise=True)
    rows.entry(of=one, kind="note")
    Incident.objects.update(state="closed", closed_at=NOON)  # no promise of theirs can still fall due

    rolling_up.roll_up(now=NOON + MINUTE)

    after = dict(MetricMonth.objects.values_list("month", "refreshed_at"))
    assert {month for month, at in after.items() if at != before[month]} == {date(2026, 4, 1)}
    assert _n(cast.mia) == 39


def test_everything_is_counted_again_once_a_day(cast: SimpleNamespace, year: list[Service]) -> None:
    Incident.objects.update(state="closed", closed_at=NOON)
    rolling_up.roll_up(now=NOON)
    Incident.objects.filter(declared_at__lt=MAY).update(is_exercise=True)  # a change without an entry
    assert rolling_up.roll_up(now=NOON + timedelta(hours=23)) == 0
    assert rolling_up.roll_up(now=NOON + timedelta(hours=25)) == 4
    assert _n(cast.mia) == 26


def test_a_run_ends_in_time_and_goes_on_where_it_stopped(cast: SimpleNamespace, year: list[Service]) -> None:
    Incident.objects.update(state="closed", closed_at=NOON)
    assert [rolling_up.roll_up(now=NOON, seconds=0) for _ in range(5)] == [1, 1, 1, 1, 0]
    assert _n(cast.mia) == 40


def test_a_small_organisation_has_none(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "EXACT_UP_TO", 40)
    rows.incident(manager=cast.mia)
    assert rolling_up.roll_up(now=NOON) == 0
    assert not MetricRollup.objects.exists()


def test_the_page_says_that_it_counted_in_classes(
    cast: SimpleNamespace,
    year: list[Service],
    signed_in: Callable[..., Client],
    django_assert_max_num_queries: Any,
) -> None:
    rolling_up.roll_up(now=NOON)
    client = signed_in(cast.mia)
    client.get("/metrics/")
    with django_assert_max_num_queries(19):
        page = client.get("/metrics/").content.decode()
    assert "within 1 % of the value" in page
    assert rollups.rolled_at() == NOON


def _n(person: Any) -> int:
    found = figures.figures(person, filters=Filters(), now=NOON)
    return next(one.total.n for one in found if one.definition.code == "impact_accuracy_rate")
