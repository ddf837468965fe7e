"""When a draft's text becomes a version of its own, so that writing leaves a short list and loses nothing."""

from datetime import datetime, timedelta
from typing import Final

# What one person types within this time is one version.
TOGETHER: Final = timedelta(minutes=1)
# Words that go are worth a version: somebody may want them back.
KEPT_SHARE: Final = 0.8


def continues(
    *, author_id: int, last_author_id: int, began_at: datetime, length: int, last_length: int, now: datetime
) -> bool:
    """Whether the new text takes the last version's place: the same hand, within a minute, and little taken away."""
    return author_id == last_author_id and now - began_at < TOGETHER and length >= last_length * KEPT_SHARE
