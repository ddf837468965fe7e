"""Several querysets read as one ordered list, in pages by key that neither lose nor repeat a row."""

from datetime import timedelta

import pytest
from django.db.models import Q

from mim_portal.lib import keys, merged
from mim_portal.lib.merged import Merged
from teams.models import Person
from tests import factories
from tests.factories import NOON

ORDER = ("-date_joined", "-id")


@pytest.fixture
def people(db: None) -> list[Person]:
    """Nine, three of whom joined at the same instant, newest first."""
    made = [
        factories.person(username=f"p{n}", first_name="abc"[n % 3], date_joined=NOON + timedelta(hours=n // 3))
        for n in range(9)
    ]
    return sorted(made, key=lambda person: (person.date_joined, person.pk), reverse=True)


def by_letter(*letters: str) -> Merged[Person]:
    return Merged(Person, [Person.objects.filter(first_name=letter) for letter in letters], order=ORDER)


def test_the_parts_are_one_list(people: list[Person]) -> None:
    assert list(by_letter("a", "b", "c")) == people
    assert by_letter("a", "b", "c")[:4] == people[:4]
    assert by_letter("b")[:2] == [person for person in people if person.first_name == "b"][:2]


def test_no_parts_are_an_empty_list(people: list[Person]) -> None:
    nothing = by_letter()
    assert (list(nothing), nothing[:5], nothing.exists()) == ([], [], False)


def test_filters_and_orders_reach_every_part(people: list[Person]) -> None:
    found = by_letter("a", "b").filter(username__in=["p0", "p4", "p5"])
    assert [person.username for person in found] == ["p4", "p0"]
    assert [person.username for person in found.order_by("date_joined", "id")] == ["p0", "p4"]
    assert found.exists()
    assert not found.filter(Q(username="p5")).exists()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 10])
@pytest.mark.parametrize("order", [ORDER, ("date_joined", "id"), ("-id",)])
def test_pages_by_key_are_the_whole_list(people: list[Person], size: int, order: tuple[str, ...]) -> None:
    found = by_letter("a", "b", "c").order_by(*order)
    read = [person for chunk in merged.chunks(found, size) for person in chunk]
    assert read == list(Person.objects.order_by(*order))


def test_rows_that_come_meanwhile_shift_nothing(people: list[Person]) -> None:
    found = by_letter("a", "b", "c")
    first = found[:4]
    factories.person(username="new", first_name="a", date_joined=NOON + timedelta(days=1))
    factories.person(username="old", first_name="a", date_joined=NOON - timedelta(days=1))
    rest = found.filter(keys.beyond(ORDER, keys.of(first[-1], ORDER)))
    assert [person.username for person in first + list(rest)] == [*(person.username for person in people), "old"]


def test_how_long_a_part_is(people: list[Person]) -> None:
    found = by_letter("a", "b")
    assert [found.is_longer_than(count) for count in (0, 2, 3, 4)] == [True, True, False, False]


def test_only_first_rows_can_be_had(people: list[Person]) -> None:
    for wanted in (slice(1, 3), slice(None), slice(None, 3, 2)):
        with pytest.raises(ValueError, match="paged by key"):
            by_letter("a")[wanted]


def test_an_order_from_its_other_end() -> None:
    assert keys.reversed_order(("-declared_at", "id")) == ("declared_at", "-id")
