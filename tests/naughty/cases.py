"""One form of the portal's pages that takes words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NO_LIMIT = 10**9


@dataclass(frozen=True)
class Case:
    """One form: `texts` are its fields of words with their longest length, `rest` what must stand beside them.

    `named` are typed too, but name something (an address, a code, an incident): each with its longest length and one
    that is taken. `is_folded` where the words become one line, so that white space is all that may differ.
    """

    by: str
    url: str
    texts: Mapping[str, int]
    rest: Mapping[str, Any] = field(default_factory=dict)
    named: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    is_folded: bool = False

    def filled(self, **changes: str) -> dict[str, Any]:
        """Plain words in every field, but for the changes."""
        names = {name: right for name, (_longest, right) in self.named.items()}
        return {**dict.fromkeys(self.texts, "Plain words."), **names, **self.rest, **changes}

    def longest(self) -> dict[str, int]:
        """Of every field that is typed."""
        return {**self.texts, **{name: longest for name, (longest, _right) in self.named.items()}}
