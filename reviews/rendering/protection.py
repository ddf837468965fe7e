"""Names out, roles in: what everything that is published or exported goes through."""

import re
from collections.abc import Mapping

from mim_portal.lib import findings


def as_roles(text: str, phrases: Mapping[str, str]) -> str:
    """`text` with every known name replaced by its role; at the start of a sentence with a capital letter."""
    if not text:
        return text
    pattern = findings.any_of(phrases, flags=re.NOFLAG)

    def role(match: re.Match[str]) -> str:
        phrase = phrases[match.group()]
        return phrase[:1].upper() + phrase[1:] if _opens_sentence(text, match.start()) else phrase

    return pattern.sub(role, text)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t*_>#-")
    return not before or before[-1] in ".!?\n"
