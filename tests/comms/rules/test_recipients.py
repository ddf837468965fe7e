"""Addresses as people type them and files bring them."""

import pytest

from comms.rules import recipients
from comms.rules.recipients import Address
from teams.rules.fields import Unusable


@pytest.mark.parametrize(
    ("channel", "typed", "stored"),
    [
        ("email", " All-Stores@Example.ORG ", "all-stores@example.org"),
        ("sms", "+44 (20) 7946-0000", "+442079460000"),
        ("sms", "+353 87 123 4567", "+353871234567"),
        ("webhook", "Ticketing", "ticketing"),
        ("slack", " ops-chat  ", "ops-chat"),
    ],
)
def test_what_is_typed_becomes_an_address(channel: str, typed: str, stored: str) -> None:
    assert recipients.cleaned(channel, typed) == stored


@pytest.mark.parametrize(
    ("channel", "typed", "words"),
    [
        ("email", "", "Give an address"),
        ("email", "all stores", "has an @"),
        ("sms", "020 7946 0000", "with its country"),
        ("sms", "+44 12", "too long or too short"),
        ("sms", "+44 20 7946 0000 ext. 12", "extension"),
        ("sms", "desk", "with its country"),
        ("webhook", "https://hooks.example.org/x", "by its code"),
        ("slack", "#incidents", "by its code"),
    ],
)
def test_what_is_no_address_is_refused_with_words(channel: str, typed: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        recipients.cleaned(channel, typed)


def test_a_row_needs_an_address_only() -> None:
    assert recipients.read({"address": "A@example.org"}) == Address(address="a@example.org")
    row = {
        "channel": "SMS",
        "address": "+353871234567",
        "service": " Payroll ",
        "used_for": "exercises",
        "active": "No",
    }
    assert recipients.read(row) == Address(
        channel="sms", address="+353871234567", service="payroll", used_for="exercises", is_active=False
    )


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"address": "a@example.org", "channel": "fax"}, "“fax” is none of"),
        ({"address": "a@example.org", "used_for": "drills"}, "none of"),
        ({"address": "a@example.org", "active": "perhaps"}, "yes or no"),
        ({}, "Give an address"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(cells: dict[str, str], words: str) -> None:
    with pytest.raises(Unusable, match=words):
        recipients.read(cells)


def test_mailboxes_are_the_same_in_any_case() -> None:
    assert Address(address="A@example.org").key == Address(address="a@example.org", is_active=False).key
    assert Address(address="a@example.org").key != Address(address="a@example.org", site="dublin").key
