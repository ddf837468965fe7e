"""C11: numbers that look like a recorded one, lengths of time, and services told in the place of the incident's own."""

from typing import Any

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.numbers import amounts, check_measures, check_numbers, misread
from comms.rules.checking.services import check_identity, check_service
from tests.comms.rules.test_check_facts import brief, draft

COUNTED = {
    "count": "950 claims, 41% of uploads fail",
    "who": "clerks",
    "activity": "upload claims",
    "other_texts": (
        "disk swap on node 7 at 60%",
        "between 900 and 1,100 callers an hour",
        "31 of 120 shares offline",
        "3 of 12 nodes done at 13:58",
        "connection limit is 400",
        "oldest queued message 47 minutes",
    ),
}


@pytest.mark.parametrize(
    ("written", "recorded", "is_same", "is_like"),
    [
        ("590", "950", False, True),
        ("590", "960", False, False),
        ("950", "950", False, False),
        ("4,000", "400", False, True),
        ("41", "14", False, False),  # of short ones only those that count the same
        ("41", "14", True, True),
        ("41%", "14%", False, True),
        ("41%", "14", False, False),
        ("100%", "10%", False, False),
        ("900 to 1,900", "900 to 1,100", False, True),
        ("800 to 1,900", "900 to 1,100", False, False),
        ("900 to 1,100", "900 to 1,100", False, False),
        ("590", "900 to 1,100", False, False),
        ("5.2 million", "2.5 million", False, True),
    ],
)
def test_what_looks_like_another_number(written: str, recorded: str, is_same: bool, is_like: bool) -> None:
    one, other = (next(amounts.amounts(each)) for each in (written, recorded))
    assert misread.is_like(one, other, is_same=is_same) is is_like


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("About 590 claims wait.", ["About 590"]),
        ("About 590 claims wait, of 950.", ["About 590"]),
        ("The limit of connections is 4,000.", ["4,000"]),
        ("The limit is 400, or 4,000 in a test.", []),  # the right one stands beside it
        ("Between 900 and 1,900 callers an hour cannot upload.", ["Between 900 and 1,900"]),
        ("14% of uploads fail.", ["14%"]),
        # A share that the record has of something else, told with a word of its own.
        ("The disk swap stands at 60%.", []),
        ("Uploads fail: 60%.", ["60%"]),
        # Parts, told in either order; what is not working is nothing done.
        ("Of our 120 shares, 13 are offline.", ["13"]),
        ("Of our 120 shares, 31 are offline.", []),
        ("13 of 120 shares have not been working.", ["13"]),
        ("Since then 13 of 120 shares are offline, which left 950 clerks unable to upload.", ["13"]),
        ("9 of 12 nodes done at 13:58.", ["9"]),
    ],
)
def test_c11_numbers_that_were_meant_to_be_another(text: str, wrong: list[str]) -> None:
    found = check_numbers.numbers(draft(text, record=COUNTED), text)
    assert [each.text.strip() for each in found if each.severity == "error"] == wrong


def test_c11_of_what_is_over_everything_was() -> None:
    text = "13 of 120 shares were offline, and 950 clerks could not upload."
    found = check_numbers.numbers(draft(text, record=COUNTED, kind="restored"), text)
    assert [each.text.strip() for each in found if each.severity == "error"] == ["13"]


def test_c11_calls_count_where_the_record_counts_them() -> None:
    text = "1,570 calls were dropped."
    for count, wrong in (("1,750 calls dropped", ["1,570"]), ("1,750 claims", [])):
        found = check_numbers.numbers(draft(text, record={"count": count}), text)
        assert [each.text.strip() for each in found if each.severity == "error"] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The oldest queued message is 74 minutes old.", ["74"]),
        ("The oldest queued message is 47 minutes old.", []),
        ("The oldest queued message is 74 minutes old, 47 minutes at noon.", []),
        ("The next queued job takes 63 minutes.", []),  # one word of the record is too few
        ("The next queued job takes 74 minutes.", ["74"]),  # but for the same digits
        ("We said that the oldest queued message was 74 minutes old.", []),
        ("The oldest queued message waited for two days.", []),
        ("The oldest queued message: down for 74 minutes.", []),  # compared with start and return
    ],
)
def test_c11_lengths_of_time_are_the_recorded_ones(text: str, wrong: list[str]) -> None:
    assert [each.text for each in check_measures.measured(draft(text, record=COUNTED), text)] == wrong


def test_c11_lengths_of_time_without_a_record_say_nothing() -> None:
    assert not list(check_measures.measured(draft("It takes 74 minutes.", record={"other_texts": ()}), "74 minutes"))


SERVICES: dict[str, Any] = {
    "known": Known(services=("Payroll", "MyHR", "Rota")),
    "record": {"count": "about 1,200 staff", "other_texts": ()},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The recorded number or start, told of another service, though the text names the right one elsewhere.
        ("Payroll is slow. About 1,200 staff use MyHR there.", [("error", "service", "MyHR")]),
        ("Payroll is slow. From 09:10 (UTC+0) MyHR sent empty forms.", [("error", "service", "MyHR")]),
        ("Payroll is slow. About 40 staff use MyHR there.", []),
        ("Payroll is slow. About 1,200 staff use MyHR instead.", []),
        ("Payroll is slow. Earlier we said that about 1,200 staff use MyHR.", []),
        # A message that names its own service nowhere, and any harm.
        ("Some forms are not saved in MyHR.", [("error", "service", "MyHR")]),
        ("Forms of MyHR wait.", []),
        # What the incident is said to be in.
        ("Payroll | news\nService: MyHR, open since noon", [("error", "service", "MyHR")]),
        ("Payroll: an incident began in MyHR.", [("error", "service", "MyHR")]),
        ("Payroll | news\nAffected: MyHR in Dublin", [("error", "service", "MyHR")]),
        ("Payroll: the affected service is MyHR.", [("error", "service", "MyHR")]),
        ("Payroll: a workaround for MyHR is there.", [("error", "service", "MyHR")]),
    ],
)
def test_c11_the_impact_told_of_another_service(text: str, expected: list[Any]) -> None:
    written = draft(text, subject="staff cannot submit timesheets", **SERVICES)
    assert brief(check_service.service(written, text)) == expected


def test_c11_a_priority_that_the_record_says_it_was_raised_from() -> None:
    text = "The priority was raised from P4 to P1."
    for texts, wrong in ((("raised from P4 to P1 at 10:00",), []), ((), ["P4"])):
        found = check_identity.priority(draft(text, record={"other_texts": texts}), text)
        assert [each.text for each in found] == wrong


def test_c11_references_of_three_digits_have_a_shape_too() -> None:
    text = "Reference: SBW-291."
    found = check_identity.reference(draft(text, record={"reference": "SBW-219"}), text)
    assert [each.text for each in found] == ["SBW-291"]
