"""Updates that left with mistakes of language, as the ledger sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, F, Q

from comms.choices import UpdateState
from comms.models import Update

_LANGUAGE: Final = ("C09", "C10")


@dataclass(frozen=True, kw_only=True)
class Defective:
    """A sent update and how many mistakes that would have stopped it left with it, found later or without a reason."""

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
    """Those of the updates that were sent and left with any, in their order.

    A reason settles a mistake that was known before, unless the message was corrected or taken back later.
    """
    known = Q(findings__content_hash=F("published_hash"), findings__code__in=_LANGUAGE)
    known &= Q(findings__override_reason="") | Q(state__in=[UpdateState.CORRECTED, UpdateState.WITHDRAWN])
    later = Q(findings__is_blocking=True) & (Q(findings__found_after_sending=True) | known)
    sent = Update.objects.filter(pk__in=update_ids, published_at__isnull=False).order_by("pk")
    rows = sent.annotate(defects=Count("findings", filter=later)).filter(defects__gt=0).prefetch_related("audiences")
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
