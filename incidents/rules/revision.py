"""What changed and what was wrong are told apart (domain.md 3.4): the portal may suggest, a person decides.

Otherwise people would keep wrong numbers to protect a figure.
"""

from datetime import datetime

from incidents.choices import RevisionReason


def suggested(*, evidence_at: datetime | None, captured_at: datetime) -> RevisionReason | None:
    """What the time of the evidence speaks for: at hand before the last version was written, or only after it."""
    if evidence_at is None:
        return None
    if evidence_at < captured_at:
        return RevisionReason.CAPTURED_INCORRECTLY
    return RevisionReason.NEW_INFORMATION
