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
from comms.queries.status_facts import PageFacts

# As Django and HTML name them.
TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {PageLanguage.EN: "en-gb", PageLanguage.DE: "de", PageLanguage.FR: "fr"}
)
# Each by its own name: whoever looks for theirs does not read the others.
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {PageLanguage.EN: "English", PageLanguage.DE: "Deutsch", PageLanguage.FR: "Français"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One of the languages in which a page is read: its tag, its own name, and what its addresses begin with."""

    tag: str
    name: str
    prefix: str
    is_shown: bool


def speaking(facts: PageFacts) -> AbstractContextManager[None]:
    """What is rendered within is in the language of these facts."""
    return translation.override(TAGS.get(facts.spoken or facts.language, TAGS[PageLanguage.EN]))


def renditions(facts: PageFacts) -> list[Rendition]:
    """Every language of the page, its own first."""
    return [
        Rendition(
            tag=each.spoken if each.spoken != PageLanguage.EN else "en-GB",
            name=NAMES[each.spoken],
            prefix=each.prefix,
            is_shown=each.spoken == (facts.spoken or facts.language),
        )
        for each in facts.renditions()
    ]
