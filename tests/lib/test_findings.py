import re

from mim_portal.lib import findings
from mim_portal.lib.findings import ADVICE, ERROR, WARNING, Finding


def test_what_stops_comes_first_then_the_order_of_reading() -> None:
    late = Finding(code="C02", severity=ERROR, message="m", start=9, end=12)
    early = Finding(code="C20", severity=ERROR, message="m", start=2, end=4)
    subject = Finding(code="C16", severity=ERROR, message="m", field="subject", start=5, end=6)
    warning = Finding(code="C18", severity=WARNING, message="m")
    advice = Finding(code="C10", severity=ADVICE, message="m")
    found = findings.in_order([advice, late, warning, early, subject, late])
    assert found == (subject, early, late, warning, advice)


def test_words_are_matched_whole_and_the_longest_first() -> None:
    pattern = findings.any_of(["Data", "Database", "C++", " "])
    assert [m.group() for m in pattern.finditer("database data C++ dataset Dat")] == ["database", "data", "C++"]


def test_no_words_match_nothing() -> None:
    assert findings.any_of([]).search("anything") is None
    assert findings.any_of(["", " "]).search(" ") is None


def test_case_counts_where_asked() -> None:
    assert findings.any_of(["Rosa"], flags=re.NOFLAG).search("rosa") is None


def test_words_that_do_not_occur_are_left_out() -> None:
    pattern = findings.any_of(["Rosa", "Nils"], within="rosa was here")
    assert "Nils" not in pattern.pattern
    assert pattern.search("rosa was here")
    assert findings.any_of(["Rosa"], within="rosa", flags=re.NOFLAG).search("Rosa") is None


def test_matches_that_touch_a_span_are_left_out() -> None:
    matches = list(re.finditer("a", "abcabca"))
    assert [m.start() for m in findings.outside(matches, [(3, 4), (6, 9)])] == [0]
