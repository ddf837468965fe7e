"""Readers by signed link: people of the list, so that what they decide has a name that can be erased; no accounts."""

import re
from typing import Final

PATTERN: Final = r"^reader-[0-9a-f]{12}$"


def username(drawn: str) -> str:
    """The user name of a reader, from twelve hexadecimal digits that were drawn for them."""
    return f"reader-{drawn[:12]}"


def reads_by_link(*, username: str, is_active: bool) -> bool:
    """Whether the person was never meant to sign in; whoever was given an account is a colleague like others."""
    return not is_active and re.match(PATTERN, username) is not None
