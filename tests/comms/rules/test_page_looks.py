"""What a status page may be called and how it may look: colours that can be read, kinds, services in their order."""

import pytest

from comms.choices import PageKind
from comms.rules import page_looks
from comms.rules.page_looks import DARK, LIGHT, Listed
from teams.rules.fields import Unusable


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.478), ("#ffffff", "#0b6170", 7.1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert page_looks.contrast(one, other) == pytest.approx(expected, abs=0.05)
    assert page_looks.contrast(other, one) == page_looks.contrast(one, other)


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), ("  ", ""), ("#0B6170", "#0b6170"), ("0b6170", "#0b6170"), (" #036 ", "#003366")]
)
def test_a_colour_that_can_be_read_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert page_looks.accent(typed) == kept


@pytest.mark.parametrize("typed", ["red", "#12345", "rgb(0,0,0)", "#0b6170;}body{display:none", "#gggggg"])
def test_nothing_but_a_colour_is_one(typed: str) -> None:
    with pytest.raises(Unusable, match="six digits"):
        page_looks.accent(typed)


@pytest.mark.parametrize(
    ("typed", "grounds", "where"), [("#ffcc00", LIGHT, "light"), ("#777777", LIGHT, "light"), ("#0b6170", DARK, "dark")]
)
def test_a_pale_colour_is_refused_with_one_that_would_do(typed: str, grounds: tuple[str, ...], where: str) -> None:
    with pytest.raises(Unusable, match=f"on the {where} page: its contrast is .* 4.5 is needed") as caught:
        page_looks.accent(typed, grounds=grounds)
    offered = str(caught.value).rsplit(". ", 1)[1].split(" ")[0]
    assert page_looks.accent(offered, grounds=grounds) == offered


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ff0000", "#00ff00", "#ffff00", "#0b6170", "#808080"])
@pytest.mark.parametrize("grounds", [LIGHT, DARK])
def test_every_colour_has_one_near_it_that_can_be_read(colour: str, grounds: tuple[str, ...]) -> None:
    found = page_looks.readable(colour, grounds)
    assert page_looks.worst(found, grounds) >= page_looks.ENOUGH
    if page_looks.worst(colour, grounds) >= page_looks.ENOUGH:
        assert found == colour


@pytest.mark.parametrize("kind", PageKind.values)
def test_a_kind_is_kept_and_read_back(kind: str) -> None:
    assert page_looks.kind(**page_looks.flags(kind)) == kind


def test_there_is_no_other_kind() -> None:
    with pytest.raises(Unusable, match="Choose one of public, internal, executive, customer"):
        page_looks.flags("secret")


def test_languages_are_ours_each_once_in_one_order() -> None:
    assert page_looks.language("de") == "de"
    assert page_looks.other_languages(["fr", "en", "fr"]) == ["en", "fr"]
    assert page_looks.other_languages([]) == []
    for unknown in ("tlh", "", "DE"):
        with pytest.raises(Unusable, match="en, de, fr"):
            page_looks.language(unknown)


def test_an_address_is_a_slug_that_is_no_part_of_the_portal() -> None:
    assert page_looks.address(" Contoso ") == "contoso"
    for wrong in ("api", "New", "a b", "ü", ""):
        with pytest.raises(Unusable):
            page_looks.address(wrong)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], []),
        ([("a", ""), ("b", "")], ["a", "b"]),
        ([("a", "X"), ("b", ""), ("c", "X")], ["a", "c", "b"]),
        ([("b", ""), ("c", "Y"), ("a", "X"), ("d", "Y")], ["b", "c", "d", "a"]),
    ],
)
def test_a_group_stands_together_where_its_first_service_stands(given: list[tuple[str, str]], kept: list[str]) -> None:
    rows = page_looks.ordered(Listed(service=service, group=group) for service, group in given)
    assert [row.service for row in rows] == kept


def test_no_service_stands_twice_and_a_page_ends() -> None:
    with pytest.raises(Unusable, match="a stands there twice"):
        page_looks.ordered([Listed(service="a"), Listed(service="b"), Listed(service="a")])
    with pytest.raises(Unusable, match="at most 500"):
        page_looks.ordered(Listed(service=str(number)) for number in range(501))
