"""A text in paragraphs, asked about together and answered apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.rules.checking import paragraphs
from comms.rules.checking.wording import field_words, language_kinds
from comms.rules.checking.wording.language import LanguageMatch
from comms.rules.checking.wording.language_kinds import Kind


def match(offset: int, length: int, rule_id: str = "MORFOLOGIK_RULE_EN_GB") -> LanguageMatch:
    return LanguageMatch(
        offset=offset, length=length, message="?", rule_id=rule_id, category="TYPOS", issue_type="misspelling"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n ", []),
        ("One.", [(0, "One.")]),
        ("One.\nTwo.\n\nThree.", [(0, "One.\nTwo."), (11, "Three.")]),
        ("🔴🔴\n \n\ne\u0301 x", [(0, "🔴🔴"), (8, "e\u0301 x")]),
    ],
)
def test_paragraphs_begin_where_the_checker_counts(text: str, expected: list[tuple[int, str]]) -> None:
    assert [(each.offset, each.text) for each in paragraphs.split(text)] == expected


@given(st.text(alphabet="ab🔴e\u0301 \n", max_size=60))
def test_what_is_found_in_a_paragraph_stands_at_the_same_words_of_the_text(text: str) -> None:
    pieces = paragraphs.split(text)
    answers = {each.text: (match(0, paragraphs.units(each.text)),) for each in pieces}
    whole = text.encode("utf-16-le")
    for piece, found in zip(pieces, paragraphs.placed(pieces, answers), strict=True):
        assert whole[2 * found.offset : 2 * (found.offset + found.length)].decode("utf-16-le") == piece.text


def test_answers_are_shared_out_and_what_needs_neighbours_is_left_out() -> None:
    texts = ["🔴 teh", "teh x. y", "z"]
    said = [
        match(3, 3),
        match(8, 3),
        match(8, 1, "UPPERCASE_SENTENCE_START"),
        match(15, 1, "UPPERCASE_SENTENCE_START"),
        match(8, 3, "ENGLISH_WORD_REPEAT_BEGINNING_RULE"),
        match(15, 4, "EN_UNPAIRED_QUOTES"),
        match(15, 4),
    ]
    first, second, third = paragraphs.shared_out(texts, said)
    assert [(each.offset, each.length) for each in first] == [(3, 3)]
    assert [(each.offset, each.rule_id) for each in second] == [
        (0, "MORFOLOGIK_RULE_EN_GB"),
        (7, "UPPERCASE_SENTENCE_START"),
    ]
    assert third == ()


def test_a_key_differs_by_language_and_says_nothing() -> None:
    british, american = (paragraphs.key("Teh \ud800", language=each) for each in ("en-GB", "en-US"))
    assert british != american
    assert len(british) == 64


@pytest.mark.parametrize(
    ("rule_id", "category", "issue_type", "kind"),
    [
        ("UPPERCASE_SENTENCE_START", "CASING", "typographical", Kind.MENDABLE),
        ("X", "TYPOGRAPHY", "misspelling", Kind.MENDABLE),
        ("X", "STYLE", "grammar", Kind.STYLE),
        ("X", "CASING", "misspelling", Kind.SPELLING),
        ("X", "CASING", "uncategorized", Kind.MENDABLE),
        ("X", "CONFUSED_WORDS", "uncategorized", Kind.GRAMMAR),
        ("X", "MISC", "uncategorized", Kind.OTHER),
    ],
)
def test_rule_then_category_then_type_decides(rule_id: str, category: str, issue_type: str, kind: Kind) -> None:
    assert language_kinds.kind_of(rule_id=rule_id, category=category, issue_type=issue_type) is kind


@pytest.mark.parametrize(
    ("word", "known"), [("Kubernetes", True), ("datacenters", True), ("reindexed", True), ("submitt", False)]
)
def test_words_of_the_field(word: str, known: bool) -> None:
    assert field_words.is_known(word) is known


def test_texts_asked_about_together_are_parted_as_paragraphs() -> None:
    assert [each.text for each in paragraphs.split(paragraphs.joined(["One.", "Two."]))] == ["One.", "Two."]
