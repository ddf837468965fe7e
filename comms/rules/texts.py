"""One message in several words: the core text, and the texts adapted to an audience (domain.md 4.2).

An audience without a text of its own reads the core text. Of an adapted text, what is left empty is the core text's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

# The core text, which is adapted to nobody.
CORE: Final = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What an audience reads: the activity part of the subject, and the body."""

    subject: str
    body: str


def cleaned(given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Adapted texts as they are stored, by audience: without outer spaces, and without texts that say nothing."""
    stripped = {
        code: {part: str(text.get(part) or "").strip() for part in ("subject", "body")} for code, text in given.items()
    }
    return {code: text for code, text in sorted(stripped.items()) if any(text.values())}


def adapted(core: Text, texts: Mapping[str, Mapping[str, str]], *, audiences: Iterable[str]) -> dict[str, Text]:
    """The texts of those audiences of the message that have their own."""
    return {
        code: Text(subject=own.get("subject") or core.subject, body=own.get("body") or core.body)
        for code in sorted(set(audiences))
        if (own := texts.get(code))
    }


def read_by(core: Text, texts: Mapping[str, Mapping[str, str]], *, audience: str) -> Text:
    """What this audience reads."""
    return adapted(core, texts, audiences=[audience]).get(audience, core)


def readers_of_core(texts: Mapping[str, Any], *, audiences: Iterable[str]) -> tuple[str, ...]:
    """The audiences that read the core text."""
    return tuple(code for code in audiences if not texts.get(code))
