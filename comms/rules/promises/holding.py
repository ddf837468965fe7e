"""Holding updates: always possible, and honest about having no news (DESIGN 1a)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from comms.choices import UpdateKind

ASKS_FROM: Final = 3


def in_a_row(kinds: Sequence[str]) -> int:
    """How many holding updates end the list of kinds already sent (oldest first)."""
    count = 0
    for kind in reversed(kinds):
        if kind != UpdateKind.HOLDING:
            break
        count += 1
    return count


def asks(*, kinds: Sequence[str], waiting_until: datetime | None = None, longer_agreed: bool = False) -> str:
    """What the writer is asked before the third holding update in a row; "" when there is nothing to ask.

    It asks and never refuses: the update goes out either way.
    """
    count = in_a_row(kinds) + 1
    if count < ASKS_FROM or waiting_until is not None or longer_agreed:
        return ""
    return (
        f"A holding update now is number {count} in a row. Agree a longer interval, or say what you are waiting for "
        "and until when. You can send it as it is."
    )
