"""Versions of the impact that say that the one before was wrong, as the ledger sees them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from incidents.choices import RevisionReason
from incidents.models import ImpactStatement
from reviews.choices import LapseCode
from reviews.models import Lapse

_WRONG: Final = frozenset({RevisionReason.CAPTURED_INCORRECTLY, RevisionReason.COMMUNICATED_INCORRECTLY})


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One such version. `wrong_at` is when the wrong one was stated or, where only a message was wrong, when that was
    noticed; `earlier_wrong` is none for the first of an incident, and else how many others of it were wrong;
    `is_asked` says that a message that went out with the version before was asked about already.
    """

    incident_id: int
    version_id: int
    version: int
    reason: str
    wrong_at: datetime
    earlier_wrong: int
    is_asked: bool = False

    @property
    def source_key(self) -> str:
        return f"impact:{self.version_id}"


def wrong(revisions: Iterable[tuple[int, int]]) -> list[Wrong]:
    """Of these versions, each incident and number, the ones that count; two queries."""
    wanted = set(revisions)
    if not wanted:
        return []
    asked = _asked({incident for incident, _ in wanted})
    rows = ImpactStatement.objects.filter(incident__in={incident for incident, _ in wanted})
    found: list[Wrong] = []
    before: dict[int, datetime] = {}
    earlier = dict.fromkeys((incident for incident, _ in wanted), 0)
    for row in rows.order_by("incident_id", "version"):
        if row.revision_reason in _WRONG:
            if (row.incident_id, row.version) in wanted:
                recorded = row.revision_reason == RevisionReason.CAPTURED_INCORRECTLY
                made = Wrong(
                    incident_id=row.incident_id,
                    version_id=row.pk,
                    version=row.version,
                    reason=row.revision_reason,
                    wrong_at=before.get(row.incident_id, row.as_of) if recorded else row.as_of,
                    earlier_wrong=earlier[row.incident_id],
                    is_asked=any(
                        before.get(row.incident_id, row.as_of) <= at <= row.as_of
                        for at in asked.get(row.incident_id, ())
                    ),
                )
                found.append(made)
            earlier[row.incident_id] += 1
        before[row.incident_id] = row.as_of
    return [replace(one, earlier_wrong=earlier[one.incident_id] - 1) if one.earlier_wrong else one for one in found]


def _asked(incidents: Iterable[int]) -> dict[int, list[datetime]]:
    """By incident: when messages left that were asked about because of their facts."""
    found: dict[int, list[datetime]] = {}
    rows = Lapse.objects.filter(incident__in=incidents, code=LapseCode.L08, source_key__startswith="update:")
    for incident, at in rows.values_list("incident", "occurred_at"):
        found.setdefault(incident, []).append(at)
    return found
