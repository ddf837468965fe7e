from datetime import UTC, datetime, timedelta

import pytest

from comms.rules.promises import cadence, downgrades
from comms.rules.promises.cadence import Cadence
from comms.rules.promises.downgrades import Change

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return T0 + timedelta(minutes=minutes)


def change(minutes: int, before: str, after: str) -> Change:
    return Change(at=at(minutes), before=before, after=after)


@pytest.mark.parametrize(
    ("changes", "told", "expected"),
    [
        ([], [], False),
        ([], [5], False),
        ([change(0, "P1", "P2")], [], True),
        ([change(0, "P1", "P2")], [5], False),
        ([change(5, "P1", "P2")], [0], True),  # told before it happened
        ([change(5, "P1", "P2")], [5], False),  # in the same moment: after it
        ([change(0, "P2", "P1")], [], False),
        ([change(0, "P1", "P2"), change(5, "P2", "P1")], [], False),
        ([change(0, "P1", "P3"), change(5, "P3", "P2")], [], True),
        ([change(0, "P1", "P3"), change(9, "P3", "P2")], [5], False),  # told P3, and P2 is faster
        ([change(0, "P1", "P2"), change(9, "P2", "P3")], [5], True),
        ([change(9, "P2", "P3"), change(0, "P1", "P2")], [12], False),
    ],
)
def test_who_keeps_the_old_times(changes: list[Change], told: list[int], expected: bool) -> None:
    assert downgrades.is_awaited(changes, told_at=[at(minutes) for minutes in told]) is expected


def minutes(first: int | None, every: int | None, later: int | None) -> Cadence:
    lengths = [None if length is None else timedelta(minutes=length) for length in (first, every, later)]
    return Cadence(first=lengths[0], every=lengths[1], later=lengths[2])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((5, 15, 30), (10, 30, 30), (5, 15, 30)),
        ((60, 240, 240), (15, 30, 60), (15, 30, 60)),
        ((None, None, None), (15, 30, 60), (15, 30, 60)),
        ((5, 30, None), (10, None, 60), (5, 30, 60)),
        ((None, None, None), (None, None, None), (None, None, None)),
    ],
)
def test_the_faster_of_two_cadences_is_the_shorter_of_each_interval(
    one: tuple[int | None, ...], other: tuple[int | None, ...], expected: tuple[int | None, ...]
) -> None:
    assert cadence.faster(minutes(*one), minutes(*other)) == minutes(*expected)
    assert cadence.faster(minutes(*other), minutes(*one)) == minutes(*expected)
