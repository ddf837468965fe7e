from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.rules.checking.draft import Known
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.wording import language
from comms.rules.checking.wording.language import LanguageMatch
from mim_portal.lib.findings import Finding
from tests.comms.rules.kit import draft


def match(**change: Any) -> LanguageMatch:
    facts: dict[str, Any] = {
        "offset": 0,
        "length": 4,
        "message": "Possible spelling mistake found.",
        "rule_id": "MORFOLOGIK_RULE_EN_GB",
        "category": "TYPOS",
        "issue_type": "misspelling",
        "replacements": ("test",),
    }
    return LanguageMatch(**{**facts, **change})


SPELLING = match()
GRAMMAR = match(category="GRAMMAR", issue_type="grammar", rule_id="HE_VERB_AGR")
CONFUSED = match(category="CONFUSED_WORDS", issue_type="misspelling")
PUNCTUATION = match(category="PUNCTUATION", issue_type="uncategorized")
WHITESPACE = match(category="MISC", issue_type="whitespace")
STYLE = match(category="REDUNDANCY", issue_type="uncategorized")
REGISTER = match(category="MISC", issue_type="register")
OTHER = match(category="MISC", issue_type="locale-violation")
CATEGORY_ONLY = match(category="GRAMMAR", issue_type="uncategorized")


def test_c09_words_of_the_record_are_offered_first() -> None:
    known = Known(services=("Payroll", "Warehouse"), sites=("Cork",), glossary={"Patron": ""})
    record = Recorded(service="Payroll", activity="cannot submit timesheets")
    for replacements, expected in (
        (("summit", "submit", "sum bit"), ("submit", "summit", "sum bit")),
        (("Patrol", "Parol", "Patron", "Payroll"), ("Payroll", "Patron", "Patrol", "Parol")),
        (("pork", "cork", "the timesheets", "e", "f", "g", "Submit timesheets"),
         ("Submit timesheets", "cork", "pork", "the timesheets", "e")),
    ):  # fmt: skip
        given_match = match(replacements=replacements)
        [finding] = language.findings_of(draft(known=known, recorded=record), "tset", [given_match])
        assert finding.suggestions == expected
        [without] = language.findings_of(draft(known=Known(), recorded=None, previous_body=""), "tset", [given_match])
        assert without.suggestions == replacements[:5]
    grammar = match(category="GRAMMAR", issue_type="grammar", rule_id="X", replacements=("summit", "submit"))
    [finding] = language.findings_of(draft(recorded=record), "tset", [grammar])
    assert finding.suggestions == ("summit", "submit")


@pytest.mark.parametrize(
    ("given_match", "plain", "inside", "rule"),
    [
        (SPELLING, "error", "warning", "spelling"),
        (GRAMMAR, "error", "warning", "grammar"),
        (CATEGORY_ONLY, "error", "warning", "grammar"),
        (CONFUSED, "error", "warning", "spelling"),
        (PUNCTUATION, "advice", "advice", "mendable"),
        (WHITESPACE, "advice", "advice", "mendable"),
        (STYLE, "advice", "advice", "style"),
        (REGISTER, "advice", "advice", "style"),
        (OTHER, "warning", "advice", "style"),
    ],
)
def test_c09_what_a_match_asks_for(given_match: LanguageMatch, plain: str, inside: str, rule: str) -> None:
    assert language.severity(draft(audiences=("technical", "end_users")), given_match) == plain
    assert language.severity(draft(audiences=("technical", "service_desk")), given_match) == inside
    assert language.rule(given_match) == rule


def test_c09_a_greeting_is_no_misspelling() -> None:
    text = "Kia ora, the tills recieve no orders."
    marked = [match(offset=text.index(word), length=len(word)) for word in ("Kia", "ora", "recieve")]
    assert [finding.text for finding in found(text, *marked)] == ["recieve"]


@pytest.mark.parametrize(
    "rule_id",
    ["THE_SUPERLATIVE", "NEITHER_NOR", "SHORT_CUT", "WERE_VBB", "CONDITIONAL_CLAUSE", "PRP_VBG", "DO_TO"],
)
def test_c09_what_people_rightly_write_is_only_advised_against(rule_id: str) -> None:
    given_match = match(rule_id=rule_id, category="GRAMMAR", issue_type="grammar")
    assert language.severity(draft(audiences=("end_users",)), given_match) == "advice"


def test_c09_a_name_with_a_possessive_is_known_without_it() -> None:
    text = "At St Oswin's the forms of Oswin wait."
    marked = [match(offset=text.index("Oswin"), length=5), match(offset=text.rindex("Oswin"), length=5)]
    assert language.findings_of(draft(body=text, known=Known(sites=("St Oswin's",))), text, marked) == ()


def test_c09_what_a_correction_quotes_stops_nobody() -> None:
    for kind, text, expected in (
        ("correction", "We said: “recieve”. Right is: “receive”.", "advice"),
        ("correction", "You recieve it now.", "error"),
        ("update", "We said: “recieve”. Right is: “receive”.", "error"),
    ):
        misspelt = match(offset=text.index("recieve"), length=7)
        [finding] = language.findings_of(draft(kind=kind), text, [misspelt])
        assert finding.severity == expected


def found(text: str, *matches: LanguageMatch) -> list[Finding]:
    return list(language.findings_of(draft(), text, matches))


def test_c09_a_finding_marks_the_text_and_offers_a_few_words() -> None:
    [finding] = found("A tset here.", match(offset=2, replacements=tuple("abcdefgh")))
    assert (finding.code, finding.start, finding.end, finding.text) == ("C09", 2, 6, "tset")
    assert finding.suggestions == ("a", "b", "c", "d", "e")
    assert finding.field == "body"


def test_c09_findings_come_in_reading_order_and_know_their_field() -> None:
    matches = [match(offset=7), match(offset=2)]
    result = language.findings_of(draft(), "A tset tset", matches, field="subject")
    assert [finding.start for finding in result] == [2, 7]
    assert {finding.field for finding in result} == {"subject"}


@pytest.mark.parametrize(
    "word",
    [
        "Payroll",  # a service
        "MyHR's",
        "Díaz",  # part of a name
        "Rosa Díaz",
        "Acme",
        "titan",
        "Dublin-Payroll",
        "VAT",
        "XYZ",  # an acronym is the business of C05
        "db-prod-03",
        "INC0012345",
        "payroll.example.com",
        "a/b",
        "snake_case",
        "#channel",
    ],
)
def test_c09_words_of_the_organisation_are_no_misspellings(word: str) -> None:
    assert found(f"{word} is here.", match(length=len(word))) == []


@pytest.mark.parametrize(("word", "tag", "count"), [("sept", "es", 0), ("jue", "es", 0), ("jue", "en-GB", 1)])
def test_c09_days_and_months_as_the_portal_writes_them_are_words(word: str, tag: str, count: int) -> None:
    text = f"El {word} 3."
    given_match = match(offset=3, length=len(word))
    assert len(language.findings_of(draft(body=text, language=tag), text, [given_match])) == count


@pytest.mark.parametrize("word", ["tset", "Paroll", "Rosa-tset", "-"])
def test_c09_other_words_are(word: str) -> None:
    assert len(found(f"{word} is here.", match(length=len(word)))) == 1


def test_c09_grammar_of_a_known_word_still_counts() -> None:
    assert len(found("Payroll are here.", match(length=7, category="GRAMMAR", issue_type="grammar"))) == 1


def test_c09_doubled_words_are_left_to_c10() -> None:
    assert found("the the", match(length=7, issue_type="duplication", category="MISC")) == []


@pytest.mark.parametrize(
    ("text", "start", "length", "in_code_points", "expected"),
    [
        ("plain tset", 6, 4, False, "tset"),
        ("🔥 tset", 3, 4, False, "tset"),
        ("🔥🔥 tset 🔥", 5, 4, False, "tset"),
        ("🔥 tset", 2, 4, True, "tset"),
        ("tset🔥x", 0, 6, False, "tset🔥"),
        ("é tset", 2, 4, False, "tset"),
        ("👩‍🚒 tset", 6, 4, False, "tset"),
        ("short", 3, 99, False, "rt"),
        ("short", 99, 4, False, ""),
        ("short", 99, 4, True, ""),
    ],
)
def test_java_counts_in_units_and_python_in_code_points(
    text: str,
    start: int,
    length: int,
    in_code_points: bool,
    expected: str,
) -> None:
    first, last = language.code_points(text, start=start, length=length, in_code_points=in_code_points)
    assert text[first:last] == expected


@given(before=st.text(max_size=20), marked=st.text(max_size=10), after=st.text(max_size=10))
def test_units_convert_both_ways(before: str, marked: str, after: str) -> None:
    text = before + marked + after
    start, length = len(_utf16(before)) // 2, len(_utf16(marked)) // 2
    assert language.code_points(text, start=start, length=length) == (len(before), len(before) + len(marked))
    assert language.code_points(text, start=len(before), length=length, in_code_points=True) == (
        len(before),
        len(before) + len(marked),
    )


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def test_mendable_findings_are_put_right_in_one_go() -> None:
    text = "One ,two  three tset"
    matches = [
        match(offset=3, length=2, issue_type="typographical", replacements=(", ",)),
        match(offset=8, length=2, issue_type="whitespace", replacements=(" ",)),
        match(offset=16, length=4, replacements=("test",)),
    ]
    assert language.mend(text, found(text, *matches)) == "One, two three tset"


def test_overlapping_and_empty_suggestions_are_left_alone() -> None:
    text = "a  b"
    matches = [
        match(offset=0, length=3, issue_type="whitespace", replacements=("x",)),
        match(offset=1, length=2, issue_type="whitespace", replacements=(" ",)),
        match(offset=3, length=1, issue_type="whitespace", replacements=()),
    ]
    assert language.mend(text, found(text, *matches)) == "a b"
