"""What would stand without its person, team, service or site: named before anybody switches it off."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """One thing in words, with its page. `is_blocking` must be settled first; the rest is good to know."""

    text: str
    href: str = ""
    is_blocking: bool = False
