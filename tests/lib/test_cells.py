"""Cells that no spreadsheet calculates, and that come back as they were."""

import pytest

from mim_portal.lib import cells

DANGEROUS = ["=1+1", "+353 1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1+1", "'=1+1", "''=1", "'  +1"]
HARMLESS = ["", "Mia", "'t Hooft", "''quoted''", "a=b", "1+1", "O'Brien", "'", "''"]


@pytest.mark.parametrize("value", DANGEROUS)
def test_what_looks_like_a_formula_is_written_as_text(value: str) -> None:
    assert cells.quoted(value).startswith("'")
    assert cells.quoted(value) != value


@pytest.mark.parametrize("value", HARMLESS)
def test_everything_else_is_written_as_it_is(value: str) -> None:
    assert cells.quoted(value) == value


@pytest.mark.parametrize("value", [*DANGEROUS, *HARMLESS])
def test_it_comes_back_as_it_was(value: str) -> None:
    assert cells.unquoted(cells.quoted(value)) == value


def test_an_apostrophe_that_a_careful_person_typed_is_taken_off() -> None:
    assert cells.unquoted("'+353 1 555 0100") == "+353 1 555 0100"
