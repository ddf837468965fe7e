"""Numbers in a text, in digits or in words, as ranges: “1,200”, “1.2k”, “about twelve hundred”, “30–40 %”."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

_UNITS: Final = {
    word: number
    for number, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
            *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        )
    )
}
_TENS: Final = {
    word: 10 * number
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_BEHIND_DIGITS: Final = {"k": 1_000, "m": 1_000_000, **_SCALES}
_DOZEN: Final = {"dozen": 12}
_NUMBER_WORD: Final = "|".join(sorted([*_UNITS, *_TENS, *_SCALES, *_DOZEN], key=len, reverse=True))
_IN_WORDS: Final = (
    r"(?:(?:a|half a)\s+(?=hundred|thousand|million|dozen))?"
    rf"(?:{_NUMBER_WORD})(?:(?:\s+and\s+|[\s-]+)(?:{_NUMBER_WORD}))*"
)
_IN_DIGITS: Final = r"\d{1,3}(?:[,\u2009\u202f\u00a0 ]\d{3})+(?!\d)|\d+(?:\.\d+)?"
LONGEST: Final = 12  # digits; a longer one counts nothing that an incident affects
_ONE: Final = rf"(?:(?:{_IN_DIGITS})(?:\s?(?:k|m|thousand|million|hundred|dozen)\b)?|\b{_IN_WORDS}\b)"
_ABOUT: Final = (
    r"(?P<about>about|around|roughly|approximately|approx\.?|some|nearly|almost|close to|an estimated|estimated|"
    r"circa|ca\.|~|etwa|rund|ungefähr|zirka|fast|knapp|environ|près de|"
    r"unos|unas|cerca de|casi|aproximadamente|alrededor de|"
    r"(?P<over>over|more than|at least|above|upwards of|mehr als|mindestens|über|plus de|au moins|más de|al menos|"
    r"por lo menos)|"
    r"(?P<under>under|fewer than|less than|up to|at most|as many as|weniger als|höchstens|bis zu|moins de|jusqu['’]à|"
    r"menos de|hasta|como máximo))"
)
# Not preceded by what makes a number a part of a name, a version, a time or a code.
AMOUNT: Final = re.compile(
    rf"(?:\b|(?<=\s)|^)(?:{_ABOUT}\s*)?(?<![\w.:,/#£$€+\-])(?P<between>between\s+)?(?P<low>{_ONE})"
    rf"(?:\s?(?:-|–|—|to|and)\s?(?P<high>{_ONE}))?(?P<plus>\+)?(?P<percent>\s?(?:%|per ?cent\b))?(?![\w:/]|[.,]\d)",
    re.IGNORECASE,
)


_SCALE: Final = re.compile(rf"(?:(?<=\d)|\b)\s?({'|'.join(_BEHIND_DIGITS)})\s*$", re.IGNORECASE)
_DOTS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![.,]?\d)")
_COMMA: Final = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")


def as_english(text: str) -> str:
    """A text of a language with decimal commas, of the same length, with its numbers as the English write them."""
    dotted = _DOTS.sub(lambda number: number.group().replace(".", ","), text)
    return _COMMA.sub(".", dotted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number or a range of numbers, from `low` to `high`, with the span of the text that says it.

    `about` says that it is rounded; `over` and `under` that it is a bound.
    """

    low: Decimal
    high: Decimal
    is_percent: bool
    about: bool
    over: bool
    under: bool
    start: int
    end: int
    text: str

    @property
    def grain(self) -> Decimal:
        """The unit of the last digit that is not zero: 100 for 1,200, 1 for 1,187."""
        return max(_grain(self.low), _grain(self.high))


_SHORT: Final = 2_000  # characters; the texts of a record and sentences, which are read again and again, are shorter


def amounts(text: str) -> Iterator[Amount]:
    """Every number of the text, in order. “one” alone is a word, not a number."""
    return iter(_kept(text)) if len(text) <= _SHORT else _amounts(text)


@lru_cache(maxsize=512)
def _kept(text: str) -> tuple[Amount, ...]:
    return tuple(_amounts(text))


def _amounts(text: str) -> Iterator[Amount]:
    for hit in AMOUNT.finditer(text):
        first, second = _ends(hit)
        low = read(first)
        high = read(second) if second else low
        if low is None or high is None or hit["low"].casefold() in ("one", "zero"):
            continue
        if second and low < high and (scale := _shared_scale(first, second)) and low * scale < high:
            low *= scale
        if high < low and hit["high"]:  # “2 and 1”, “from 310 to 45”: two numbers
            yield _alone(hit, low, start=hit.start(), end=hit.end("low"))
            yield _alone(hit, high, start=hit.start("high"), end=hit.end())
            continue
        yield _alone(hit, low, max(low, high), start=hit.start(), end=hit.end())


def _alone(hit: re.Match[str], low: Decimal, high: Decimal | None = None, *, start: int, end: int) -> Amount:
    return Amount(
        low=low,
        high=low if high is None else high,
        is_percent=bool(hit["percent"]),
        about=bool(hit["about"]),
        over=bool(hit["over"] or hit["plus"]),
        under=bool(hit["under"]),
        start=start,
        end=end,
        text=hit.string[start:end],
    )


def _ends(hit: re.Match[str]) -> tuple[str, str]:
    """The two ends of a range, as they are written. In words, “between forty and fifty” reads like one number."""
    low, high = hit["low"], hit["high"] or ""
    if hit["between"] and not high:
        low, *rest = re.split(r"\s+and\s+", low, maxsplit=1, flags=re.IGNORECASE)
        high = "".join(rest)
    return low, high


def _shared_scale(low: str, high: str) -> int:
    """What both ends count in, where only the second says it: “between 5 and 6 thousand”, “20-30k”; else 0."""
    scale = _SCALE.search(high)
    return 0 if scale is None or _SCALE.search(low) else _BEHIND_DIGITS[scale[1].casefold()]


def read(words: str) -> Decimal | None:
    """What a number in digits or words says; None where it says none."""
    words = words.casefold().strip()
    digits = re.match(rf"(?:{_IN_DIGITS})", words)
    if digits is None:
        return _in_words(words)
    plain = re.sub(r"[,\s\u2009\u00a0]", "", digits.group())
    if len(plain) > LONGEST:
        return None
    number = Decimal(plain)
    scale = words[digits.end() :].strip()
    factor = (_BEHIND_DIGITS | _DOZEN).get(scale, 1)
    return number * factor


def _in_words(words: str) -> Decimal | None:
    total, part, seen = 0, 0, False
    halved = words.startswith("half a")
    for word in re.split(r"[\s-]+", words):
        if word in _UNITS or word in _TENS:
            part += _UNITS.get(word, _TENS.get(word, 0))
        elif word in _DOZEN:
            part = max(part, 1) * 12
        elif word in _SCALES:
            scale = _SCALES[word]
            if scale == 100:
                part = max(part, 1) * 100
            else:
                total, part = total + max(part, 1) * scale, 0
        else:
            continue
        seen = True
    found = total + part
    return (Decimal(found) / 2 if halved else Decimal(found)) if seen else None


def _grain(number: Decimal) -> Decimal:
    if number == 0 or number != number.to_integral_value():
        return Decimal(1)
    grain = 1
    while number % (grain * 10) == 0:
        grain *= 10
    return Decimal(grain)


def agree(written: Amount, recorded: Amount) -> bool:
    """Whether the two may speak of one fact.

    Ranges that touch agree, where the written one is wider than a recorded range by no more than a twentieth at either
    end (a tenth where one is rounded), or than a recorded number by a third. Of rounded numbers the coarser one's last
    digit decides, or one twentieth: “about 1,200” is 1,150 to 1,250. “more than 1,000” agrees with what it is at least
    three quarters of, “up to 1,500” likewise.
    """
    if written.is_percent != recorded.is_percent:
        return False
    if written.over:
        return recorded.low * 3 <= written.low * 4 and written.low <= recorded.high
    if written.under:
        return recorded.low <= written.high and written.high * 3 <= recorded.high * 4
    if written.low < written.high and (
        written.low * 4 < recorded.low * 3
        or written.high * 3 > recorded.high * 4 + (0 if written.is_percent else recorded.grain * 3)
    ):
        return False
    if written.low < written.high and recorded.low < recorded.high:
        beyond = Decimal(10 if written.about or recorded.about else 20)
        if written.low < recorded.low - recorded.low / beyond or written.high > recorded.high + recorded.high / beyond:
            return False
    slack = Decimal(0)
    if written.about or recorded.about or recorded.over or recorded.under:
        slack = max(max(written.grain, recorded.grain) / 2, recorded.high / 20)
        slack = min(slack, recorded.high / 4)
    return written.low - slack <= recorded.high and recorded.low - slack <= written.high
