"""Who is in which room, as one live process knows it from itself and from the others."""

from typing import Any

import pytest

from mim_portal import livecrowd
from mim_portal.livecrowd import Crowds

ROOM = "MI-2026-0001"


def said(process: str, *names: str, count: int | None = None, first: int = 10) -> dict[str, Any]:
    people = [[first + number, name] for number, name in enumerate(names)]
    return {"ref": ROOM, "presence": process, "count": len(names) if count is None else count, "people": people}


def test_everybody_is_counted_once_and_named_by_the_alphabet() -> None:
    crowds = Crowds("a")
    crowds.hear(said("b", "Zoe", "adam"), now=0)
    crowds.hear(said("c", "Zoe"), now=0)
    assert crowds.together(ROOM, {1: "Mia", 10: "Zoe", 2: ""}) == {"count": 4, "people": ["adam", "Mia", "Zoe"]}


def test_a_crowd_is_counted_and_the_first_of_it_are_named() -> None:
    crowds = Crowds("a")
    crowds.hear(said("b", *(f"P{number:03}" for number in range(40)), count=900), now=0)
    together = crowds.together(ROOM, {1: "A"})
    assert (together["count"], len(together["people"])) == (901, livecrowd.NAMED_AT_MOST)
    crowds.announce(ROOM, {number: f"N{number}" for number in range(100)})
    assert crowds.outgoing[0].count(b"N") == livecrowd.NAMED_AT_MOST
    assert b'"count": 100' in crowds.outgoing[0]


def test_the_own_voice_is_not_heard() -> None:
    crowds = Crowds("a")
    crowds.hear(said("a", "Mia"), now=0)
    assert crowds.together(ROOM, {}) == {"count": 0, "people": []}


def test_what_changed_elsewhere_is_told_here_at_once_and_once() -> None:
    crowds = Crowds("a")
    crowds.hear(said("b", "Zoe"), now=5)
    assert crowds.due(5) == [ROOM]
    crowds.hear(said("b", "Zoe"), now=6)
    assert crowds.due(6) == []
    crowds.hear(said("b"), now=7)
    assert crowds.due(7) == [ROOM]
    assert crowds.together(ROOM, {}) == {"count": 0, "people": []}
    crowds.hear(said("b"), now=8)
    assert crowds.due(8) == []


def test_a_process_that_died_is_forgotten() -> None:
    crowds = Crowds("a")
    crowds.hear(said("b", "Zoe"), now=0)
    crowds.due(0)
    assert crowds.repeats(0)
    assert not crowds.repeats(livecrowd.REPEATED_SECONDS - 1)
    assert crowds.repeats(livecrowd.FORGOTTEN_SECONDS)
    assert crowds.together(ROOM, {})["count"] == 1
    late = livecrowd.FORGOTTEN_SECONDS + livecrowd.REPEATED_SECONDS
    assert crowds.repeats(late)
    assert crowds.due(late) == [ROOM]
    assert crowds.together(ROOM, {})["count"] == 0


def test_a_crowd_that_enters_is_told_less_often() -> None:
    crowds = Crowds("a")
    crowds.changed(ROOM, streams=500, now=0)
    assert crowds.due(1.9) == []
    assert crowds.due(2.0) == [ROOM]
    crowds.changed(ROOM, streams=1, now=3)
    crowds.emptied(ROOM)
    assert crowds.due(99) == []
    assert crowds.outgoing[-1].endswith(b'"count": 0, "people": []}')


def test_the_same_is_not_told_twice() -> None:
    crowds = Crowds("a")
    assert crowds.told(ROOM) is None
    assert crowds.is_news(ROOM, {"count": 1})
    assert not crowds.is_news(ROOM, {"count": 1})
    assert crowds.told(ROOM) == {"count": 1}


@pytest.mark.parametrize(
    "event",
    [
        {"ref": ROOM, "presence": "b"},
        {"ref": ROOM, "presence": "b", "count": "many", "people": []},
        {"ref": ROOM, "presence": "b", "count": 1, "people": [1]},
    ],
)
def test_what_makes_no_sense_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Crowds("a").hear(event, now=0)


def test_announcements_do_not_pile_up() -> None:
    crowds = Crowds("a")
    for _ in range(livecrowd.WAITING_AT_MOST + 5):
        crowds.announce(ROOM, {})
    assert len(crowds.outgoing) == livecrowd.WAITING_AT_MOST
