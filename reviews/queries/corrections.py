"""Mistakes that were known in an incident, and who was told what is right, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from comms.choices import UpdateKind
from comms.models import Update
from incidents.choices import WRONG_REVISIONS, EntryKind
from incidents.models import ImpactStatement, TimelineEntry


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A mistake that people had read: since when it was known, when the last of them who were told heard what is
    right, who had read it and who was told.
    """

    incident_id: int
    source_key: str
    known_at: datetime
    corrected_at: datetime | None
    readers: frozenset[str]
    told: frozenset[str]


def of(incident_ids: Sequence[int]) -> list[Mistake]:
    """Every known mistake of these incidents; four queries."""
    sent: dict[int, list[Update]] = {}
    rows = Update.objects.filter(incident__in=incident_ids, published_at__isnull=False).select_related(
        "impact_statement"
    )
    for row in rows.prefetch_related("audiences").order_by("published_at", "pk"):
        sent.setdefault(row.incident_id, []).append(row)
    return [*_messages(incident_ids, sent), *_versions(incident_ids, sent)]


def _messages(incident_ids: Sequence[int], sent: dict[int, list[Update]]) -> list[Mistake]:
    """Messages whose correction somebody began: that is when the mistake was known, or when the portal told of it.

    What the portal found and nobody corrected may be none: the question about its language asks that.
    """
    begun: dict[int, list[Update]] = {}
    rows = Update.objects.filter(incident__in=incident_ids, kind=UpdateKind.CORRECTION, corrects__isnull=False)
    for row in rows.order_by("created_at", "pk"):
        if row.corrects_id is not None:
            begun.setdefault(row.corrects_id, []).append(row)
    told_of = _told_of(incident_ids) if begun else {}
    found = []
    for wrong in (row for each in sent.values() for row in each if row.pk in begun):
        corrections = begun[wrong.pk]
        moments = [row.published_at for row in corrections if row.published_at is not None]
        if wrong.withdrawn_at is not None:
            moments.append(wrong.withdrawn_at)
        readers = _codes([wrong])
        found.append(
            Mistake(
                incident_id=wrong.incident_id,
                source_key=f"update:{wrong.pk}",
                known_at=min(filter(None, (corrections[0].created_at, told_of.get(wrong.pk)))),
                corrected_at=min(moments, default=None),
                readers=readers,
                told=readers if moments else frozenset(),  # a correction goes to whom the wrong one went
            )
        )
    return found


def _told_of(incident_ids: Sequence[int]) -> dict[int, datetime]:
    """When the portal told of a mistake that it had found in a sent message."""
    entries = TimelineEntry.objects.filter(incident__in=incident_ids, kind=EntryKind.UPDATE_DEFECT_FOUND)
    return {int(row.data["update"]): row.at for row in entries.order_by("-at")}


def _versions(incident_ids: Sequence[int], sent: dict[int, list[Update]]) -> list[Mistake]:
    """Versions of the impact that say that the one before was wrong, where messages had gone out with that one.

    Any message after it says what is right, for it is compared with the version that then stands.
    """
    found = []
    rows = ImpactStatement.objects.filter(incident__in=incident_ids, revision_reason__in=WRONG_REVISIONS)
    for version in rows.order_by("incident_id", "version"):
        updates = sent.get(version.incident_id, [])
        before = [row for row in updates if row.published_at and row.published_at < version.as_of]
        wrong = [row for row in before if row.impact_statement and row.impact_statement.version == version.version - 1]
        readers = _codes(row for row in wrong if row.withdrawn_at is None)
        first: dict[str, datetime] = {}
        for row in updates:
            if row.published_at is not None and row.published_at >= version.as_of:
                for code in _codes([row]) & readers:
                    first.setdefault(code, row.published_at)
        if readers:
            found.append(
                Mistake(
                    incident_id=version.incident_id,
                    source_key=f"impact:{version.pk}",
                    known_at=version.as_of,
                    corrected_at=max(first.values(), default=None),
                    readers=readers,
                    told=frozenset(first),
                )
            )
    return found


def _codes(updates: Iterable[Update]) -> frozenset[str]:
    return frozenset(audience.code for row in updates for audience in row.audiences.all())
