"""Numbers that were most likely meant to be another: two digits changed places, a zero too many, one end of a range."""

from decimal import Decimal
from typing import Final

from comms.rules.checking.numbers.amounts import Amount

# Of numbers with so many digits, chance makes few alike; of shorter ones only those that count the same.
MANY_DIGITS: Final = 3


def is_like(written: Amount, recorded: Amount, *, is_same: bool, may_be_part: bool = False) -> bool:
    """Whether the written number looks like the recorded one, and is another; `is_same` says that both count the same,
    `may_be_part` that the written one may be a part of it, which a tenth may be.

    “590” is like “950”, “4,000” like “400”, “14 %” like “41 %”, “900 to 1,900” like “900 to 1,100”.
    """
    if written.is_percent != recorded.is_percent:
        return False
    if written.low < written.high:
        ends = (written.low == recorded.low) + (written.high == recorded.high)
        return recorded.low < recorded.high and ends == 1
    if recorded.low < recorded.high or written.low == recorded.low:
        return False
    one, other = _digits(written.low), _digits(recorded.low)
    is_enough = is_same or written.is_percent or min(len(one), len(other)) >= MANY_DIGITS
    are_swapped = len(one) > 1 and same_digits(one, other)
    is_tenfold = max(written.low, recorded.low) == 10 * min(written.low, recorded.low) and not written.is_percent
    return is_enough and (are_swapped or (is_tenfold and not may_be_part))


def same_digits(one: str, other: str) -> bool:
    """Whether the digits of one are those of the other, in another order."""
    return sorted(one) == sorted(other)


def _digits(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", "")
