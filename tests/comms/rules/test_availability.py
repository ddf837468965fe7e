"""Days of a service from what was published: overlaps, windows, clock changes, what is not known, and the share."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comms.choices import ComponentState
from comms.rules import availability
from comms.rules.availability import Day, Spell

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
UP, SLOW = ComponentState.OPERATIONAL, ComponentState.DEGRADED_PERFORMANCE
PART, DOWN = ComponentState.PARTIAL_OUTAGE, ComponentState.MAJOR_OUTAGE


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("said", "ended", "expected"),
    [
        ([], None, []),
        ([(0, UP)], None, []),
        ([(0, DOWN)], None, [(0, None, DOWN)]),
        ([(0, DOWN), (30, UP)], None, [(0, 30, DOWN)]),
        ([(0, DOWN), (10, DOWN), (30, PART), (40, UP)], None, [(0, 30, DOWN), (30, 40, PART)]),
        ([(30, UP), (0, DOWN)], None, [(0, 30, DOWN)]),
        ([(0, DOWN), (30, UP), (60, PART)], None, [(0, 30, DOWN), (60, None, PART)]),
        ([(0, DOWN)], 45, [(0, 45, DOWN)]),
        ([(0, DOWN), (30, UP)], 45, [(0, 30, DOWN)]),
        ([(0, DOWN), (0, UP)], None, []),
    ],
)
def test_troubles_of_one_incident(
    said: list[tuple[float, ComponentState]],
    ended: float | None,
    expected: list[tuple[float, float | None, ComponentState]],
) -> None:
    found = availability.spells(
        [(at(minute), state) for minute, state in said], ended_at=None if ended is None else at(ended)
    )
    assert found == [
        Spell(begin=at(begin), end=None if end is None else at(end), state=state) for begin, end, state in expected
    ]


def today(
    troubles: list[tuple[float, float | None, ComponentState]],
    windows: list[tuple[float, float]] = [],  # noqa: B006 -- never changed
    *,
    now: datetime = NOON + timedelta(hours=12),
) -> Day:
    days = availability.days(
        [Spell(begin=at(begin), end=None if end is None else at(end), state=state) for begin, end, state in troubles],
        maintenance=[(at(begin), at(end)) for begin, end in windows],
        since=NOON - timedelta(days=200),
        now=now,
        zone=UTC,
        count=2,
    )
    return next(day for day in days if day.on == date(2026, 11, 23))


@pytest.mark.parametrize(
    ("troubles", "windows", "minutes"),
    [
        ([], [], {}),
        ([(0, 30, DOWN)], [], {DOWN: 30}),
        ([(0, 30, DOWN), (20, 50, PART)], [], {DOWN: 30, PART: 20}),
        ([(0, 60, PART), (20, 30, DOWN)], [], {PART: 50, DOWN: 10}),
        ([(0, 30, DOWN), (0, 30, DOWN)], [], {DOWN: 30}),
        ([(0, 60, DOWN)], [(10, 30)], {DOWN: 40}),
        ([(0, 60, DOWN)], [(-30, 90)], {}),
        ([(0, 60, DOWN)], [(10, 30), (20, 40)], {DOWN: 30}),
        ([(660, None, SLOW)], [], {SLOW: 60}),
        ([(-3000, -2900, DOWN)], [], {}),
    ],
)
def test_each_minute_of_a_day_counts_once_and_as_the_worst(
    troubles: list[tuple[float, float | None, ComponentState]],
    windows: list[tuple[float, float]],
    minutes: dict[ComponentState, int],
) -> None:
    assert today(troubles, windows).lasted == {state: timedelta(minutes=each) for state, each in minutes.items()}


@pytest.mark.parametrize(
    ("troubles", "state", "down"),
    [
        ([], UP, 0),
        ([(0, 0.9, DOWN)], UP, 0.9),
        ([(0, 1, DOWN)], DOWN, 1),
        ([(0, 30, SLOW)], SLOW, 0),
        ([(0, 30, SLOW), (40, 50, PART)], PART, 10),
    ],
)
def test_the_worst_that_lasted_a_minute_is_the_days_and_slow_is_not_down(
    troubles: list[tuple[float, float | None, ComponentState]], state: ComponentState, down: float
) -> None:
    day = today(troubles)
    assert (day.state, day.down) == (state, timedelta(minutes=down))


@pytest.mark.parametrize(
    ("windows", "minutes"),
    [
        ([], 0),
        ([(0, 60)], 60),
        ([(-30, 15)], 15),
        ([(100, 500)], 20),
        ([(10, 40), (20, 50)], 40),
        ([(20, 50), (10, 60)], 50),
        ([(-60, -10), (130, 140)], 0),
        ([(-10, 130)], 120),
    ],
)
def test_what_lies_in_a_window_is_no_downtime_and_counts_once(windows: list[tuple[float, float]], minutes: int) -> None:
    """Of two hours without the service, so many minutes are not counted."""
    assert today([(0, 120, DOWN)], windows).down == timedelta(minutes=120 - minutes)


def test_a_trouble_over_midnight_belongs_to_both_days() -> None:
    days = availability.days(
        [Spell(begin=at(11 * 60), end=at(13 * 60), state=DOWN)],
        maintenance=[],
        since=NOON - timedelta(days=200),
        now=NOON + timedelta(days=1),
        zone=UTC,
    )
    assert len(days) == 90
    assert [day.down for day in days[-2:]] == [timedelta(hours=1), timedelta(hours=1)]
    assert {day.state for day in days[:-2]} == {UP}


def test_days_are_those_of_the_zone_also_when_the_clocks_change() -> None:
    """25 October 2026 has 25 hours in London."""
    zone = ZoneInfo("Europe/London")
    spell = Spell(begin=datetime(2026, 10, 24, 23, tzinfo=UTC), end=datetime(2026, 10, 26, 0, tzinfo=UTC), state=DOWN)
    days = availability.days(
        [spell],
        maintenance=[],
        since=NOON - timedelta(days=200),
        now=datetime(2026, 10, 27, 12, tzinfo=UTC),
        zone=zone,
        count=4,
    )
    assert [(day.on.day, day.down) for day in days] == [
        (24, timedelta(0)),
        (25, timedelta(hours=25)),
        (26, timedelta(0)),
        (27, timedelta(0)),
    ]


def test_days_before_the_page_had_the_service_are_not_known() -> None:
    since = NOON - timedelta(days=2)
    days = availability.days([], maintenance=[], since=since, now=NOON, zone=UTC, count=5)
    assert [day.is_known for day in days] == [False, False, True, True, True]
    assert availability.share(days, since=since, now=NOON, zone=UTC) == 1
    assert availability.share(days[:2], since=since, now=NOON, zone=UTC) is None


def test_the_share_is_of_the_time_that_is_known() -> None:
    since = NOON - timedelta(hours=10)
    spell = Spell(begin=NOON - timedelta(hours=1), end=None, state=PART)
    days = availability.days([spell], maintenance=[], since=since, now=NOON, zone=UTC)
    assert availability.share(days, since=since, now=NOON, zone=UTC) == pytest.approx(0.9)
    nothing = availability.days([], maintenance=[], since=NOON, now=NOON, zone=UTC)
    assert availability.share(nothing, since=NOON, now=NOON, zone=UTC) is None


@pytest.mark.parametrize(("seconds", "is_known"), [(0, False), (59, False), (60, True)])
def test_less_than_a_minute_says_nothing_yet(seconds: int, is_known: bool) -> None:
    since = NOON - timedelta(seconds=seconds)
    days = availability.days(
        [Spell(begin=since, end=None, state=PART)], maintenance=[], since=since, now=NOON, zone=UTC
    )
    assert availability.share(days, since=since, now=NOON, zone=UTC) == (0 if is_known else None)


@pytest.mark.parametrize(
    ("begun", "seconds"),
    [((), None), ((0,), 60), ((20,), 40), ((59,), 1), ((60,), 300), ((7200,), 300), ((7200, 50), 10)],
)
def test_what_lasts_is_counted_again_as_soon_as_its_day_shows_it_and_then_every_five_minutes(
    begun: tuple[int, ...], seconds: int | None
) -> None:
    over = Spell(begin=NOON - timedelta(seconds=30), end=NOON, state=DOWN)
    lasting = [Spell(begin=NOON - timedelta(seconds=ago), end=None, state=DOWN) for ago in begun]
    after = availability.counted_again_after([over, *lasting], now=NOON)
    assert after == (None if seconds is None else timedelta(seconds=seconds))
