"""How people may be written beside their names: addresses and user names."""

from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 3


def handles(*, username: str, email: str, first_name: str, last_name: str) -> Iterator[str]:
    """The mail address, “@username”, and the user name alone where it cannot be a word of the trade.

    A user name alone counts where it comes from the person's name or has a digit, a dot or a dash in it; one like
    “admin” or “database” is a word. First names that are words are for the caller to know.
    """
    if email:
        yield email
    if not username:
        return
    yield f"@{username}"
    folded = username.casefold()
    names = [name.casefold() for name in (first_name, last_name) if len(name) >= SHORTEST]
    is_of_a_name = any(name[:SHORTEST] in folded for name in names)
    if len(username) >= SHORTEST and (is_of_a_name or any(not letter.isalpha() for letter in username)):
        yield username
