"""What changed between two texts, word by word."""

import pytest

from mim_portal.lib import word_diff


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("a b", "a b", [("same", "a b")]),
        ("", "1,200 staff", [("added", "1,200 staff")]),
        ("1,200 staff", "", [("taken", "1,200 staff")]),
        ("up 9 now", "up 7 now", [("same", "up"), ("taken", "9"), ("added", "7"), ("same", "now")]),
        ("Ireland", "Ireland and Scotland", [("same", "Ireland"), ("added", "and Scotland")]),
        ("a  b\nc", "a b c", [("same", "a b c")]),
    ],
)
def test_the_pieces_in_reading_order(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert [(piece.kind, piece.text) for piece in word_diff.diff(before, after)] == expected
