"""What a short message costs: how many parts a text takes, and how it is made to fit.

A phone network sends 7-bit characters of the GSM 03.38 alphabet: 160 in one message, 153 a part when there are several.
One character outside of it turns the whole message into UCS-2: 70, and 67 a part. So typographic characters that
writers' keyboards produce are replaced before anything is counted, and a message has two parts at most.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_PARTS: Final = 2

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These are sent with an escape before them, so that each takes two places.
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")

_REPLACED: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("\u2022\u00b7", "-"),
    "\u2026": "...",
    "\u00d7": "x",
    "\u2192": "->",
    "\u2264": "<=",
    "\u2265": ">=",
}
_TABLE: Final = str.maketrans(_REPLACED)
# Letters that are no other letter with an accent: what people write where theirs is missing.
_INSTEAD: Final = {
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ı": "i",
    "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ẞ": "SS",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes: the alphabet it needs, places used, and parts that are sent and paid for."""

    gsm: bool
    units: int
    parts: int

    @property
    def fits(self) -> bool:
        """Whether the text may be sent as it is."""
        return self.parts <= MAX_PARTS


def plain(text: str) -> str:
    """The text with typographic characters replaced by what every phone shows; letters are never changed."""
    return text.replace("\r\n", "\n").translate(_TABLE)


def size(text: str) -> Size:
    """How many places and parts a text takes as it stands; a part never ends inside of an escaped character."""
    gsm = all(mark in _BASIC or mark in _EXTENDED for mark in text)
    widths = [_width(mark, gsm=gsm) for mark in text]
    units = sum(widths)
    alone, together = (160, 153) if gsm else (70, 67)
    return Size(gsm=gsm, units=units, parts=_parts(widths, together) if units > alone else min(units, 1))


def shorten(text: str, *, parts: int = MAX_PARTS, tail: str = "") -> str:
    """The plain text, cut at a word so that it takes so many parts at most; three dots show that it was cut. `tail`
    stands behind it whole: an address of which nothing may be missing.
    """
    whole = plain(text)
    if size(whole + tail).parts <= parts:
        return whole + tail
    low, high = 0, len(whole)
    while low < high:
        middle = (low + high + 1) // 2
        if size(_cut(whole, middle) + tail).parts <= parts:
            low = middle
        else:
            high = middle - 1
    kept = whole[:low]
    word_end = max(kept.rfind(" "), kept.rfind("\n"))
    inside_word = not whole[low].isspace()
    return _cut(whole, word_end if inside_word and word_end > low // 2 else low) + tail


def headline(subject: str, *, written: str = "", home: str = "") -> str:
    """The text message of an update: what its template says for one, else its subject, which names priority, what
    people cannot do, the next update and the reference. In the 7-bit alphabet, two parts at most. `home` is the page
    where the rest stands, for a reader who has nothing else.
    """
    return shorten(seven_bit(written or subject), tail=f" {home}" if home else "")


def seven_bit(text: str) -> str:
    """The plain text, letters outside of the alphabet without their accents or as two, and "?" where nothing is left.

    One of them would halve what fits in a message; the whole text stands in the mail and on the status page.
    """
    return "".join(_seven_bit(mark) for mark in plain(text))


def _seven_bit(mark: str) -> str:
    if mark in _BASIC or mark in _EXTENDED:
        return mark
    if mark in _INSTEAD:
        return _INSTEAD[mark]
    bare = "".join(part for part in unicodedata.normalize("NFKD", mark) if part in _BASIC)
    return bare or ("" if unicodedata.category(mark).startswith(("M", "C")) else "?")


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip(" \n,;:-") + "..."


def _width(mark: str, *, gsm: bool) -> int:
    if gsm:
        return 2 if mark in _EXTENDED else 1
    return 2 if ord(mark) > 0xFFFF else 1


def _parts(widths: list[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
