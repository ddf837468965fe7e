"""Estimates as they hold now, and what waits for its second reader."""

from collections.abc import Iterable, Sequence

from comms.models import Estimate
from incidents.models import Incident


def shown(incident_ids: Iterable[int]) -> dict[int, Estimate]:
    """By incident: the newest that may be shown and was not taken back."""
    rows = (
        Estimate.objects.filter(incident__in=list(incident_ids), approved_at__isnull=False, withdrawn_at=None)
        .order_by("incident_id", "-said_at", "-id")
        .distinct("incident_id")
    )
    return {row.incident_id: row for row in rows}


def of_incident(incident: Incident) -> Sequence[Estimate]:
    """Every one, the newest first."""
    rows = Estimate.objects.filter(incident=incident).select_related("said_by", "approved_by")
    return list(rows.order_by("-said_at", "-id")[:20])
