"""In which languages a status page speaks around the words of people, and how readers choose one.

The words are gettext catalogues in locale/; only what a page says is translated there, in full.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils import translation

from comms.choices import PageLanguage
from comms.models import StatusPage
from comms.queries.status_facts import PageFacts
from mim_portal.lib import addresses

# As Django and HTML name them.
TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {PageLanguage.EN: "en-gb", PageLanguage.DE: "de", PageLanguage.FR: "fr", PageLanguage.ES: "es"}
)
# Each by its own name: whoever looks for theirs does not read the others.
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {PageLanguage.EN: "English", PageLanguage.DE: "Deutsch", PageLanguage.FR: "Français", PageLanguage.ES: "Español"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One of the languages in which a page is read: its tag, its own name, and what its addresses begin with."""

    tag: str
    name: str
    prefix: str
    is_shown: bool


def of_page(page: StatusPage, *, shown: str) -> list[tuple[str, Rendition]]:
    """The languages of a page and what readers know them by; none where there is only one."""
    spoken_here = (page.language, *page.other_languages) if page.other_languages else ()
    return [(each, _rendition(each, own=page.language, shown=shown)) for each in spoken_here]


def speaking(facts: PageFacts) -> AbstractContextManager[None]:
    """What is rendered within is in the language of these facts."""
    return said_in(facts.spoken or facts.language)


def said_in(language: str) -> AbstractContextManager[None]:
    """What is rendered within is in this language of pages, in English where they have none such."""
    return translation.override(TAGS.get(language, TAGS[PageLanguage.EN]))


def spoken(page: StatusPage, *asked: str) -> str:
    """The first of the languages asked for that the page speaks, or else its own."""
    return next((each for each in asked if each in (page.language, *page.other_languages)), page.language)


def named(page: StatusPage, language: str) -> str:
    """As addresses name it: the page's own is not named."""
    return "" if language == page.language else language


def home(page: StatusPage, language: str) -> str:
    """Where the page is read in one of its languages."""
    return addresses.status_page(page.slug) + (f"{language}/" if named(page, language) else "")


def renditions(facts: PageFacts) -> list[Rendition]:
    """Every language of the page, its own first."""
    shown = facts.spoken or facts.language
    return [_rendition(each, own=facts.language, shown=shown) for each in facts.languages]


def _rendition(language: str, *, own: str, shown: str) -> Rendition:
    return Rendition(
        tag=language if language != PageLanguage.EN else "en-GB",
        name=NAMES[language],
        prefix="" if language == own else f"{language}/",
        is_shown=language == shown,
    )
