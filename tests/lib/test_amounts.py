"""A measure's value is written the same on a page, in a report and in a mail."""

import pytest

from mim_portal.lib import amounts


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, "share", "–"),
        (0.934, "share", "93 %"),
        (0, "share", "0 %"),
        (68.6, "score", "69"),
        (5_040.0, "duration", "1 h 24 min"),
    ],
)
def test_it_is_said_in_its_unit(value: float | None, unit: str, expected: str) -> None:
    assert amounts.said(value, unit) == expected
