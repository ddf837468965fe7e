from datetime import UTC, datetime, timedelta

import pytest

from incidents.rules import times

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_times_in_their_order_warn_of_nothing() -> None:
    known = {name: T0 + timedelta(minutes=place) for place, name in enumerate(name for name, _ in times.ORDER)}
    assert times.out_of_order(known) == ()
    assert times.consistent(known)


def test_equal_and_unknown_times_are_in_order() -> None:
    assert times.out_of_order({"detected_at": T0, "declared_at": T0, "closed_at": None}) == ()
    assert times.consistent({})


def test_a_pair_the_wrong_way_round_is_named_with_both_times() -> None:
    [warning] = times.out_of_order(
        {"impact_started_at": T0 + timedelta(hours=1), "declared_at": T0, "resolved_at": T0 + timedelta(hours=2)},
    )
    assert (warning.earlier, warning.later) == ("impact_started_at", "declared_at")
    assert warning.message == (
        "“Declared” (Mon 23 Nov 2026, 09:00 (UTC+0)) is before “impact started” (Mon 23 Nov 2026, 10:00 (UTC+0)). "
        "Please check both."
    )


def test_pairs_that_are_no_neighbours_count_for_consistency() -> None:
    known = {
        "impact_started_at": T0 + timedelta(hours=1),
        "detected_at": T0 + timedelta(hours=2),
        "declared_at": T0,
    }
    assert not times.consistent(known)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (T0, T0 + timedelta(minutes=5), timedelta(minutes=5)),
        (T0, T0, timedelta(0)),
        (T0, T0 - timedelta(minutes=1), None),
        (None, T0, None),
        (T0, None, None),
    ],
)
def test_only_moments_in_order_have_a_time_between(
    start: datetime | None,
    end: datetime | None,
    expected: timedelta | None,
) -> None:
    assert times.elapsed(start, end) == expected


def test_nobody_is_asked_for_what_may_still_happen() -> None:
    while_it_runs = times.to_come(is_restored=False, is_resolved=False)
    assert set(times.NEEDED) - while_it_runs == {"impact_started_at", "detected_at", "reported_at", "logged_at"}
    assert times.to_come(is_restored=True, is_resolved=False) == {"resolved_at"}
    assert times.to_come(is_restored=True, is_resolved=True) == frozenset()


def test_what_is_missing_is_neither_given_nor_known_to_be_unknown() -> None:
    assert times.missing({}) == times.NEEDED
    known = dict.fromkeys(times.NEEDED[1:], T0)
    assert times.missing(known) == ("impact_started_at",)
    assert times.missing(known, unknown={"impact_started_at"}) == ()
    assert times.missing({**known, "impact_started_at": None, "detected_at": None}) == times.NEEDED[:2]


def test_what_the_portal_records_itself_is_asked_of_nobody() -> None:
    assert times.FIXED.isdisjoint(times.NEEDED)
