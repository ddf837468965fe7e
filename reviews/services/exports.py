"""A review that leaves as a file: who took it, and as what."""

from mim_portal.models import AuditEntry
from reviews.models import Review
from teams.models import Person


def note(review: Review, *, person: Person, kind: str) -> None:
    """Audited, like every export."""
    AuditEntry.objects.create(
        actor=person, verb="review_exported", subject=review.incident.reference, data={"kind": kind}
    )
