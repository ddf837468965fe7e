"""Rows as values, and what they would change."""

import pytest

from teams.rules import import_rows, table
from teams.rules.catalogue import Kind
from teams.rules.import_rows import Line, Outcome, Problem


def columns(kind: Kind, *headings: str) -> tuple[dict[str, str], tuple[str, ...]]:
    found, unknown = import_rows.known(kind, headings)
    return {heading: column.name for heading, column in found.items()}, unknown


def test_columns_by_their_name_or_another() -> None:
    assert columns(Kind.PEOPLE, "e_mail", "user_name", "shoe_size") == (
        {"e_mail": "email", "user_name": "username"},
        ("shoe_size",),
    )
    assert columns(Kind.SERVICES, "owner", "slug") == ({"owner": "owner_team", "slug": "slug"}, ())


@pytest.mark.parametrize(
    ("kind", "headings", "missing"),
    [
        (Kind.SITES, ("name",), ("slug",)),
        (Kind.SITES, ("slug",), ()),
        (Kind.PEOPLE, ("first_name",), ("username or email",)),
        (Kind.PEOPLE, ("mail",), ()),
        (Kind.CONTACTS, ("team", "kind"), ("value",)),
        (Kind.ROTAS, (), ("rota", "person", "starts_at")),
    ],
)
def test_what_no_row_is_found_without(kind: Kind, headings: tuple[str, ...], missing: tuple[str, ...]) -> None:
    found, _unknown = import_rows.known(kind, headings)
    assert import_rows.missing(kind, found) == missing


def test_a_column_under_two_names() -> None:
    found, _unknown = import_rows.known(Kind.PEOPLE, ("email", "e_mail", "username"))
    assert import_rows.twice(found) == ("email",)


def parsed(raw: bytes, kind: Kind = Kind.SITES) -> list[import_rows.Parsed]:
    read = table.read(raw)
    return import_rows.parse(read, import_rows.known(kind, read.headings)[0])


def test_each_cell_is_read_or_has_its_problem() -> None:
    good, bad = parsed(b"slug,name,headcount,country\ndublin,Dublin,640,ie\nx y,,many,Ireland,more\n")
    assert good.values == {"slug": "dublin", "name": "Dublin", "headcount": 640, "country": "IE"}
    assert good.problems == []
    assert [(problem.column, problem.message[:22]) for problem in bad.problems] == [
        ("slug", "“x y”: Use small lette"),
        ("name", "This cell is empty; th"),
        ("headcount", "“many”: Write a whole "),
        ("country", "“Ireland”: Give a coun"),
        ("", "There are 1 more cells"),
    ]


def test_an_empty_cell_is_the_default_and_never_switches_on_or_off() -> None:
    (row,) = parsed(b"slug,name,active,headcount,time_zone\ndublin,Dublin,,,\n")
    assert row.values == {"slug": "dublin", "name": "Dublin", "headcount": None, "time_zone": "UTC"}


def test_a_long_cell_is_named_by_its_beginning() -> None:
    (row,) = parsed(b"slug,name\nx," + b"y" * 200 + b"\n")
    assert row.problems[0].message.startswith("“" + "y" * 57 + "…”: Use at most 120")


def test_a_new_row_has_what_the_file_has_not() -> None:
    values = import_rows.completed(Kind.SITES, {"slug": "dublin", "name": "Dublin"})
    assert values == {
        "slug": "dublin", "name": "Dublin", "country": "", "time_zone": "UTC", "headcount": None, "active": True,
    }  # fmt: skip


def test_changes_are_said_as_a_file_has_them() -> None:
    before = {"slug": "x", "name": "X", "headcount": None, "active": True}
    assert import_rows.changes(Kind.SITES, before, {"slug": "x", "headcount": 5, "active": False}) == (
        ("headcount", "", "5"),
        ("active", "yes", "no"),
    )


def test_the_second_row_about_the_same_is_refused() -> None:
    rows = parsed(b"slug,name\nx,X\ny,Y\nx,Z\n")
    import_rows.refuse_repeated(rows, {2: ("x",), 3: None, 4: ("x",)})
    assert [len(row.problems) for row in rows] == [0, 0, 1]
    assert rows[2].problems[0].message == "The same as row 2: keep one of them."


def test_the_token_changes_with_anything_that_was_shown() -> None:
    lines = [Line(number=2, label="x", outcome=Outcome.CREATED)]
    problem = Problem(column="slug", message="No.")

    def token(**changes: object) -> str:
        given = {"kind": Kind.SITES, "raw": b"x", "invites": False, "lines": lines} | changes
        return import_rows.token(**given)  # type: ignore[arg-type]

    same = token()
    assert token() == same
    others = [
        token(kind=Kind.TEAMS),
        token(raw=b"y"),
        token(invites=True),
        token(lines=[]),
        token(lines=[Line(number=2, label="x", outcome=Outcome.UNCHANGED)]),
        token(lines=[Line(number=2, label="x", outcome=Outcome.CREATED, changes=(("a", "b", "c"),))]),
        token(lines=[Line(number=2, label="x", outcome=Outcome.CREATED, problems=(problem,))]),
    ]
    assert len({same, *others}) == 8
