"""Incidents that were opened again after users had been told that the service works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from comms.choices import UpdateKind
from comms.models import Update
from incidents.models import TimelineEntry


@dataclass(frozen=True, kw_only=True)
class Reopened:
    """When users were told that it works, and when it failed again."""

    incident_id: int
    entry_id: int
    told_at: datetime
    reopened_at: datetime

    @property
    def source_key(self) -> str:
        return f"reopened:{self.entry_id}"


def of(entry_ids: Sequence[int]) -> list[Reopened]:
    """The entries before which a restored message went out; one query."""
    told = Update.objects.filter(
        incident=OuterRef("incident"), kind=UpdateKind.RESTORED, published_at__lte=OuterRef("at")
    ).order_by("-published_at")
    rows = TimelineEntry.objects.filter(pk__in=entry_ids).annotate(told_at=Subquery(told.values("published_at")[:1]))
    return [
        Reopened(incident_id=row.incident_id, entry_id=row.pk, told_at=row.told_at, reopened_at=row.at)
        for row in rows.order_by("pk")
        if row.told_at is not None
    ]
