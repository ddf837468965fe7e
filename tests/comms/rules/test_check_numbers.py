"""C11, numbers: what the record counts first, things that are no people, and shares of something else."""

import pytest

from comms.rules.checking.numbers import check_numbers
from tests.comms.rules.test_check_facts import brief, draft


def stopped(text: str, count: str) -> list[str]:
    found = brief(check_numbers.numbers(draft(text, record={"count": count}), text))
    return [words for severity, _rule, words in found if severity == "error"]


@pytest.mark.parametrize(
    ("count", "text", "expected"),
    [
        # What stands in brackets or behind a comma explains the count; it is not what is counted.
        ("about 1,200 (40 % of the stores)", "12,000 store staff cannot submit.", ["12,000"]),
        ("about 1,200 (40 % of the stores)", "1,200 store staff in 64 stores cannot submit.", []),
        ("about 1,200, 40 % of the stores", "12,000 store staff cannot submit.", ["12,000"]),
        # Claims are neither people nor places.
        ("5,000 to 6,000 claims", "Between 500 and 600 claims wait.", ["Between 500 and 600"]),
        ("5,000 to 6,000 claims", "Between five and six thousand claims wait.", []),
        ("5,000 to 6,000 claims", "About 70,000 claims wait.", ["About 70,000"]),
        ("5,000 to 6,000 claims", "So far 900 claims are cleared.", []),
        ("5,000 to 6,000 claims", "Of 5,500 claims, 900 claims are urgent.", []),
        ("5,000 to 6,000 claims", "We clear 900 claims an hour.", []),
        # Shares.
        ("20 % of payments", "The second line carries 60 % of the traffic.", []),
        ("20 % of payments", "60 % of all payments are declined.", ["60 %"]),
        ("20 % of payments", "60 % of them are declined.", ["60 %"]),
        ("20 % of customers", "60 % of our users cannot pay.", ["60 %"]),
        ("20 %", "60 % of payments are declined.", ["60 %"]),
        ("20 % of payments", "The error rate on the new nodes is 0.1 %.", []),
        ("20 % of payments", "The error rate is 60 %.", ["60 %"]),
        # Words that only look like those of tickets, witnesses, days.
        ("47 of 112 ticket machines", "74 of 112 Ticket Machines are out.", ["74"]),
        ("47 of 112 ticket machines", "Please open no more than 2 tickets.", []),
        ("41% of checkout attempts", "14% of checkout attempts fail.", ["14%"]),
        ("46 of 120 kiosks", "16 of 120 check-in kiosks are out.", ["16"]),
        ("35% of submissions", "HTTP 502 on 53% of submissions.", ["53%"]),
        ("140,000 to 160,000 viewers", "The number of affected viewers stays at 190,000.", ["190,000"]),
    ],
)
def test_what_is_counted_and_what_is_something_else(count: str, text: str, expected: list[str]) -> None:
    assert stopped(text, count) == expected
