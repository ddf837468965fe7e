"""C11: waits, rates and sizes, extensions, rooms and versions, against the record."""

from dataclasses import replace
from typing import Any

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.numbers import check_measures
from tests.comms.rules.test_check_facts import draft

RECORD: dict[str, Any] = {
    "workaround": "Call extension 4417, or come to room G.07",
    "other_texts": (
        "bridge on extension 7731",
        "version 9.4.0 is affected, 9.3.2 is not",
        "free helpline 0800 720 044",
        "print in batches of 50",
        "message rate down from 310 to 45 a second",
        "95 trucks per hour against 260 per hour in normal running",
        "p95 latency of the image service 940 ms",
        "the longest wait on the call line was 11 minutes at 15:50",
        "22 calls in the queue",
        "queue grows by 15 messages/s",
        "pictures up to 5 MB are accepted",
    ),
}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Call extension 4471.", ["4471"]),
        ("Call extension 4417.", []),
        ("Call ext. 4417 or 4471.", []),
        ("Join on extension 7713, or call extension 4417.", ["7713"]),
        ("Come to room G.70.", ["G.70"]),
        ("Come to room G.07.", []),
        ("It is on version 9.4.1 only.", ["9.4.1"]),
        ("Payroll 9.4.1 is hit.", ["9.4.1"]),
        ("Version 9.4.0 is hit; 9.3.2 is not.", []),
        ("Please call 0800 720 404.", ["0800 720 404"]),
        ("Please pay by phone on 0800 720 044.", []),
        ("Print in batches of 500.", ["500"]),
        ("Call 12 customers.", []),  # no number that people dial
        ("Go to floor 4.", []),  # the record numbers no floors
        ("Earlier we said extension 4471.", []),
        ("Call +353 1 555 0100.", []),  # the desk's public line
    ],
)
def test_c11_what_is_numbered(text: str, wrong: list[str]) -> None:
    found = list(check_measures.numbered(draft(text, record=RECORD), text))
    assert [each.text for each in found] == wrong
    assert all(each.severity == "error" and each.suggestions for each in found)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The message rate is 54 a second.", ["54"]),
        ("The message rate is 45 a second.", []),
        ("Trucks pass at 59 trucks/h.", ["59"]),
        ("Trucks pass at 95 an hour, with 260 per hour as usual.", []),
        ("Latency of the service is 490 ms.", ["490"]),
        ("The wait on the call line was 41 minutes at 3:50 p.m.", ["41"]),
        ("The wait was 41 minutes at 3:50 p.m.", ["41"]),  # the same moment is as good as a word
        ("The wait is over in 41 minutes.", []),  # one word is too little of lengths of time
        ("32 calls are in the queue.", ["32"]),
        ("32 calls came today.", []),
        ("The queue grows by 51 messages/s.", ["51"]),  # once, as a rate
        ("Pictures above 15 MB are refused.", ["15"]),
        ("Pictures of 5 MB pass, those of 15 MB do not.", []),  # the right one stands there too
        ("Lorries wait 310 seconds.", []),  # another unit
        ("We said that the message rate is 54 a second.", []),
    ],
)
def test_c11_what_is_measured(text: str, wrong: list[str]) -> None:
    found = list(check_measures.measured(draft(text, record=RECORD), text))
    assert [each.text for each in found] == wrong
    assert all(each.severity == "error" and each.suggestions for each in found)


@pytest.mark.parametrize("check", [check_measures.numbered, check_measures.measured])
def test_c11_nothing_measured_on_record_says_nothing(check: Any) -> None:
    text = "Call extension 4471, where they wait 41 minutes."
    bare = dict.fromkeys(("count", "workaround"), "") | {"other_texts": ()}
    assert not list(check(draft(text, record=bare), text))
    assert not list(check(replace(draft(text), recorded=None), text))


def test_c11_other_languages_have_other_units() -> None:
    text = "The message rate is 54 a second."
    assert not list(check_measures.measured(draft(text, record=RECORD, language="de-DE", known=Known()), text))


def test_c11_how_long_it_lasted_is_compared_elsewhere() -> None:
    text = "The longest wait on the call line: down for 41 minutes."
    assert not list(check_measures.measured(draft(text, record=RECORD), text))
