"""“Unknown, asked at hh:mm, answer expected hh:mm” earns half in every fact, and is never taken for a fact."""

from typing import Any

import pytest

from incidents.choices import SafetyAnswer
from incidents.rules import intake, not_known, statement
from incidents.rules.intake import Facts

ASKED = not_known.words(asked_at="10:05 (UTC+0)", expected="10:30")


def facts(**given: Any) -> Facts:
    return Facts(**given)


def test_the_words() -> None:
    assert ASKED == "Unknown, asked at 10:05 (UTC+0), answer expected 10:30"
    assert not_known.words(asked_at="10:05 (UTC+5:30)") == "Unknown, asked at 10:05 (UTC+5:30)"


@pytest.mark.parametrize(
    ("answer", "expected", "result"),
    [
        ("Unknown, asked at 10:05", "10:30", "Unknown, asked at 10:05, answer expected 10:30"),
        ("Unknown, asked at 10:05", "9:30:00", "Unknown, asked at 10:05, answer expected 09:30"),
        ("Unknown, asked at 10:05", "", "Unknown, asked at 10:05"),
        ("Unknown, asked at 10:05", "25:00", "Unknown, asked at 10:05"),
        ("Unknown, asked at 10:05", "soon", "Unknown, asked at 10:05"),
        (ASKED, "11:00", ASKED),
        ("31 tickets", "10:30", "31 tickets"),
        ("", "10:30", ""),
    ],
)
def test_when_an_answer_is_expected(answer: str, expected: str, result: str) -> None:
    assert not_known.with_expected(answer, expected) == result


FIELDS = (
    "cannot_do",
    "affected_count",
    "where",
    "since_when",
    "evidence",
    "business_consequence",
    "checks_done",
    "workaround",
    "contact",
)


@pytest.mark.parametrize("words", [ASKED, "Unknown, asked at 10:05 (UTC+0)", "not known yet, asked at 10:05"])
@pytest.mark.parametrize("field", FIELDS)
def test_it_earns_half_and_is_not_asked_again(field: str, words: str) -> None:
    scored = intake.score(facts(**{field: words}))
    assert {item.code: item.grade for item in scored.items}[field] == "half"
    assert field not in [one.code for one in scored.missing]


def test_a_form_of_nothing_but_asked_is_half_and_not_capped() -> None:
    everything = dict.fromkeys((*FIELDS, "service", "basis", "critical_time"), ASKED)
    scored = intake.score(facts(safety_or_security=SafetyAnswer.UNKNOWN, **everything))
    assert scored.capped_at is None
    assert scored.score >= 44


def test_what_is_not_known_is_not_stated() -> None:
    """10:05 is when somebody was asked, and neither the start nor a count."""
    asked = dict.fromkeys(("affected_count", "basis", "where", "since_when", "workaround", "critical_time"), ASKED)
    stated = statement.from_desk({"cannot_do": "Staff cannot pay", "business_consequence": "late wages", **asked})
    assert {name for name, value in stated.items() if value} == {
        "who",
        "activity",
        "consequence",
        "confidence",
        "sources",
    }
    assert (stated["activity"], stated["consequence"], stated["confidence"]) == ("cannot pay", "late wages", "unknown")
