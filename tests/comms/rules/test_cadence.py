from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.choices import AudienceCode
from comms.rules.promises import cadence
from comms.rules.promises.cadence import Cadence
from incidents.choices import Priority

DECLARED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
P1_USERS = cadence.default(priority="P1", audience="end_users")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("priority", "audience", "first", "every", "later"),
    [
        ("P1", "technical", 5, 15, 30),
        ("P1", "service_desk", 10, 30, 30),
        ("P1", "service_owners", 15, 30, 60),
        ("P1", "end_users", 15, 30, 60),
        ("P1", "executives", 15, 30, 60),
        ("P1", "public", 15, 30, 60),
        ("P2", "technical", 10, 30, 30),
        ("P2", "service_desk", 20, 60, 60),
        ("P2", "service_owners", 30, 60, 60),
        ("P2", "end_users", 30, 60, 60),
        ("P2", "executives", 30, 120, 120),
        ("P2", "public", 30, 60, 60),
        ("P3", "technical", 30, 60, 60),
        ("P3", "service_desk", 45, 120, 120),
        ("P3", "service_owners", 60, 120, 120),
        ("P3", "end_users", 60, 240, 240),
        ("P3", "public", 60, 240, 240),
        ("P5", "technical", 30, 60, 60),
        ("P1", "union_reps", 15, 30, 60),
    ],
)
def test_the_default_policy(priority: str, audience: str, first: int, every: int, later: int) -> None:
    row = cadence.default(priority=priority, audience=audience)
    assert (row.first, row.every, row.later) == (minutes(first), minutes(every), minutes(later))
    assert row.later_after == minutes(120)


def test_every_priority_serves_every_audience() -> None:
    for priority in Priority.values:
        assert set(cadence.DEFAULT_POLICY[priority]) == set(AudienceCode.values)


@pytest.mark.parametrize("priority", ["P3", "P4", "P5"])
def test_executives_hear_of_changes_only_below_p2(priority: str) -> None:
    row = cadence.default(priority=priority, audience="executives")
    assert cadence.first_due(declared_at=DECLARED, cadence=row) is None
    assert cadence.next_due(sent_at=DECLARED, declared_at=DECLARED, cadence=row) is None


def test_first_counts_from_declaration() -> None:
    assert cadence.first_due(declared_at=DECLARED, cadence=P1_USERS) == DECLARED + minutes(15)


@pytest.mark.parametrize(
    ("sent_after", "promised_after", "due_after"),
    [
        (10, None, 40),  # the policy: every 30
        (10, 25, 25),  # an earlier promise beats it
        (10, 40, 40),
        (10, 55, 40),  # a later one does not
        (10, 10, 40),  # no promise at all: not after the update
        (10, 5, 40),
        (120, None, 150),  # two hours: still every 30
        (120.1, None, 180.1),  # beyond: every 60
        (130, 150, 150),
    ],
)
def test_the_promise_beats_the_policy(sent_after: float, promised_after: float | None, due_after: float) -> None:
    due = cadence.next_due(
        sent_at=DECLARED + minutes(sent_after),
        declared_at=DECLARED,
        cadence=P1_USERS,
        promised_next_at=None if promised_after is None else DECLARED + minutes(promised_after),
    )
    assert due == DECLARED + minutes(due_after)


def test_a_promise_stands_where_the_policy_asks_nothing() -> None:
    due = cadence.next_due(
        sent_at=DECLARED,
        declared_at=DECLARED,
        cadence=cadence.ON_CHANGE,
        promised_next_at=DECLARED + minutes(90),
    )
    assert due == DECLARED + minutes(90)


def test_an_agreed_timetable_replaces_the_cadence_while_it_lasts() -> None:
    seven = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    late = DECLARED + timedelta(hours=14)

    def due(sent_at: datetime, promised: datetime | None = None) -> datetime | None:
        return cadence.next_due(
            sent_at=sent_at,
            declared_at=DECLARED,
            cadence=P1_USERS,
            promised_next_at=promised,
            timetable=[seven + timedelta(hours=12), seven],
        )

    assert due(late) == seven
    assert due(seven) == seven + timedelta(hours=12)
    assert due(late, promised=late + minutes(45)) == late + minutes(45)
    assert due(seven + timedelta(hours=12)) == seven + timedelta(hours=13)


@pytest.mark.parametrize(
    ("open_after", "event_after", "due_after"),
    [(30, 5, 15), (12, 5, 12), (None, 5, 15), (15, 5, 15)],
)
def test_an_event_moves_a_deadline_only_earlier(open_after: int | None, event_after: int, due_after: int) -> None:
    due = cadence.event_due(
        open_due_at=None if open_after is None else DECLARED + minutes(open_after),
        event_at=DECLARED + minutes(event_after),
    )
    assert due == DECLARED + minutes(due_after)


def test_a_correction_is_due_within_fifteen_minutes() -> None:
    due = cadence.event_due(open_due_at=None, event_at=DECLARED, within=cadence.CORRECTION_WITHIN)
    assert due == DECLARED + minutes(15)


def test_audiences_share_a_beat() -> None:
    dues = {
        "end_users": DECLARED + minutes(40),
        "service_desk": DECLARED + minutes(38),
        "executives": DECLARED + minutes(43),
        "technical": DECLARED + minutes(25),
        "union_reps": DECLARED + minutes(44),
    }
    aligned = cadence.align(dues, window=minutes(5))
    assert aligned == {
        "service_desk": DECLARED + minutes(38),
        "technical": DECLARED + minutes(25),
        "executives": DECLARED + minutes(38),
        "end_users": DECLARED + minutes(38),
        "union_reps": DECLARED + minutes(44),
    }
    assert list(aligned) == ["service_desk", "technical", "executives", "end_users", "union_reps"]


def test_nobody_to_align() -> None:
    assert cadence.align({}) == {}


@given(
    offsets=st.dictionaries(st.sampled_from(AudienceCode.values), st.integers(0, 300)),
    window=st.integers(0, 60),
)
def test_the_beat_is_never_later_and_beats_lie_apart(offsets: dict[str, int], window: int) -> None:
    dues = {audience: DECLARED + minutes(offset) for audience, offset in offsets.items()}
    aligned = cadence.align(dues, window=minutes(window))
    assert set(aligned) == set(dues)
    beats = sorted(set(aligned.values()))
    assert all(minutes(0) <= dues[audience] - at <= minutes(window) for audience, at in aligned.items())
    assert all(second - first > minutes(window) for first, second in pairwise(beats))
    assert cadence.align(aligned, window=minutes(window)) == aligned


@given(
    sent=st.integers(0, 600),
    promised=st.none() | st.integers(0, 900),
    every=st.none() | st.integers(1, 240),
    later=st.none() | st.integers(1, 240),
)
def test_the_next_due_time_lies_ahead_and_within_promise_and_policy(
    sent: int,
    promised: int | None,
    every: int | None,
    later: int | None,
) -> None:
    row = Cadence(
        first=None,
        every=None if every is None else minutes(every),
        later=None if later is None else minutes(later),
    )
    sent_at = DECLARED + minutes(sent)
    promised_at = None if promised is None else DECLARED + minutes(promised)
    due = cadence.next_due(sent_at=sent_at, declared_at=DECLARED, cadence=row, promised_next_at=promised_at)
    asked = cadence.policy_due(sent_at=sent_at, declared_at=DECLARED, cadence=row)
    if due is None:
        assert asked is None
        assert promised_at is None or promised_at <= sent_at
    else:
        assert due > sent_at
        assert asked is None or due <= asked
        assert promised_at is None or promised_at <= sent_at or due <= promised_at


class TestNightsWhenTheClockChanges:
    """Intervals are elapsed time; only an agreed timetable is meant in wall-clock time."""

    LONDON = ZoneInfo("Europe/London")
    BERLIN = ZoneInfo("Europe/Berlin")

    def test_an_hour_is_an_hour_in_spring(self) -> None:
        sent = datetime(2027, 3, 28, 0, 50, tzinfo=UTC)  # 00:50 in London, ten minutes before the change
        row = cadence.default(priority="P2", audience="end_users")
        due = cadence.next_due(sent_at=sent, declared_at=sent - minutes(30), cadence=row)
        assert due == datetime(2027, 3, 28, 1, 50, tzinfo=UTC)
        assert due.astimezone(self.LONDON).strftime("%H:%M %z") == "02:50 +0100"

    def test_an_hour_is_an_hour_in_autumn(self) -> None:
        sent = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 01:45 summer time in London
        row = cadence.default(priority="P2", audience="end_users")
        due = cadence.next_due(sent_at=sent, declared_at=sent - minutes(30), cadence=row)
        assert due == datetime(2026, 10, 25, 1, 45, tzinfo=UTC)
        assert due.astimezone(self.LONDON).strftime("%H:%M %z") == "01:45 +0000"

    def test_a_promise_made_in_local_time_is_compared_as_an_instant(self) -> None:
        sent = datetime(2026, 10, 25, 2, 30, tzinfo=self.BERLIN)  # the first 02:30
        promised = datetime(2026, 10, 25, 2, 45, tzinfo=self.BERLIN, fold=1)  # 75 minutes later
        due = cadence.next_due(
            sent_at=sent.astimezone(UTC),
            declared_at=sent.astimezone(UTC),
            cadence=P1_USERS,
            promised_next_at=promised.astimezone(UTC),
        )
        assert due == sent.astimezone(UTC) + minutes(30)

    @pytest.mark.parametrize(
        ("first_day", "expected"),
        [
            (date(2026, 10, 24), ["2026-10-24 05:00", "2026-10-25 06:00", "2026-10-26 06:00"]),
            (date(2027, 3, 27), ["2027-03-27 06:00", "2027-03-28 05:00", "2027-03-29 05:00"]),
        ],
    )
    def test_seven_in_the_morning_stays_seven_in_the_morning(self, first_day: date, expected: list[str]) -> None:
        moments = cadence.expand_timetable([time(7, 0)], tz=self.BERLIN, from_day=first_day, days=3)
        assert [f"{moment:%Y-%m-%d %H:%M}" for moment in moments] == expected

    def test_an_hour_that_comes_twice_means_its_first_coming(self) -> None:
        [moment] = cadence.expand_timetable([time(2, 30)], tz=self.BERLIN, from_day=date(2026, 10, 25), days=1)
        assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    def test_an_hour_that_does_not_come_is_never_later_than_expected(self) -> None:
        [moment] = cadence.expand_timetable([time(2, 30)], tz=self.BERLIN, from_day=date(2027, 3, 28), days=1)
        assert moment == datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
        assert moment.astimezone(self.BERLIN).strftime("%H:%M") == "01:30"

    def test_a_timetable_is_in_order_and_without_doubles(self) -> None:
        times = [time(19, 0), time(7, 0), time(7, 0)]
        moments = cadence.expand_timetable(times, tz=UTC, from_day=date(2026, 11, 23), days=2)
        assert [moment.strftime("%d %H") for moment in moments] == ["23 07", "23 19", "24 07", "24 19"]


class TestAgreedTimes:
    SEVEN = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    BOTH = (SEVEN + timedelta(hours=12), SEVEN)

    @pytest.mark.parametrize(
        ("before", "expected"),
        [(31, SEVEN), (30, SEVEN + timedelta(hours=12)), (1, SEVEN + timedelta(hours=12))],
    )
    def test_a_message_shortly_before_an_agreed_time_is_the_agreed_one(self, before: int, expected: datetime) -> None:
        sent = self.SEVEN - timedelta(minutes=before)
        assert cadence.agreed_after(self.BOTH, sent_at=sent) == expected

    def test_the_last_one_is_never_passed_over(self) -> None:
        sent = self.SEVEN - timedelta(minutes=5)
        assert cadence.agreed_after((self.SEVEN,), sent_at=sent) == self.SEVEN

    def test_none_once_it_has_run_out(self) -> None:
        assert cadence.agreed_after(self.BOTH, sent_at=self.SEVEN + timedelta(hours=12)) is None


@pytest.mark.parametrize(("due_in", "ends_in"), [(-10, 5), (0, 5), (7, 12)])
def test_a_message_serves_those_of_the_first_beat_and_everybody_late(due_in: float, ends_in: float) -> None:
    ends = cadence.beat_ends(first_due=DECLARED + minutes(due_in), now=DECLARED)
    assert ends == DECLARED + minutes(ends_in)
