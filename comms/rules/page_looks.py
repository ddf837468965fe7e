"""How a status page may look and what it may be called: colours that can be read, kinds, services in their order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from comms.choices import PageKind, PageLanguage
from teams.rules import fields
from teams.rules.fields import Unusable

# The grounds that words and links stand on, as static/css/status.css has them: the page and a card, by theme.
LIGHT: Final = ("#f1f3f4", "#ffffff")
DARK: Final = ("#0f1316", "#171c20")
ENOUGH: Final = 4.5  # WCAG 2.2 AA for words
_COLOUR: Final = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_STEP: Final = 0.02
MOST_SERVICES: Final = 500
# Addresses that would read like another part of the portal.
_KEPT: Final = frozenset({"new", "api"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One service of a page: under which heading, and as its readers call it where that is another word."""

    service: str
    name: str = ""
    group: str = ""


def address(text: str) -> str:
    """What stands after /status/."""
    slug = fields.slug(text)
    if slug in _KEPT:
        raise Unusable(f"“{slug}” is kept for the portal. Choose another address.")
    return slug


def flags(kind: str) -> dict[str, bool]:
    """The kind as the page keeps it."""
    if kind not in PageKind.values:
        raise Unusable(f"Choose one of {', '.join(PageKind.values)}.")
    return {
        "is_public": kind == PageKind.PUBLIC,
        "is_executive": kind == PageKind.EXECUTIVE,
        "only_its_services": kind == PageKind.CUSTOMER,
    }


def language(text: str) -> str:
    """Of the page's known address."""
    if text not in PageLanguage.values:
        raise Unusable(f"Choose one of {', '.join(PageLanguage.values)}.")
    return text


def other_languages(codes: Iterable[str]) -> list[str]:
    """Each once, in our order."""
    chosen = {language(code) for code in codes}
    return [code for code in PageLanguage.values if code in chosen]


def kind(*, is_public: bool, is_executive: bool, only_its_services: bool) -> PageKind:
    if only_its_services:
        return PageKind.CUSTOMER
    if is_public:
        return PageKind.PUBLIC
    return PageKind.EXECUTIVE if is_executive else PageKind.INTERNAL


def accent(text: str, *, grounds: tuple[str, ...] = LIGHT) -> str:
    """A colour that words can be read in on these grounds, or nothing; a refusal names the nearest one that can."""
    if not text.strip():
        return ""
    found = _COLOUR.fullmatch(text.strip().lower())
    if found is None:
        raise Unusable("Give a colour as six digits, such as #0b6170.")
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    colour = f"#{digits}"
    reached = worst(colour, grounds)
    if reached < ENOUGH:
        where = "dark" if grounds == DARK else "light"
        raise Unusable(
            f"{colour} cannot be read well on the {where} page: its contrast is {int(reached * 10) / 10} to 1, and "
            f"{ENOUGH} is needed. {readable(colour, grounds)} is the nearest that can."
        )
    return colour


def readable(colour: str, grounds: tuple[str, ...]) -> str:
    """The colour itself, or as little darker or lighter as it takes to be read on these grounds."""
    towards = 1.0 if _light(grounds[0]) < 0.2 else 0.0
    channels = _channels(colour)
    share = 0.0
    while worst(found := _mixed(channels, towards, share), grounds) < ENOUGH:
        share += _STEP
    return found


def worst(colour: str, grounds: Iterable[str]) -> float:
    """The lowest contrast of the colour with any of these."""
    return min(contrast(colour, ground) for ground in grounds)


def contrast(one: str, other: str) -> float:
    """How far two colours are apart in brightness, from 1 to 21 (WCAG)."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def ordered(rows: Iterable[Listed]) -> list[Listed]:
    """The services in the manager's order, each once, those of a group together where the first of them stands."""
    found = list(rows)
    if len(found) > MOST_SERVICES:
        raise Unusable(f"A page shows at most {MOST_SERVICES} services.")
    slugs = [row.service for row in found]
    twice = next((slug for slug in slugs if slugs.count(slug) > 1), None)
    if twice is not None:
        raise Unusable(f"{twice} stands there twice.")
    places: dict[str, int] = {}
    for number, row in enumerate(found):
        if row.group:
            places.setdefault(row.group, number)
    by_place = sorted(enumerate(found), key=lambda each: (places.get(each[1].group, each[0]), each[0]))
    return [row for _number, row in by_place]


def _mixed(channels: tuple[float, ...], towards: float, share: float) -> str:
    parts = (round(255 * (each + (towards - each) * min(share, 1.0))) for each in channels)
    return "#" + "".join(f"{part:02x}" for part in parts)


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _light(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
