"""Two versions that grew from one: who changed what, and where a person has to choose."""

import pytest

from incidents.rules import merging

BASE = {"who": "staff", "count": "10", "where": "Cork"}


def compared(mine: dict[str, str], theirs: dict[str, str]) -> tuple[merging.Field, ...]:
    return merging.compare(names=tuple(BASE), base=BASE, mine={**BASE, **mine}, theirs={**BASE, **theirs})


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({}, {}, {}),
        ({"count": "20"}, {}, {"count": "mine"}),
        ({}, {"count": "30"}, {"count": "theirs"}),
        ({"count": "20"}, {"count": "30"}, {"count": "conflict"}),
        ({"count": "20"}, {"count": "20"}, {"count": "same"}),
        ({"count": ""}, {"count": "30", "who": "all"}, {"who": "theirs", "count": "conflict"}),
    ],
)
def test_who_changed_what(mine: dict[str, str], theirs: dict[str, str], expected: dict[str, str]) -> None:
    def word(field: merging.Field) -> str:
        if field.is_conflict:
            return "conflict"
        if field.is_theirs_alone:
            return "theirs"
        return "mine" if field.is_mine_alone else "same"

    assert {field.name: word(field) for field in compared(mine, theirs)} == expected


def test_nothing_is_overwritten_unseen() -> None:
    mine = {**BASE, "count": "20", "who": "clerks"}
    fields = compared(mine, {"count": "30", "where": "Dublin"})
    assert [field.name for field in merging.undecided(fields, {})] == ["count"]
    assert [field.name for field in merging.undecided(fields, {"count": "neither"})] == ["count"]
    assert merging.undecided(fields, {"count": "mine"}) == ()
    kept = merging.merged(fields, mine=mine, picks={"count": "mine"})
    assert kept == {"who": "clerks", "count": "20", "where": "Dublin"}
    taken = merging.merged(fields, mine=mine, picks={"count": "theirs"})
    assert taken == {"who": "clerks", "count": "30", "where": "Dublin"}
