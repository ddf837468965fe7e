"""Who is written to, as words within a sentence."""

from collections.abc import Iterable
from typing import Final

# Of the desk and the public there is one; “technical” alone is no noun.
_SAID: Final = {"technical": "technical teams", "service_desk": "the service desk", "public": "the public"}


def words(codes: Iterable[str]) -> list[str]:
    """Audiences by their codes: “technical teams”, “end users”, “the service desk”; one of the organisation's own is
    its code. Whoever shows them to readers of another language translates each.
    """
    return [_SAID.get(code, code.replace("_", " ")) for code in codes]


def named(codes: Iterable[str]) -> str:
    """The same in a row: “end users, the service desk”."""
    return ", ".join(words(codes))
