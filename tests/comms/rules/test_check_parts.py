"""C11 beside the count: how many places, which share, how much money."""

from typing import Any

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.numbers import check_numbers, check_parts
from tests.comms.rules import kit
from tests.comms.rules.test_check_facts import brief, draft

KNOWN = Known(sites=("us-east", "eu-west", "Leeds"))


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("Staff at four depots cannot sign in.", "Leeds and York", ["four"]),
        ("Staff at 4 large depots cannot sign in.", "Leeds and the Royal Mint", ["4"]),
        ("It fails in three of four regions.", "us-east, eu-west", ["three"]),
        ("It fails in two of our regions.", "us-east, eu-west", []),
        ("Staff at two depots cannot sign in.", "Leeds and York", []),
        # Of a part, of others, or of what does not tell the harm.
        ("Staff at one of three depots cannot sign in.", "Leeds and York", []),
        ("Three other depots are slow.", "Leeds and York", []),
        ("We visit four depots tomorrow.", "Leeds and York", []),
        ("We said that four depots cannot sign in.", "Leeds and York", []),
        # What the record lists cannot be counted, or is one place.
        ("Staff at four depots cannot sign in.", "the northern warehouses and all depots", []),
        ("Staff at four depots cannot sign in.", "12 sites, Leeds and York", []),
        ("Staff at four depots cannot sign in.", "Leeds", []),
        # The record counts that kind itself: check_numbers compares.
        ("Four hospitals cannot print.", "Leeds and York hospitals", []),
    ],
)
def test_so_many_places_as_the_record_lists(text: str, where: str, expected: list[str]) -> None:
    written = draft(text, record={"where": where}, known=KNOWN)
    assert [each.text for each in check_parts.so_many_places(written, text)] == expected


def test_without_a_record_nothing_is_compared() -> None:
    text = "Seven in ten sites, three quarters of the tills and £20 in four depots cannot pay."
    bare = draft(text, record={"where": "", "other_texts": ()})
    for check in (check_parts.so_many_places, check_parts.fractions, check_parts.money):
        assert not list(check(bare, text))
        assert not list(check(kit.draft(body=text), text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four in ten top-ups still fail.", []),
        ("Seven in ten top-ups still fail.", ["Seven in ten"]),
        ("7 in 10 top-ups fail.", ["7 in 10"]),
        ("Two fifths of the top-ups fail.", []),
        ("Three quarters of the top-ups fail.", ["Three quarters"]),
        ("Half of all top-ups fail.", ["Half"]),
        # No harm: how far the work has come, and times of day.
        ("We have moved half of the traffic.", []),
        ("Half past five it failed.", []),
        ("It failed for an hour and a half.", []),
        ("A quarter of the tills that failed are back.", []),
        ("Earlier we said that seven in ten fail.", []),
        ("One in zero fails.", []),
    ],
)
def test_another_share_than_recorded(text: str, expected: list[str]) -> None:
    written = draft(text, record={"other_texts": ("40 per cent of top-ups fail",)})
    assert [each.text for each in check_parts.fractions(written, text)] == expected


def test_a_share_of_what_the_records_own_share_is_of_needs_no_harm() -> None:
    written = draft(record={"other_texts": ("a quarter of all trades", "one half of the day", "1 in 0 things")})
    assert [each.text for each in check_parts.fractions(written, "Size: three quarters of all trades.")] == [
        "three quarters"
    ]
    assert not list(check_parts.fractions(written, "Size: a quarter of all trades."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("About $84,000 an hour.", []),
        ("About $84k an hour.", []),
        ("About $48,000 an hour.", ["$48,000"]),
        ("About $8.4 million an hour.", ["$8.4 million"]),
        ("About £48,000 an hour.", []),  # nothing recorded in pounds
    ],
)
def test_another_amount_of_money(text: str, expected: list[str]) -> None:
    written = draft(text, record={"other_texts": ("costs $84,000 an hour",)})
    found = list(check_parts.money(written, text))
    assert [each.text for each in found] == expected
    assert all(each.suggestions == ("$84,000",) for each in found)


def numbers(text: str, **record: Any) -> list[tuple[str, str, str]]:
    return brief(check_numbers.numbers(draft(text, record=record), text))


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        # What the record counts beside people, where the text gives the right number nowhere.
        ("On nineteen wards nothing prints.", {"other_texts": ("19 wards",)}, []),
        ("On nine wards nothing prints.", {"other_texts": ("19 wards",)}, [("error", "count", "nine")]),
        ("Twenty late branches help.", {"other_texts": ("12 branches",)}, [("error", "count", "Twenty")]),
        ("Nine wards are back.", {"other_texts": ("19 wards",)}, [("warning", "unknown_number", "Nine")]),
        # Whom else the record counts.
        ("Up to 35 staff wait.", {"other_texts": ("up to 35 staff",)}, []),
        # Shares that stand elsewhere in the statement.
        (
            "More than 90% of forms fail.",
            {"other_texts": ("60% of forms fail",)},
            [("error", "count", "More than 90%")],
        ),
        ("Over 6% of attempts fail.", {"other_texts": ("60% of forms fail",)}, [("error", "count", "Over 6%")]),
        ("15–30% of forms fail.", {"other_texts": ("15–20% of forms fail",)}, [("error", "count", "15–30%")]),
        ("It fails at 7 of 9 tills.", {"other_texts": ("5 of 9 tills",)}, [("error", "count", "7")]),
        ("It fails at 5 of 19 tills.", {"other_texts": ("5 of 9 tills",)}, [("error", "count", "19")]),
        ("7 of 9 tills are back.", {"other_texts": ("5 of 9 tills",)}, []),
        ("Total: 900", {}, [("error", "count", "900")]),
    ],
)
def test_numbers_beside_the_count(text: str, record: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert numbers(text, **record) == expected
