"""Telephone numbers that strangers type, and the countries whose numbers a page takes."""

import re
from collections.abc import Iterable
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from teams.rules.fields import Unusable

# Whoever may be sent an SMS; never a premium line, which would pay whoever typed it.
_MOBILE: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
MOST_COUNTRIES: Final = 50


def mobile(typed: str, *, countries: Iterable[str] = ()) -> str:
    """A mobile number as networks take it, +447911123456; with `countries` (calling codes) only one of theirs."""
    try:
        parsed = phonenumbers.parse(" ".join(typed.split()))
    except phonenumbers.NumberParseException:
        raise Unusable("Give the number with its country, as in +44 7911 123456.") from None
    allowed = frozenset(countries)
    if allowed and str(parsed.country_code) not in allowed:
        raise Unusable("This page sends no SMS to numbers of this country. Choose another way.")
    if parsed.extension or phonenumbers.number_type(parsed) not in _MOBILE:
        raise Unusable("This is no mobile number that an SMS can go to. Look at its digits.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def country(number: str) -> str:
    """The calling code of a number that `mobile` has cleaned: +44."""
    return f"+{phonenumbers.parse(number).country_code}"


def calling_codes(typed: str | Iterable[str]) -> list[str]:
    """Calling codes as people list them, "+44, 353", each once and in order."""
    cells = re.split(r"[\s,;]+", typed) if isinstance(typed, str) else typed
    codes = sorted({str(cell).strip().removeprefix("+").removeprefix("00") for cell in cells} - {""})
    for code in codes:
        known = code.isascii() and code.isdecimal() and len(code) <= 3
        if not known or int(code) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            raise Unusable("List calling codes with commas between them, such as 44, 353.")
    if len(codes) > MOST_COUNTRIES:
        raise Unusable(f"List {MOST_COUNTRIES} calling codes at most.")
    return codes
