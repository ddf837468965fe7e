"""Updates that left before their language was read and turned out to have mistakes, as the ledger sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from comms.models import Update


@dataclass(frozen=True, kw_only=True)
class Defective:
    """A sent update and how many of the mistakes found later would have stopped it."""

    update_id: int
    incident_id: int
    number: int
    audiences: tuple[str, ...]
    published_at: datetime
    defects: int

    @property
    def source_key(self) -> str:
        return f"update:{self.update_id}"


def of(update_ids: Sequence[int]) -> list[Defective]:
    """Those of the updates that were sent, in their order."""
    later = Q(findings__found_after_sending=True, findings__is_blocking=True)
    sent = Update.objects.filter(pk__in=update_ids, published_at__isnull=False).order_by("pk")
    rows = sent.annotate(defects=Count("findings", filter=later)).prefetch_related("audiences")
    return [
        Defective(
            update_id=row.pk,
            incident_id=row.incident_id,
            number=row.sequence or 0,
            audiences=tuple(sorted(audience.code for audience in row.audiences.all())),
            published_at=row.published_at,
            defects=row.defects,
        )
        for row in rows
        if row.published_at is not None
    ]
