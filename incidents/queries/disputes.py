"""How a record was read, fact by fact in words, and who disputed it."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.choices import DisputeOutcome
from incidents.models import Candidate, IntakeDispute
from incidents.rules.intake_questions import BY_CODE


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One fact as the rubric read it."""

    code: str
    name: str
    reason: str
    grade: str


def readings(candidate: Candidate) -> list[Reading]:
    """Each fact with the reason for how it was read; numbers are left to those who need them."""
    items = candidate.intake_detail.get("items") or []
    return [
        Reading(
            code=item["code"],
            name=BY_CODE[item["code"]].short.rstrip("?").capitalize(),
            reason=item["reason"],
            grade=item["grade"],
        )
        for item in items
        if item.get("code") in BY_CODE
    ]


def of_candidate(candidate: Candidate) -> Sequence[IntakeDispute]:
    """All disputes of a record in their order."""
    found = IntakeDispute.objects.filter(candidate=candidate).select_related("disputed_by", "answered_by")
    return list(found.order_by("disputed_at", "pk"))


def get(candidate: Candidate, dispute_id: int) -> IntakeDispute | None:
    """One of the record's disputes."""
    return IntakeDispute.objects.filter(candidate=candidate, pk=dispute_id).first()


def is_open(disputes: Sequence[IntakeDispute]) -> bool:
    """Whether one waits for its answer."""
    return any(one.outcome == DisputeOutcome.OPEN for one in disputes)
