"""Who is on now, who is next, and where nobody is."""

from datetime import UTC, datetime, timedelta

import pytest

from teams.rules import oncall
from teams.rules.oncall import Absence, Stretch, Turn

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MIA, OMAR, DAN, PETRA = 1, 2, 3, 4


def hours(count: float) -> datetime:
    return NOW + timedelta(hours=count)


def turn(person: int, start: float, end: float, *, key: int = 0) -> Turn:
    return Turn(person_id=person, starts_at=hours(start), ends_at=hours(end), key=key)


def cover(person: int, *, instead_of: int | None = None, start: float = -1, end: float = 1, key: int = 10) -> Turn:
    return Turn(
        person_id=person,
        starts_at=hours(start),
        ends_at=hours(end),
        key=key,
        is_override=True,
        instead_of=instead_of,
    )


def away(person: int, start: float = -1, end: float = 1) -> Absence:
    return Absence(person_id=person, starts_at=hours(start), ends_at=hours(end))


DAY, NIGHT = turn(MIA, -2, 6), turn(OMAR, 6, 14)
SECOND = turn(DAN, -1.5, 6)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(-2.01, ()), (-2, (MIA,)), (5.99, (MIA,)), (6, (OMAR,)), (13.99, (OMAR,)), (14, ())],
)
def test_the_end_of_a_turn_belongs_to_the_next(at: float, expected: tuple[int, ...]) -> None:
    assert oncall.on(turns=[NIGHT, DAY], at=hours(at)) == expected


def test_with_nobody_on_every_holder_is_told_once() -> None:
    told = oncall.who(turns=[], holders=(PETRA, MIA, PETRA), now=NOW)
    assert told == oncall.OnCall(person_ids=(PETRA, MIA), from_rota=False)
    assert oncall.who(turns=[DAY], holders=(PETRA,), now=NOW) == oncall.OnCall(person_ids=(MIA,), from_rota=True)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], (MIA, DAN)),
        ([cover(OMAR)], (OMAR,)),
        ([cover(OMAR, instead_of=MIA)], (DAN, OMAR)),
        ([cover(OMAR, instead_of=DAN)], (MIA, OMAR)),
        ([cover(OMAR, start=1, end=2)], (MIA, DAN)),
        ([cover(OMAR, instead_of=PETRA)], (MIA, DAN, OMAR)),  # promised for that time, whatever the plan says
        ([cover(OMAR, instead_of=MIA), cover(PETRA, instead_of=OMAR, key=11)], (DAN, PETRA)),
        ([cover(OMAR, instead_of=MIA), cover(MIA, instead_of=OMAR, key=11)], (DAN, MIA)),
        ([cover(OMAR, instead_of=MIA, key=12), cover(PETRA, instead_of=OMAR, key=11)], (DAN, PETRA, OMAR)),
        ([cover(DAN, instead_of=MIA)], (DAN,)),
        ([cover(OMAR), cover(PETRA, key=11)], (PETRA,)),
    ],
)
def test_someone_stands_in(overrides: list[Turn], expected: tuple[int, ...]) -> None:
    assert oncall.on(turns=[DAY, SECOND, *overrides], at=NOW) == expected


@pytest.mark.parametrize(
    ("overrides", "absences", "expected"),
    [
        ([], [away(MIA)], (DAN,)),
        ([], [away(MIA), away(DAN)], ()),
        ([], [away(MIA, 1, 2)], (MIA, DAN)),
        ([cover(OMAR, instead_of=MIA)], [away(MIA)], (DAN, OMAR)),
        ([cover(OMAR, instead_of=MIA)], [away(OMAR)], (DAN,)),
        ([cover(OMAR, instead_of=MIA), cover(PETRA, instead_of=OMAR, key=11)], [away(OMAR)], (DAN, PETRA)),
    ],
)
def test_whoever_is_away_is_on_no_turn(
    overrides: list[Turn], absences: list[Absence], expected: tuple[int, ...]
) -> None:
    assert oncall.on(turns=[DAY, SECOND, *overrides], absences=absences, at=NOW) == expected


def stretch(start: float, end: float, *people: int) -> Stretch:
    return Stretch(starts_at=hours(start), ends_at=hours(end), person_ids=people)


def test_the_cover_is_cut_where_the_answer_changes() -> None:
    turns = [turn(MIA, -2, 6), turn(MIA, 6, 8), turn(OMAR, 9, 14), turn(DAN, 13, 20)]
    whole = oncall.stretches(turns=turns, since=hours(-4), until=hours(16))
    assert whole == (
        stretch(-4, -2),
        stretch(-2, 8, MIA),
        stretch(8, 9),
        stretch(9, 13, OMAR),
        stretch(13, 14, OMAR, DAN),
        stretch(14, 16, DAN),
    )
    assert oncall.gaps(whole) == (stretch(-4, -2), stretch(8, 9))
    assert oncall.overlaps(whole) == (stretch(13, 14, OMAR, DAN),)


def test_the_cover_follows_overrides_and_absences() -> None:
    whole = oncall.stretches(
        turns=[DAY, cover(OMAR, instead_of=MIA, start=1, end=2)],
        absences=[away(MIA, 3, 4)],
        since=hours(0),
        until=hours(6),
    )
    assert whole == (
        stretch(0, 1, MIA),
        stretch(1, 2, OMAR),
        stretch(2, 3, MIA),
        stretch(3, 4),
        stretch(4, 6, MIA),
    )


def test_an_empty_rota_is_one_gap() -> None:
    assert oncall.stretches(turns=[], since=NOW, until=hours(1)) == (stretch(0, 1),)


@pytest.mark.parametrize(
    ("turns", "besides", "expected"),
    [
        ([DAY, NIGHT], [], (OMAR, stretch(6, 14, OMAR))),
        ([DAY, NIGHT, turn(PETRA, 14, 20)], [OMAR], (PETRA, stretch(14, 20, PETRA))),
        ([DAY, turn(MIA, 8, 10), NIGHT], [], (OMAR, stretch(6, 8, OMAR))),
        ([NIGHT], [], (OMAR, stretch(6, 14, OMAR))),
        ([DAY], [], None),
        ([], [], None),
    ],
)
def test_who_comes_next(turns: list[Turn], besides: list[int], expected: object) -> None:
    cover = oncall.stretches(turns=turns, since=NOW, until=hours(24))
    found = oncall.next_on(cover, besides=besides)
    if expected is None or found is None:
        assert found == expected
        return
    person, begins = found
    assert (person, begins.starts_at) == (expected[0], expected[1].starts_at)  # type: ignore[index]


@pytest.mark.parametrize(("person", "expected"), [(MIA, 7), (OMAR, None), (DAN, 6)])
def test_when_a_shift_ends(person: int, expected: float | None) -> None:
    turns = [DAY, SECOND, turn(MIA, 6, 7), turn(OMAR, 6.5, 14)]
    cover = oncall.stretches(turns=turns, since=NOW, until=hours(24))
    ends_at = oncall.off_at(cover, person_id=person)
    assert ends_at == (None if expected is None else hours(expected))
