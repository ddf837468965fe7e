from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.choices import DeadlineState, EscalationStep
from comms.rules.promises import deadlines
from comms.rules.promises.deadlines import Deadline

OPENED = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DUE = OPENED + timedelta(minutes=30)
OPEN = Deadline(opened_at=OPENED, due_at=DUE)
SECOND = timedelta(seconds=1)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("published_at", "expected"),
    [(DUE - SECOND, True), (DUE, True), (DUE + timedelta(microseconds=1), False)],
)
def test_on_time_has_no_grace(published_at: datetime, expected: bool) -> None:
    assert deadlines.on_time(due_at=DUE, published_at=published_at) is expected


@pytest.mark.parametrize(
    ("published_at", "now", "expected"),
    [
        (None, DUE - minutes(1), minutes(0)),
        (None, DUE, minutes(0)),
        (None, DUE + minutes(2), minutes(2)),
        (DUE + minutes(3), DUE + minutes(60), minutes(3)),
        (DUE - minutes(3), DUE + minutes(60), minutes(0)),
    ],
)
def test_lateness_is_computed_from_the_due_time(
    published_at: datetime | None,
    now: datetime,
    expected: timedelta,
) -> None:
    assert deadlines.lateness(due_at=DUE, published_at=published_at, now=now) == expected


@pytest.mark.parametrize(
    ("change", "now", "late"),
    [
        ({}, DUE, False),
        ({}, DUE + SECOND, True),
        ({"kept_at": DUE}, DUE + minutes(60), False),
        ({"kept_at": DUE + SECOND}, DUE + minutes(60), True),
        ({"ended_at": DUE - SECOND}, DUE + minutes(60), False),
        ({"ended_at": DUE + SECOND}, DUE + minutes(60), True),
    ],
)
def test_late_once_is_late_for_good(change: dict[str, datetime], now: datetime, late: bool) -> None:
    assert deadlines.is_late(replace(OPEN, **change), now=now) is late  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {DeadlineState.OPEN}),
        ({"missed_at": DUE}, {DeadlineState.OPEN, DeadlineState.MISSED}),
        ({"kept_at": DUE}, {DeadlineState.KEPT}),
        ({"kept_at": DUE + SECOND, "missed_at": DUE}, {DeadlineState.KEPT, DeadlineState.MISSED}),
        ({"ended_at": DUE}, {DeadlineState.ENDED}),
    ],
)
def test_filters(change: dict[str, datetime], expected: set[DeadlineState]) -> None:
    assert deadlines.states(replace(OPEN, **change)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("interval", "before_due"),
    [(5, 5 / 3), (15, 5), (30, 10), (31, 10), (60, 10), (240, 10), (0, 0)],
)
def test_the_notice_comes_at_two_thirds_and_never_before_t_minus_10(interval: float, before_due: float) -> None:
    due_at = OPENED + minutes(interval)
    warned = deadlines.warn_at(opened_at=OPENED, due_at=due_at)
    assert abs(due_at - warned - minutes(before_due)) < timedelta(milliseconds=1)


def test_a_deadline_moved_before_its_opening_is_noticed_at_once() -> None:
    assert deadlines.warn_at(opened_at=OPENED, due_at=OPENED - minutes(5)) == OPENED - minutes(5)


def test_the_ladder() -> None:
    assert deadlines.ladder(opened_at=OPENED, due_at=DUE) == (
        (EscalationStep.WARN, DUE - minutes(10)),
        (EscalationStep.OVERDUE, DUE),
        (EscalationStep.DEPUTY, DUE + minutes(2)),
        (EscalationStep.PRACTICE_LEAD, DUE + minutes(5)),
    )


@pytest.mark.parametrize(
    ("now", "done", "expected"),
    [
        (DUE - minutes(11), [], []),
        (DUE - minutes(10), [], ["warn"]),
        (DUE - minutes(9), ["warn"], []),
        (DUE, ["warn"], []),
        (DUE, [], ["warn"]),
        (DUE + SECOND, [], ["overdue"]),
        (DUE + SECOND, ["warn"], ["overdue"]),
        (DUE + minutes(2), ["warn", "overdue"], []),
        (DUE + minutes(2) + SECOND, ["overdue"], ["deputy"]),
        (DUE + minutes(5) + SECOND, ["overdue", "deputy"], ["practice_lead"]),
        (DUE + minutes(60), [], ["overdue", "deputy", "practice_lead"]),
        (DUE + minutes(60), ["overdue", "deputy", "practice_lead"], []),
    ],
)
def test_each_step_is_taken_once_and_in_order(now: datetime, done: list[str], expected: list[str]) -> None:
    assert list(deadlines.due_steps(replace(OPEN, done=frozenset(done)), now=now)) == expected


@pytest.mark.parametrize("change", [{"kept_at": DUE - minutes(5)}, {"ended_at": DUE - minutes(5)}])
def test_nothing_is_asked_of_a_promise_kept_or_ended(change: dict[str, datetime]) -> None:
    closed = replace(OPEN, **change)  # type: ignore[arg-type]
    assert deadlines.due_steps(closed, now=DUE + minutes(60)) == ()
    assert deadlines.next_step_at(closed, now=DUE + minutes(60)) is None


@pytest.mark.parametrize(
    ("now", "done", "expected"),
    [
        (OPENED, [], DUE - minutes(10)),
        (DUE - minutes(5), ["warn"], DUE),
        (DUE + SECOND, [], DUE),
        (DUE + SECOND, ["overdue"], DUE + minutes(2)),
        (DUE + minutes(9), ["overdue", "deputy", "practice_lead"], None),
    ],
)
def test_when_to_look_again(now: datetime, done: list[str], expected: datetime | None) -> None:
    assert deadlines.next_step_at(replace(OPEN, done=frozenset(done)), now=now) == expected


def test_the_room_shows_the_promise_that_is_due_first() -> None:
    later = replace(OPEN, due_at=DUE + minutes(5))
    kept = replace(OPEN, due_at=DUE - minutes(5), kept_at=OPENED)
    assert deadlines.earliest_open([later, kept, OPEN]) is OPEN
    assert deadlines.earliest_open([kept]) is None


def test_one_notice_names_everyone_due_in_its_window() -> None:
    dues = [DUE + minutes(5), DUE, DUE + minutes(6), DUE - SECOND]
    assert deadlines.same_beat(dues, first=DUE, window=minutes(5)) == (DUE, DUE + minutes(5))


@given(
    interval=st.integers(0, 600),
    offset=st.integers(-700, 700),
    done=st.frozensets(st.sampled_from(EscalationStep.values)),
)
def test_a_step_taken_is_never_due_again(interval: int, offset: int, done: frozenset[str]) -> None:
    row = Deadline(opened_at=OPENED, due_at=OPENED + minutes(interval), done=done)
    now = row.due_at + minutes(offset)
    due = deadlines.due_steps(row, now=now)
    assert done.isdisjoint(due)
    after = replace(row, done=done | set(due))
    assert deadlines.due_steps(after, now=now) == ()
    look_again = deadlines.next_step_at(after, now=now)
    assert look_again is None or look_again >= now
