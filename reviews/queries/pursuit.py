"""What the desk could not say when it handed over, and whether it was asked for and known by the second update."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from comms.models import Update
from incidents.choices import EntrySource
from incidents.models import Candidate, ClarificationRequest, ImpactStatement

SECOND: Final = 2
# The facts that updates are written from: the desk's question, and where the statement has its answer.
_ANSWERED_IN: Final = {
    "cannot_do": "activity",
    "affected_count": "count",
    "basis": "count_basis",
    "where": "where",
    "since_when": "since",
    "business_consequence": "consequence",
    "critical_time": "critical_time",
}


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """One hand-over, as it stood when the second update left."""

    incident_id: int
    candidate_id: int
    score: int
    is_capped: bool
    accepted_at: datetime
    asked_at: datetime | None
    is_unknown: bool

    @property
    def source_key(self) -> str:
        return f"candidate:{self.candidate_id}"


def of_second_updates(update_ids: Sequence[int]) -> list[HandedOver]:
    """The first hand-over of each incident whose second update is among these; four queries."""
    sent = dict(Update.objects.filter(pk__in=update_ids, sequence=SECOND).values_list("incident_id", "published_at"))
    if not sent:
        return []
    first: dict[int, Candidate] = {}
    raised = Candidate.objects.filter(incident__in=sent, decided_at__isnull=False, intake_score__isnull=False)
    for candidate in raised.exclude(source=EntrySource.IMPORT).order_by("raised_at", "pk"):
        if candidate.incident_id is not None:
            first.setdefault(candidate.incident_id, candidate)
    statements = _statements(sent)
    asked: dict[int, list[ClarificationRequest]] = {}
    for row in ClarificationRequest.objects.filter(candidate__in=first.values()).order_by("asked_at", "pk"):
        asked.setdefault(row.candidate_id, []).append(row)
    return [
        _handed_over(candidate, statements.get(incident), asked.get(candidate.pk, []), at=sent[incident])
        for incident, candidate in sorted(first.items())
    ]


def _statements(sent: Mapping[int, datetime | None]) -> dict[int, ImpactStatement]:
    """What stood on record when each update left."""
    found: dict[int, ImpactStatement] = {}
    for row in ImpactStatement.objects.filter(incident__in=sent).order_by("incident_id", "version"):
        at = sent[row.incident_id]
        if at is not None and row.as_of <= at:
            found[row.incident_id] = row
    return found


def _handed_over(
    candidate: Candidate,
    statement: ImpactStatement | None,
    asked: Sequence[ClarificationRequest],
    *,
    at: datetime | None,
) -> HandedOver:
    assert candidate.incident_id is not None
    assert candidate.decided_at is not None
    answered = {row.field for row in asked if row.answered_at and at and row.answered_at <= at}
    missing = [str(one.get("code")) for one in candidate.intake_detail.get("missing", [])]
    unknown = [
        code
        for code in missing
        if code in _ANSWERED_IN
        and code not in answered
        and not (statement and str(getattr(statement, _ANSWERED_IN[code])).strip())
    ]
    return HandedOver(
        incident_id=candidate.incident_id,
        candidate_id=candidate.pk,
        score=candidate.intake_score or 0,
        is_capped=candidate.intake_detail.get("capped_at") is not None,
        accepted_at=candidate.decided_at,
        asked_at=asked[0].asked_at if asked else None,
        is_unknown=bool(unknown),
    )
