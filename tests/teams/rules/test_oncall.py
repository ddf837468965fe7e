from datetime import UTC, datetime, timedelta

import pytest

from teams.rules import oncall
from teams.rules.oncall import Override, Shift

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MIA, OMAR, DAN, PETRA = 1, 2, 3, 4


def hours(count: float) -> datetime:
    return NOW + timedelta(hours=count)


DAY = Shift(person_id=MIA, starts_at=hours(-2), ends_at=hours(6))
NIGHT = Shift(person_id=OMAR, starts_at=hours(6), ends_at=hours(14))
SECOND = Shift(person_id=DAN, starts_at=hours(-2), ends_at=hours(6), level=2)


def called(*, shifts: list[Shift], overrides: list[Override] | None = None, now: datetime = NOW) -> tuple[int, ...]:
    answer = oncall.who(shifts=shifts, overrides=overrides or [], holders=(PETRA, MIA, PETRA), now=now)
    assert answer.from_rota is (answer.person_ids != (PETRA, MIA))
    return answer.person_ids


def override(person: int | None, *, instead_of: int | None = None, level: int = 1, start: float = -1) -> Override:
    return Override(
        person_id=person,
        instead_of=instead_of,
        level=level,
        starts_at=hours(start),
        ends_at=hours(start + 2),
    )


def test_the_first_level_is_called_first() -> None:
    assert called(shifts=[SECOND, NIGHT, DAY]) == (MIA, DAN)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(-2, (MIA,)), (5.99, (MIA,)), (6, (OMAR,)), (13.99, (OMAR,)), (14, (PETRA, MIA))],
)
def test_the_end_of_a_shift_belongs_to_the_next(at: float, expected: tuple[int, ...]) -> None:
    assert called(shifts=[DAY, NIGHT], now=hours(at)) == expected


def test_with_nobody_on_the_rota_every_holder_is_told_once() -> None:
    assert called(shifts=[]) == (PETRA, MIA)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([override(OMAR)], (OMAR, DAN)),
        ([override(OMAR, instead_of=MIA)], (OMAR, DAN)),
        ([override(OMAR, instead_of=PETRA)], (MIA, DAN)),
        ([override(OMAR, level=2)], (MIA, OMAR)),
        ([override(OMAR, start=1)], (MIA, DAN)),
        ([override(None)], (DAN,)),
        ([override(OMAR, instead_of=MIA), override(PETRA, instead_of=OMAR)], (PETRA, DAN)),
        ([override(DAN)], (DAN,)),
        ([override(None), override(OMAR)], (OMAR, DAN)),
    ],
)
def test_someone_stands_in(overrides: list[Override], expected: tuple[int, ...]) -> None:
    assert called(shifts=[DAY, SECOND], overrides=overrides) == expected


def test_a_stand_in_fills_an_empty_level() -> None:
    assert called(shifts=[], overrides=[override(OMAR)]) == (OMAR,)
    assert called(shifts=[SECOND], overrides=[override(OMAR)]) == (OMAR, DAN)
    assert called(shifts=[], overrides=[override(None)]) == (PETRA, MIA)
    assert called(shifts=[], overrides=[override(OMAR, instead_of=MIA)]) == (PETRA, MIA)


def test_when_the_answer_may_change() -> None:
    assert oncall.next_change_at(shifts=[DAY, NIGHT], overrides=[override(OMAR)], now=NOW) == hours(1)
    assert oncall.next_change_at(shifts=[DAY, NIGHT], now=NOW) == hours(6)
    assert oncall.next_change_at(shifts=[DAY], now=hours(6)) is None
