"""Audiences within a sentence."""

import pytest

from incidents.rules import readers


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], ""),
        (["end_users"], "end users"),
        (["technical", "service_desk"], "technical teams, the service desk"),
        (["public", "executives", "works_council"], "the public, executives, works council"),
    ],
)
def test_they_are_named_as_a_sentence_names_them(codes: list[str], expected: str) -> None:
    assert readers.named(codes) == expected
