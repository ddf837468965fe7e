"""A score that the desk disputes: a reason, an answer by whoever answers for the practice, and both scores kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import DisputeOutcome, SafetyAnswer
from incidents.models import Candidate, CommandTenure, IntakeDispute
from incidents.rules import intake_corrections
from incidents.rules.intake import CAP_WITHOUT_SAFETY
from incidents.services.desk import desk_events
from incidents.services.desk.candidates import UnknownCandidate
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Person


@transaction.atomic
def dispute(*, reference: str, item: str, reason: str, person: Person, now: datetime) -> IntakeDispute:
    """The desk says that an item, or the whole record, was read wrongly."""
    candidate = _lock(reference)
    if candidate.intake_score is None:
        raise Refusal(_("This record has no score that could be disputed."), code="not_scored")
    if not reason.strip():
        raise Invalid(_("Say what the record says that was not seen."), code="required", field="reason")
    if item and item not in {row["code"] for row in candidate.intake_detail.get("items", ())}:
        raise Invalid(_("Choose what was read wrongly."), field="item")
    if IntakeDispute.objects.filter(candidate=candidate, outcome=DisputeOutcome.OPEN).exists():
        raise Refusal(_("Somebody has said so already, and the answer is on its way."), code="already_disputed")
    made = IntakeDispute.objects.create(
        candidate=candidate, item=item, reason=reason.strip()[:500], disputed_by=person, disputed_at=now,
        score_before=score_of(candidate),
    )  # fmt: skip
    _audit("candidate.score_disputed", made, person, {"item": item})
    return made


@transaction.atomic
def answer(
    *, dispute_id: int, answer: str, corrections: Mapping[str, str], person: Person, now: datetime
) -> IntakeDispute:
    """Keep the score with a reason, or correct it item by item: the new one stands beside the old."""
    found = IntakeDispute.objects.select_related("candidate").filter(pk=dispute_id).first()
    if found is None:
        raise UnknownCandidate(_("There is no such dispute."))
    candidate = _lock(found.candidate.reference or "")
    found = IntakeDispute.objects.select_for_update(no_key=True, of=("self",)).get(pk=dispute_id)
    if found.outcome != DisputeOutcome.OPEN:
        raise Refusal(_("This has an answer already."), code="already_answered")
    if not may_answer(candidate, person):
        raise Forbidden(_("The practice lead or the incident's manager answers this."))
    if not answer.strip():
        raise Invalid(_("Give the reason: the desk reads it."), code="required", field="answer")
    found.candidate = candidate
    found.answer, found.answered_by, found.answered_at = answer.strip()[:500], person, now
    found.outcome = DisputeOutcome.CORRECTED if corrections else DisputeOutcome.KEPT
    if corrections:
        _correct(found, candidate, corrections)
    found.save()
    _audit(
        f"candidate.score_{found.outcome}", found, person, {"before": found.score_before, "after": found.score_after}
    )
    return found


def may_answer(candidate: Candidate, person: Person) -> bool:
    """The practice lead; the incident's managers; where there is no incident, the manager who decided."""
    if person.has_role(Role.PRACTICE_LEAD):
        return True
    if candidate.incident_id is None:
        return candidate.decided_by_id == person.pk
    return CommandTenure.objects.filter(incident=candidate.incident_id, manager=person).exists()


def score_of(candidate: Candidate) -> int:
    """The score that holds: the latest corrected one, else that of the moment when the record was raised."""
    corrected = (
        IntakeDispute.objects.filter(candidate=candidate, score_after__isnull=False)
        .order_by("-answered_at", "-pk")
        .first()
    )
    score = corrected.score_after if corrected else candidate.intake_score
    return int(score or 0)


def _correct(found: IntakeDispute, candidate: Candidate, corrections: Mapping[str, str]) -> None:
    items = _items(candidate)
    wrong = intake_corrections.unknown_items(items, corrections)
    if wrong:
        raise Invalid(_("There is nothing called %s to correct.") % ", ".join(wrong), field="corrections")
    earlier = IntakeDispute.objects.filter(candidate=candidate, outcome=DisputeOutcome.CORRECTED).order_by(
        "answered_at", "pk"
    )
    standing = {code: grade for one in earlier for code, grade in one.corrections.items()}
    result = intake_corrections.corrected(
        items,
        corrections=standing | dict(corrections),
        safety_is_answered=_safety_was_answered(candidate),
    )
    found.corrections = dict(corrections)
    found.score_after, found.band_after, found.rubric_version = result.score, result.band, result.rubric_version


def _safety_was_answered(candidate: Candidate) -> bool:
    """Whether the safety question held the score down; a lower cap hides that, then the record itself tells."""
    capped_at = candidate.intake_detail.get("capped_at")
    return capped_at is None or (
        capped_at != CAP_WITHOUT_SAFETY and candidate.safety_or_security in SafetyAnswer.values
    )


def _items(candidate: Candidate) -> list[dict[str, Any]]:
    return list(candidate.intake_detail.get("items", ()))


def _lock(reference: str) -> Candidate:
    found = Candidate.objects.select_for_update(no_key=True, of=("self",)).filter(reference=reference).first()
    if found is None:
        raise UnknownCandidate(_("There is no candidate %s.") % reference)
    return found


def _audit(verb: str, made: IntakeDispute, person: Person, data: dict[str, Any]) -> None:
    subject = made.candidate.reference or ""
    AuditEntry.objects.create(actor=person, verb=verb, subject=subject, data={"dispute": made.pk, **data})
    desk_events.changed(made.candidate)
