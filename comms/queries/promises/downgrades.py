"""Priorities that went down, and who has yet to be told: until then their update times stay as they were."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comms.choices import UpdateKind
from comms.models import OwedAudience, Update
from comms.rules.promises import downgrades as rules
from incidents.choices import EntryKind
from incidents.models import TimelineEntry
from incidents.rules import priority


def is_one(data: Mapping[str, Any]) -> bool:
    """Whether a change of priority, as its entry has it, went down."""
    return priority.is_downgrade(before=str(data.get("from", "")), after=str(data.get("to", "")))


def happened(incident_id: int) -> bool:
    """Whether the incident's priority ever went down."""
    return any(is_one(entry.data) for entry in _changes([incident_id]))


def awaited(incident_ids: Sequence[int]) -> dict[int, list[str]]:
    """By incident, the codes of owed audiences that have yet to get the downgrade message, in the order of sending.

    One query where no priority ever went down, three otherwise, for a whole page.
    """
    found: dict[int, list[str]] = {pk: [] for pk in incident_ids}
    entries = _changes(incident_ids)
    lowered = {entry.incident_id for entry in entries if is_one(entry.data)}
    if not lowered:
        return found
    changes: dict[int, list[rules.Change]] = defaultdict(list)
    for entry in entries:
        change = rules.Change(at=entry.recorded_at, before=entry.data["from"], after=entry.data["to"])
        changes[entry.incident_id].append(change)
    told = _told(lowered)
    owed = OwedAudience.objects.filter(incident__in=lowered, owed_until=None).select_related("audience")
    for row in owed.order_by("audience__position", "audience_id"):
        if rules.is_awaited(changes[row.incident_id], told_at=told[row.incident_id, row.audience_id]):
            found[row.incident_id].append(row.audience.code)
    return found


def facet(incident_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """For the API: who keeps the old update times until the downgrade message (settings.INCIDENT_FACETS)."""
    return {pk: {"awaiting_downgrade": codes} for pk, codes in awaited(incident_ids).items()}


def _changes(incident_ids: Sequence[int]) -> list[TimelineEntry]:
    found = TimelineEntry.objects.filter(incident__in=list(incident_ids), kind=EntryKind.PRIORITY_CHANGED)
    return list(found.order_by("incident_id", "seq"))


def _told(incident_ids: set[int]) -> dict[tuple[int, int], list[datetime]]:
    told: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    sent = Update.objects.filter(incident__in=incident_ids, kind=UpdateKind.DOWNGRADE, published_at__isnull=False)
    for row in sent.values("incident_id", "audiences", "published_at"):
        if row["published_at"] is not None:
            told[row["incident_id"], row["audiences"]].append(row["published_at"])
    return told
