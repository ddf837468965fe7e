"""Length (C13), sentences (C14) and accessibility (C21), as tables; sentences and grades behind them."""

from typing import Any

import pytest

from comms.rules.checking import sentences
from comms.rules.checking.wording import check_readability, lengths
from tests.comms.rules.kit import draft, said

TEN = "We check the tills in Cork now and then go on."  # eleven words
PLAIN = "We check the tills. You can pay cash. "
HARD = "Interdepartmental reconciliation infrastructure experiences considerable synchronisation irregularities. "


@pytest.mark.parametrize(
    ("audiences", "words", "rules"),
    [
        (("end_users",), 120, []),
        (("end_users",), 121, ["words"]),
        (("public",), 80, []),
        (("public",), 81, ["words"]),
        (("end_users", "public"), 81, ["words"]),
        (("executives",), 121, ["words"]),
        (("service_owners",), 180, []),
        (("service_owners",), 181, ["words"]),
        (("service_desk",), 200, []),
        (("service_desk",), 201, ["words"]),
        (("technical",), 900, []),
        (("our_own",), 900, []),
    ],
)
def test_as_long_as_its_readers_read(audiences: tuple[str, ...], words: int, rules: list[str]) -> None:
    found = list(check_readability.length(draft(audiences=audiences, body="word " * words)))
    assert [finding.rule for finding in found] == rules
    assert all((finding.code, finding.severity) == ("C13", "warning") for finding in found)


@pytest.mark.parametrize(
    ("audiences", "lines", "rules"),
    [
        (("technical",), 10, []),
        (("technical",), 11, ["lines"]),
        (("technical", "service_desk"), 11, []),
    ],
)
def test_technical_teams_read_ten_lines(audiences: tuple[str, ...], lines: int, rules: list[str]) -> None:
    body = "Latency 4 s.\n\n" * lines
    assert [each.rule for each in check_readability.length(draft(audiences=audiences, body=body))] == rules


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Staff cannot pay.", 3), ("1,200 staff – 40 %", 3), ("see https://example.com/a-b", 2)],
)
def test_words_as_readers_count_them(text: str, count: int) -> None:
    assert lengths.words(text) == count


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Since 09.30 we see it. It is v2.1 now.", ["Since 09.30 we see it.", "It is v2.1 now."]),
        ("Forms, e.g. the paper one, work.", ["Forms, e.g. the paper one, work."]),
        ("He said “wait.” Then more.", ["He said “wait.”", "Then more."]),
        ("- Pay cash\n- Keep the slip\n1. Wait", ["Pay cash", "Keep the slip", "Wait"]),
        ("## Next\n\n> Quoted line", ["Next", "Quoted line"]),
        ("🔴 Stop. 🟢 Go.", ["🔴 Stop.", "🟢 Go."]),
        (" \n\n ", []),
    ],
)
def test_sentences_where_readers_stop(text: str, parts: list[str]) -> None:
    found = list(sentences.split(text))
    assert [each.text for each in found] == parts
    assert [text[each.start : each.end] for each in found] == parts


def test_the_grade_of_a_text() -> None:
    # 6 words, 23 letters, 2 sentences: 4.71 × 23/6 + 0.5 × 3 − 21.43
    assert sentences.grade("We check the tills. Pay cash.") == pytest.approx(4.71 * 22 / 6 + 0.5 * 3 - 21.43)
    assert sentences.grade("") == sentences.grade("12:30 40 %") == 0.0
    assert sentences.grade(HARD) > 9 > sentences.grade(PLAIN)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"body": " ".join(["word"] * 25) + "."}, []),
        ({"body": "Stop. " + " ".join(["word"] * 26) + "."}, ["long_sentence"]),
        ({"body": " ".join(["word"] * 26), "audiences": ("technical", "service_desk")}, []),
        ({"body": (" ".join(["a"] * 20) + ". ").capitalize() * 3}, []),
        ({"body": (" ".join(["a"] * 21) + ". ").capitalize() * 3}, ["long_sentences"]),
        ({"body": (" ".join(["a"] * 21) + ". ").capitalize() * 2}, []),
        ({"body": HARD * 9}, ["hard_words"]),
        ({"body": HARD * 3}, []),
        ({"body": HARD * 9, "language": "de-DE"}, []),
        ({"body": PLAIN * 10}, []),
    ],
)
def test_short_sentences_and_plain_words(change: dict[str, Any], expected: list[str]) -> None:
    found = list(check_readability.sentences_and_grade(draft(**change)))
    assert [finding.rule for finding in found] == expected
    assert {finding.severity for finding in found} <= {"warning"}


def test_a_long_sentence_is_marked_where_it_stands() -> None:
    long = "A " + " ".join(["word"] * 25) + "."
    body = f"🔴 Stop. {long}"
    [found] = check_readability.sentences_and_grade(draft(body=body))
    assert body[found.start : found.end] == found.text == long


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("See the [status of Payroll](https://status.example.com).", []),
        ("Click [here](https://status.example.com).", [("link_words", "[here](https://status.example.com)")]),
        ("[Click here.](https://e.org) now", [("link_words", "[Click here.](https://e.org)")]),
        ("[Read more](https://e.org 'More')", [("link_words", "[Read more](https://e.org 'More')")]),
        ("[](https://e.org)", [("link_words", "[](https://e.org)"), ("picture_only", "")]),
        ("[https://e.org/x](https://e.org/x)", [("link_address", "[https://e.org/x](https://e.org/x)")]),
        ("Text ![map](https://e.org/m.png).", [("picture", "![map](https://e.org/m.png)")]),
        ("![map](https://e.org/m.png)", [("picture", "![map](https://e.org/m.png)"), ("picture_only", "")]),
        ("# What\n\n## Where\n\n### When", []),
        ("# What\n\n### When", [("headings", "### When")]),
        ("### What\n\n# When\n\n## Then", []),
        ("We are number #1 in [brackets] (and more).", []),
        ("", []),
    ],
)
def test_what_is_read_by_ear_and_on_phones(body: str, expected: list[tuple[str, str]]) -> None:
    found = list(check_readability.accessibility(draft(body=body)))
    assert said(found) == expected
    assert {finding.code for finding in found} <= {"C21"}
