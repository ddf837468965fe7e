"""Texts that nobody means: no rule raises, every mark lies in its text, and none keeps a writer (or a lock) waiting."""

import time
from dataclasses import replace

import pytest

from comms.choices import UpdateKind
from comms.rules.checking import checks, sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.wording import check_leaks
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import RECORD
from tests.naughty import texts

LONGEST = 20_000  # what the API takes
# Measured on two shared cores: 0.08 to 0.6 s of processor time. A pattern that runs away takes minutes or hours.
MOST_SECONDS = 8

SHAPES = {
    "prose": kit.BODY + " ",
    "spaces": " ",
    "spaces before a word": "\n" + " " * 19_990 + "x",
    "stops": ".",
    "stops with quotes": '."',
    "colons": ":",
    "letters": "a",
    "brackets": "[",
    "braces": "{{ ",
    "host parts": "db-1-",
    "words for servers": "db-",
    "domains": "a.",
    "addresses": "ab:",
    "links": "http://a ",
    "mail": "a@",
    "times": "since 09:10 ",
    "amounts": "1,234 ",
    "phones": "+44 20 ",
    "number words": "twenty-one ",
    "places": "in Leeds, York and Hull ",
    "priorities": "P1 ",
    "clocks": "09:10 ",
    "lengths": "for 1 hour ",
    "services": "MyHR has been ",
    "parts": "12 of 13 ",
    "counts of places": "Leeds 100 ",
    "lines": "a\n",
    "emoji": "🔥",
}


def asked(body: str, **change: object) -> Draft:
    return kit.draft(body=body, recorded=RECORD, **change)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_longest_text_of_any_shape_is_checked_in_a_moment(shape: str) -> None:
    body = (SHAPES[shape] * LONGEST)[:LONGEST]
    draft = asked(body, previous_body=body[: LONGEST // 2] + body[::-1][: LONGEST // 2])
    started = time.process_time()
    checks.check(draft, now=kit.NOW)
    assert time.process_time() - started < MOST_SECONDS


@pytest.mark.parametrize("kind", [UpdateKind.UPDATE, UpdateKind.RESTORED, UpdateKind.CORRECTION])
def test_strings_that_break_programs_are_checked_like_any(kind: str) -> None:
    for hostile in (*texts.OWN.values(), *texts.big_list()):
        for body in (hostile, f"About 1,200 store staff {hostile} since 09:10 (UTC+0)."):
            draft = replace(asked(body), kind=kind, subject=hostile[:200])
            for found in checks.check(draft, now=kit.NOW):
                text = {"body": body, "subject": draft.subject}.get(found.field)
                if text is not None:
                    assert 0 <= found.start <= found.end <= len(text)
                    assert not found.text or text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("see web1 now", ["web1"]),
        ("db-prod-01 and eu-api-7b", ["db-prod-01", "eu-api-7b"]),
        ("prod-eu-west-2", ["prod-eu-west-2"]),
        ("DC-A12 and sql-cluster-x9", ["DC-A12", "sql-cluster-x9"]),
        ("the web-form and the app, covid-19, 24-7, form-2, MI-2026-0042", []),
        ("mail-room 3, api.", []),
        ("titan.corp and localhost", ["titan.corp", "localhost"]),
    ],
)
def test_machines_are_known_by_the_parts_of_their_names(text: str, marked: list[str]) -> None:
    found = check_leaks.hosts_and_jargon(asked(text), text)
    assert [each.text for each in found if each.rule == "host"] == marked


def test_the_sentence_around_a_place() -> None:
    parts = tuple(sentences.statements("One is down. Two works,  but three fails."))
    assert [each.text for each in parts] == ["One is down.", "Two works", "three fails."]
    assert [sentences.around(parts, at).text for at in (0, 11, 13, 30)] == [
        "One is down.", "One is down.", "Two works", "three fails.",
    ]  # fmt: skip
    assert sentences.around(parts, 12).text == sentences.around((), 0).text == ""


def test_a_long_text_is_the_last_one_again_by_its_words() -> None:
    long = " ".join(f"{kit.BODY} Store {number} waits." for number in range(20))
    codes = [
        each.code for each in checks.check(asked(long, previous_body=long.replace("Store 7", "Store 70")), now=kit.NOW)
    ]
    assert "C22" in codes
    other = " ".join(reversed(long.split()))
    assert "C22" not in [each.code for each in checks.check(asked(long, previous_body=other), now=kit.NOW)]
