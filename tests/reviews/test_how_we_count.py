"""docs/how-we-count.md has a formula for everything that /metrics/ shows, and for nothing else."""

import re
from pathlib import Path

from reviews.rules import metrics

PAGE = Path(__file__).parents[2] / "docs" / "how-we-count.md"


def test_every_measure_has_its_formula() -> None:
    text = PAGE.read_text()
    for code in metrics.BY_CODE:
        assert f"`{code}`" in text, code


def test_lengths_between_two_times_are_named_as_they_are_counted() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|$", PAGE.read_text(), re.MULTILINE))
    for one in metrics.DEFINITIONS:
        if one.start:
            assert rows[one.code] == f"`{one.start}` | `{one.end}`"
    assert set(rows) <= set(metrics.BY_CODE)
