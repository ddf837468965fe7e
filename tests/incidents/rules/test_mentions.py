"""“@mia” in a note: what is a handle, how it is stored, how it is shown."""

import pytest

from incidents.rules import mentions
from incidents.rules.mentions import Known

KNOWN = Known(
    people={"mia": 12, "omar.haddad": 7, "ann@example.org": 9, "database": 4}, teams={"database": 3, "net-ops": 5}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@mia please", ("mia",)),
        ("ask @Mia.", ("mia.", "mia")),
        ("@omar.haddad, (@mia)", ("omar.haddad", "mia")),
        ("@ann@example.org now", ("ann@example.org", "ann")),
        ("mail ann@example.org", ()),
        ("@@mia", ()),
        ("a @ b", ()),
        ("@" + "x" * 151, ()),
        ("", ()),
    ],
)
def test_handles(text: str, expected: tuple[str, ...]) -> None:
    assert mentions.handles(text) == expected


@pytest.mark.parametrize(
    ("text", "stored", "people", "teams"),
    [
        ("@mia please", "@{p12} please", (12,), ()),
        ("ask @MIA.", "ask @{p12}.", (12,), ()),
        ("@omar.haddad...", "@{p7}...", (7,), ()),
        ("(@mia) and @mia", "(@{p12}) and @{p12}", (12,), ()),
        ("@net-ops, @mia", "@{t5}, @{p12}", (12,), (5,)),
        ("@database", "@{p4}", (4,), ()),
        ("@ann@example.org!", "@{p9}!", (9,), ()),
        ("@mia@elsewhere.org", "@{p12}@elsewhere.org", (12,), ()),
        ("@nobody", "@nobody", (), ()),
        ("typed @{p12}", "typed @{p12}", (), ()),
    ],
)
def test_known_handles_become_references(
    text: str, stored: str, people: tuple[int, ...], teams: tuple[int, ...]
) -> None:
    note = mentions.stored(text, KNOWN)
    assert (note.text, note.people, note.teams) == (stored, people, teams)


def test_the_data_of_an_entry_names_them() -> None:
    assert mentions.stored("plain", KNOWN).data == {}
    data = mentions.stored("@mia @net-ops", KNOWN).data
    assert data == {"mentions": {"people": [12], "teams": [5]}}
    assert (mentions.people_in(data), mentions.teams_in(data)) == ((12,), (5,))


@pytest.mark.parametrize(
    "data", [{}, {"mentions": None}, {"mentions": {"people": "12"}}, {"mentions": {"people": ["x"]}}]
)
def test_other_data_mentions_nobody(data: dict[str, object]) -> None:
    assert (mentions.people_in(data), mentions.teams_in(data)) == ((), ())


def test_only_what_the_data_vouches_for_is_shown_by_name() -> None:
    data = {"mentions": {"people": [12], "teams": [5]}}
    text = mentions.shown("@{p12} @{t5} @{p13} @{t12}", data, name=lambda letter, pk: f"{letter}:{pk}")
    assert text == "p:12 t:5 @{p13} @{t12}"


def test_a_note_has_a_limit_of_people() -> None:
    known = Known(people={f"u{number}": number for number in range(30)}, teams={})
    note = mentions.stored(" ".join(f"@u{number}" for number in range(30)) + " @u1", known)
    assert note.people == tuple(range(mentions.AT_MOST))
    assert note.text.endswith("@u29 @{p1}")


def test_handles_that_nobody_has_are_told() -> None:
    assert mentions.unknown("@{p12} @rosa. and @rosa") == ("rosa",)
