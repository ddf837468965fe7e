"""Callers add up, places count once, and who is not affected is no place."""

import pytest

from incidents.rules import desk_reports
from incidents.rules.desk_reports import Report


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], ()),
        ([""], ()),
        (["Dublin"], ("Dublin",)),
        (["Dublin", "dublin ", "DUBLIN."], ("Dublin",)),
        (["Ireland and Scotland; not affected: England, web shop"], ("Ireland", "Scotland")),
        (["Dublin, floor 2; Cork"], ("Dublin, floor 2", "Cork")),
        (["Dublin\nCork & Galway"], ("Dublin", "Cork", "Galway")),
        (["London; others fine; Leeds"], ("London",)),
        (["Unknown, asked at 10:05 (UTC+0)"], ()),
        (["Leeds, asked at 10:05 whether York too"], ()),
        (["?", "not known", "n/a", ";;"], ()),
        (["Trinidad and Tobago"], ("Trinidad and Tobago",)),
        (["Trinidad & Tobago and Grenada"], ("Trinidad & Tobago", "Grenada")),
        (
            ["all of  newfoundland  and  labrador; Cork and Galway"],
            ("all of newfoundland and labrador", "Cork", "Galway"),
        ),
        (["Bosnia and Herzegovina is not affected, Zagreb"], ()),
        (["Wallis and Cork"], ("Wallis", "Cork")),
        (["Île-de-France", "ÎLE-DE-FRANCE"], ("Île-de-France",)),
    ],
)
def test_places(answers: list[str], expected: tuple[str, ...]) -> None:
    assert desk_reports.sites(answers) == expected


def test_the_sites_own_names_stay_whole() -> None:
    """Longer names first, as they are or with the sign for the word; a dot in a name means itself."""
    names = ("Returns and Repairs", "Returns and Repairs and Spares", "Lab R.D and S", "Depot")
    said = [
        "returns & repairs and Depot",
        "Returns and Repairs and Spares; Returns and Leeds",
        "Lab R.D and S",
        "Lab RxD and S",
    ]
    found = ("returns & repairs", "Depot", "Returns and Repairs and Spares", "Returns", "Leeds")
    assert desk_reports.sites(said, names=names) == (*found, "Lab R.D and S", "Lab RxD", "S")


def test_totals() -> None:
    rows = [Report(callers=1, where="Dublin"), Report(callers=5, where=""), Report(callers=1, where="Cork; Dublin")]
    counted = desk_reports.totals(rows)
    assert (counted.reports, counted.callers, counted.sites) == (3, 7, ("Dublin", "Cork"))


def test_nobody_called() -> None:
    assert desk_reports.totals([]) == desk_reports.Totals()
