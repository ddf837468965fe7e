"""Filters as an address has them, always written the same way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.rules import view_query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("?", ""),
        ("q=pay+roll", "q=pay+roll"),
        ("?priority=P2&priority=P1&q=a", "q=a&priority=P1&priority=P2"),
        ("priority=P1&priority=P1", "priority=P1"),
        ("service=&live=yes&q=%20", "live=yes"),
        ("before=12&view=3&all=yes&live=no", "live=no"),
        ("next=http://evil.example&javascript:alert(1)", ""),
        ("q=%00a", "q=a"),
        ("q=<script>", "q=%3Cscript%3E"),
    ],
)
def test_known_filters_in_one_order(query: str, expected: str) -> None:
    assert view_query.canonical(query) == expected


@pytest.mark.parametrize("query", ["q=" + "x" * 2_000, "&".join(f"q={n}" for n in range(200))])
def test_what_is_longer_than_any_filters(query: str) -> None:
    with pytest.raises(view_query.NotFilters):
        view_query.canonical(query)


@given(st.text(max_size=200))
def test_writing_it_again_changes_nothing(query: str) -> None:
    try:
        written = view_query.canonical(query)
    except view_query.NotFilters:
        return
    assert view_query.canonical(written) == written
