"""What can stand in a field of the organisation's lists."""

from collections.abc import Callable
from typing import Any

import pytest

from teams.rules import fields
from teams.rules.fields import Unusable

LANGUAGES = frozenset({"en-gb"})


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (lambda text: fields.words(text, longest=20), "  Mia \t Torres\n", "Mia Torres"),
        (lambda text: fields.prose(text, longest=20), " one\r\ntwo ", "one\ntwo"),
        (fields.time_zone, " Europe/London ", "Europe/London"),
        (lambda text: fields.locale(text, known=LANGUAGES), "EN_GB", "en-gb"),
        (fields.slug, " Card-Payments ", "card-payments"),
        (fields.slug, "wi_fi2", "wi_fi2"),
        (fields.country, " ie", "IE"),
        (fields.country, "", ""),
    ],
)
def test_it_is_kept(read: Callable[[str], str], typed: str, kept: str) -> None:
    assert read(typed) == kept


@pytest.mark.parametrize(
    ("read", "typed", "words"),
    [
        (lambda text: fields.words(text, longest=20), "x" * 21, "at most 20"),
        (lambda text: fields.words(text, longest=20), "a\x00b", "Null characters"),
        (lambda text: fields.prose(text, longest=20), "x" * 21, "at most 20"),
        (lambda text: fields.prose(text, longest=20), "a\x00b", "Null characters"),
        (fields.time_zone, "IST", "by its name"),
        (fields.time_zone, "../../etc/passwd", "by its name"),
        (lambda text: fields.locale(text, known=LANGUAGES), "tlh", "does not speak"),
        (fields.slug, "", "small letters"),
        (fields.slug, "card payments", "small letters"),
        (fields.slug, "zahlungsvorgänge", "small letters"),
        (fields.slug, "x" * 51, "small letters"),
        (fields.country, "Ireland", "two letters"),
        (fields.country, "I1", "two letters"),
    ],
)
def test_it_says_what_can_stand_there(read: Callable[[str], str], typed: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        read(typed)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], ()),
        (["incident_manager"], ("incident_manager",)),
        (["Incident manager", "INCIDENT-MANAGER"], ("incident_manager",)),
        (["deputy", "administrator"], ("administrator", "deputy")),
    ],
)
def test_roles_by_code_or_name(given: list[str], kept: tuple[str, ...]) -> None:
    assert fields.roles(given) == kept


def test_a_role_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(Unusable, match="no role emperor, king") as caught:
        fields.roles(["emperor", "deputy", " king "])
    assert "incident_manager" in str(caught.value)


def test_zones_are_read_once() -> None:
    zones: Any = fields.time_zones()
    assert "Europe/Dublin" in zones
    assert fields.time_zones() is zones
