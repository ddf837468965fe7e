"""How long a text may be for those who read it (domain.md 4.2)."""

import re
from collections.abc import Iterable
from typing import Final

from comms.choices import AudienceCode

MOST_WORDS: Final = {
    AudienceCode.SERVICE_DESK: 200,
    AudienceCode.SERVICE_OWNERS: 180,
    AudienceCode.END_USERS: 120,
    AudienceCode.EXECUTIVES: 120,
    AudienceCode.PUBLIC: 80,
}


_HAS_WORD: Final = re.compile(r"\w").search


def most_words(audiences: Iterable[str]) -> int | None:
    """The limit of the reader who has least time; None where every reader takes as much as there is to say."""
    return min((MOST_WORDS[AudienceCode(code)] for code in audiences if code in MOST_WORDS), default=None)


def words(text: str) -> int:
    """How many words a text has, as its readers count them."""
    return sum(1 for word in text.split() if _HAS_WORD(word))
