"""Telephone numbers that strangers type, and the countries whose numbers a page takes."""

import phonenumbers
import pytest

from comms.rules import numbers
from teams.rules.fields import Unusable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+447911123456", "+447911123456"),
        (" +44 7911 123456 ", "+447911123456"),
        ("+44 (0)7911-123456", "+447911123456"),
        ("+353 85 123 4567", "+353851234567"),
        ("+1 (415) 555-2671", "+14155552671"),  # of North America nobody can tell mobiles from landlines
        ("tel:+49-151-23456789", "+4915123456789"),
    ],
)
def test_a_mobile_number_is_kept_as_networks_take_it(typed: str, kept: str) -> None:
    assert numbers.mobile(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "with its country"),
        ("07911 123456", "with its country"),
        ("sam@example.org", "with its country"),
        ("+" + "4" * 400, "with its country"),
        ("+44 20 7946 0000", "no mobile number"),  # a landline
        ("+44 909 879 0000", "no mobile number"),  # a premium line
        ("+44 7911 12345", "no mobile number"),  # too short
        ("+44 7911 123456 ext. 7", "no mobile number"),
        ("+882 16 1234 5678", "no mobile number"),  # no country: a satellite's, dear to call
    ],
)
def test_what_gets_no_sms(typed: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        numbers.mobile(typed)


def test_only_numbers_of_some_countries() -> None:
    assert numbers.mobile("+447911123456", countries=["353", "44"]) == "+447911123456"
    with pytest.raises(Unusable, match="of this country"):
        numbers.mobile("+353851234567", countries=["44"])


def test_the_country_of_a_number() -> None:
    assert numbers.country("+353851234567") == "+353"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("", []), ("44", ["44"]), ("+44, 00353; 1 44", ["1", "353", "44"]), (["44", "+49"], ["44", "49"]), ([], [])],
)
def test_calling_codes_are_listed_once(typed: str | list[str], codes: list[str]) -> None:
    assert numbers.calling_codes(typed) == codes


@pytest.mark.parametrize("typed", ["UK", "999", "4444", "44 x", "٤٤", "0"])
def test_what_is_no_calling_code(typed: str) -> None:
    with pytest.raises(Unusable, match="such as 44, 353"):
        numbers.calling_codes(typed)


def test_not_half_the_world() -> None:
    with pytest.raises(Unusable, match="50 calling codes at most"):
        numbers.calling_codes([str(code) for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)[:51]])
