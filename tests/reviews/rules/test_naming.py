"""How people may be written beside their names."""

import pytest

from reviews.rules import naming


@pytest.mark.parametrize(
    ("username", "email", "expected"),
    [
        ("rosa", "rosa@example.org", ["rosa@example.org", "@rosa", "rosa"]),
        ("rlind", "", ["@rlind", "rlind"]),
        ("helper", "", ["@helper"]),  # of no name: it may be a word
        ("lindqvist.r", "", ["@lindqvist.r", "lindqvist.r"]),
        ("u4711", "", ["@u4711", "u4711"]),
        ("database", "", ["@database"]),
        ("ro", "", ["@ro"]),
        ("", "a@example.org", ["a@example.org"]),
        ("", "", []),
    ],
)
def test_addresses_and_user_names(username: str, email: str, expected: list[str]) -> None:
    found = naming.handles(username=username, email=email, first_name="Rosa", last_name="Lindqvist")
    assert list(found) == expected


def test_short_names_say_nothing() -> None:
    assert list(naming.handles(username="jokers", email="", first_name="Jo", last_name="")) == ["@jokers"]
