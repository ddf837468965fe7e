"""A name to sign in with, where nobody chose one."""

import pytest

from teams.rules import usernames


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mia.torres", "mia.torres"),
        ("Mía Tórres", "mia.torres"),
        ("O'Brien", "o.brien"),
        ("  --x--  ", "x"),
        ("支払い", ""),
        ("a" * 50, "a" * 40),
    ],
)
def test_plain_letters(text: str, kept: str) -> None:
    assert usernames.plain(text) == kept


@pytest.mark.parametrize(
    ("address", "name", "taken", "made"),
    [
        ("mia@example.org", "Mia Torres", set(), "mia"),
        ("mia+portal@example.org", "", set(), "mia"),
        ("mia@example.org", "", {"mia"}, "mia2"),
        ("mia@example.org", "", {"mia", "mia2", "mia3"}, "mia4"),
        ("", "Mia Torres", set(), "mia.torres"),
        ("", "支払い", set(), "person"),
        ("", "", {"person"}, "person2"),
    ],
)
def test_a_free_name(address: str, name: str, taken: set[str], made: str) -> None:
    assert usernames.free(address=address, name=name, taken=taken) == made
