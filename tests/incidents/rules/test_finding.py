"""How texts are taken apart, what typed words ask for, and where they stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.rules import finding


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((), []),
        (("Payroll: staff cannot log in",), ["payroll", "staff", "cannot", "log", "in"]),
        (("Payroll", "payroll PAYROLL"), ["payroll"]),
        (("MI-2026-0042", "INC0012345"), ["mi", "2026", "0042", "inc0012345"]),
        (("Straße, Zürich; Ｗｉｄｅ",), ["strasse", "zürich", "wide"]),
        (("node_7 o'clock <b>",), ["node_7", "o", "clock", "b"]),
        (("& | ! ( ) : * ' \\",), []),
        (("x" * 200,), ["x" * 60]),
    ],
)
def test_a_text_is_its_different_words(texts: tuple[str, ...], expected: list[str]) -> None:
    assert finding.words(*texts) == expected


def test_a_question_has_ten_words_at_most() -> None:
    assert finding.question(" ".join(f"w{n}" for n in range(40))) == [f"w{n}" for n in range(10)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], ""),
        (["payroll"], "'payroll':*"),
        (["pay", "in", "7"], "'pay':* & 'in' & '7'"),
    ],
)
def test_words_are_joined_and_long_ones_found_by_their_beginning(asked: list[str], expected: str) -> None:
    assert finding.tsquery(asked) == expected


@given(st.text())
def test_nothing_that_is_typed_is_an_operator(text: str) -> None:
    bare = finding.tsquery(finding.question(text)).replace("':*", "").replace(" & ", "").replace("'", "")
    assert all(sign.isalnum() or sign == "_" or sign.isnumeric() for sign in bare)


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("", ["a"], []),
        ("Payroll fails", [], ["Payroll fails"]),
        ("Payroll fails", ["shop"], ["Payroll fails"]),
        ("Payroll fails", ["pay"], ["*Payroll", " fails"]),
        ("The PAYROLL fails", ["payroll", "fail"], ["The ", "*PAYROLL", " ", "*fails"]),
        ("in the inn", ["in"], ["*in", " the inn"]),
        ("repay", ["pay"], ["repay"]),
        ("<b>pay</b>", ["pay"], ["<b>", "*pay", "</b>"]),
    ],
)
def test_pieces(text: str, asked: list[str], expected: list[str]) -> None:
    found = finding.pieces(text, asked)
    assert [f"*{piece.text}" if piece.is_found else piece.text for piece in found] == expected
    assert "".join(piece.text for piece in found) == text


def line(text: str, *asked: str) -> str:
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in finding.snippet(text, asked))


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Rolled back the release.", ("release",), "Rolled back the [release]."),
        ("Rolled back\n\nthe  release.", ("release",), "Rolled back the [release]."),
        ("Rolled back.", ("release",), ""),
        ("Rolled back.", (), ""),
    ],
)
def test_a_snippet_of_a_short_text_is_the_text(text: str, asked: tuple[str, ...], expected: str) -> None:
    assert line(text, *asked) == expected


def test_a_snippet_begins_and_ends_between_words() -> None:
    text = f"{'before ' * 50}zebra {'after ' * 50}"
    found = line(text, "zebra")
    assert found.startswith("… before before")
    assert "before [zebra] after" in found
    assert found.endswith("after …")
    assert len(found) < 200


def test_a_snippet_of_one_endless_word() -> None:
    assert line("x" * 500 + " zebra" + "y" * 500, "zebra") == "… [zebra" + "y" * 500 + "] …".replace(" …", "")


@given(st.text(), st.text())
def test_snippets_of_anything(text: str, typed: str) -> None:
    assert len("".join(piece.text for piece in finding.snippet(text, finding.question(typed)))) <= len(text) + 4
