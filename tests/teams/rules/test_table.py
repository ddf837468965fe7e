"""Files as spreadsheets save them."""

import pytest

from teams.rules import table
from teams.rules.table import Unreadable


def cells_of(raw: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in table.read(raw).rows]


PLAIN = [(2, {"slug": "dublin", "name": "Dublin"})]


@pytest.mark.parametrize(
    "raw",
    [
        b"slug,name\ndublin,Dublin\n",
        b"slug,name\r\ndublin,Dublin\r\n",
        b"slug;name\ndublin;Dublin",
        b"slug\tname\ndublin\tDublin\n",
        b"\xef\xbb\xbfslug,name\ndublin,Dublin\n",
        "slug,name\ndublin,Dublin\n".encode("utf-16"),
        b"\xfe\xff" + "slug;name\ndublin;Dublin\n".encode("utf-16-be"),
        b'"slug","name"\n"dublin","Dublin"\n',
        b" Slug , NAME \n dublin , Dublin \n",
    ],
)
def test_however_it_was_saved(raw: bytes) -> None:
    assert cells_of(raw) == PLAIN


def test_excels_own_line_about_the_separator() -> None:
    assert cells_of(b"sep=;\r\nslug;name\r\ndublin;Dublin\r\n") == PLAIN
    assert cells_of(b"sep=|\nslug|name\ndublin|Dublin\n") == PLAIN


def test_separators_in_quotation_marks_do_not_mislead() -> None:
    raw = b'"a,b,c";slug\n"x,y";"one ""two""\nthree"\n'
    assert cells_of(raw) == [(2, {"a,b,c": "x,y", "slug": 'one "two"\nthree'})]


def test_rows_have_the_numbers_of_the_spreadsheet() -> None:
    raw = b"\n,,\nslug,name\n\nx,X\n , \ny,Y\n"
    assert [number for number, _cells in cells_of(raw)] == [5, 7]


def test_a_short_row_has_empty_cells_and_a_long_one_says_so() -> None:
    found = table.read(b"slug,name,country\nx\ny,Y,IE,more,,and more\n").rows
    assert dict(found[0].cells) == {"slug": "x", "name": "", "country": ""}
    assert [row.surplus for row in found] == [0, 2]


def test_cells_lose_what_was_put_there_for_the_spreadsheet() -> None:
    assert cells_of(b"value,note\n'+353 1,'t Hooft\n") == [(2, {"value": "+353 1", "note": "'t Hooft"})]


def test_a_column_without_a_heading_is_passed_over() -> None:
    found = table.read(b"slug,,name\nx,y,X\n")
    assert found.headings == ("slug", "name")
    assert dict(found.rows[0].cells) == {"slug": "x", "name": "X"}


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("Owner team", "owner_team"),
        ("OWNER-TEAM", "owner_team"),
        (" owner_team ", "owner_team"),
        ('\ufeff"slug"', "slug"),
        ("E-Mail", "e_mail"),
        ("STRASSE", "strasse"),
    ],
)
def test_a_heading_in_any_case(cell: str, kept: str) -> None:
    assert table.heading(cell) == kept


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"slug,Slug\nx,y\n", "column slug stands there twice"),
        ("slug,name\nx,Zürich\n".encode("latin-1"), "not in UTF-8 .first seen in line 2"),
        (b"\xff\xfeabc", "not in UTF-8"),
        (b"slug\nx\x00y\n", "null characters"),
        (b'slug,name\n"x,y\n', "Line 2 cannot be read"),
        (b'slug,name\n"x"y,z\n', "Line 2 cannot be read"),
        (b"slug\n" + b"x" * 200_000 + b"\n", "Line 2 cannot be read"),
        (b"x" * (table.MOST_BYTES + 1), "more than 10 MB"),
        (b"slug\n" + b"x\n" * (table.MOST_ROWS + 1), "more than 20,000 rows"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(raw: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        table.read(raw)


def test_as_many_rows_as_promised() -> None:
    assert len(table.read(b"slug\n" + b"x\n" * table.MOST_ROWS).rows) == table.MOST_ROWS
