"""From draft to published: submitted, sent back, signed off. Signing off publishes, with roles instead of names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib import times
from mim_portal.lib.findings import Finding
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from reviews.choices import ReviewState
from reviews.models import ContributingFactor, ImprovementAction, Review
from reviews.queries import naming
from reviews.queries import reviews as review_queries
from reviews.rendering import blame, protection
from reviews.services import reviews
from teams.models import Person


class NotReady(Refusal):
    """Something that every published review has is not there yet."""

    code = "not_ready"


class Blaming(Refusal):
    """The lint found blame that nobody has reworded or decided to keep."""

    code = "blocked"


@transaction.atomic
def submit(*, reference: str, person: Person, now: datetime) -> Review:
    """The draft is ready to be read by others."""
    review = reviews.editable(reference=reference, person=person)
    if review.state == ReviewState.IN_REVIEW:
        return review
    if not str(review.sections.get("summary", "")).strip():
        raise NotReady(_("Write the summary first: it is what most people will read."))
    review.state = ReviewState.IN_REVIEW
    review.submitted_at = now
    _audit("review_submitted", review, person)
    return reviews.save(review, ["state", "submitted_at"], now=now)


@transaction.atomic
def send_back(*, reference: str, person: Person, now: datetime) -> Review:
    """There is more to write."""
    review = reviews.editable(reference=reference, person=person)
    review.state = ReviewState.DRAFT
    _audit("review_sent_back", review, person)
    return reviews.save(review, ["state"], now=now)


@transaction.atomic
def override(*, reference: str, person: Person, part: str, code: str, text: str, reason: str, now: datetime) -> Review:
    """Let one finding stand, with the reason. It holds for these words in this part only."""
    review = reviews.editable(reference=reference, person=person)
    _override(review, person, [{"part": part, "code": code, "text": text, "reason": reason}], now=now)
    return reviews.save(review, ["lint_overrides"], now=now)


@transaction.atomic
def sign_off(*, reference: str, person: Person, overrides: Iterable[Mapping[str, Any]] = (), now: datetime) -> Review:
    """Publish the review: at least one factor, every action complete, no blame or name that nobody answered for.

    Names become roles in what is kept from now on.
    """
    review = reviews.editable(reference=reference, person=person)
    if review.state != ReviewState.IN_REVIEW:
        raise NotReady(_("Submit the review first, so that others can read it before it is signed off."))
    factors, actions = review_queries.factors(review), review_queries.actions(review)
    _complete(factors, actions)
    phrases = naming.phrases(review.incident)
    _protect(review, factors, actions, phrases)
    _override(review, person, overrides, now=now)
    open_remarks = [remark for remark in blame.of_draft(review, factors, actions, phrases=phrases) if remark.blocks]
    if open_remarks:
        raise Blaming(
            _("The review says whose fault something was, or names somebody. Reword it, or say why the words stay."),
            extra={"findings": [described(remark.part, remark.finding) for remark in open_remarks]},
        )
    ContributingFactor.objects.bulk_update(factors, ["statement", "evidence_note"])
    ImprovementAction.objects.bulk_update(actions, ["title", "done_means", "measure"])
    review.state, review.published_at, review.signed_off_by = ReviewState.PUBLISHED, now, person
    _audit("review_signed_off", review, person)
    return reviews.save(review, ["state", "published_at", "signed_off_by", "sections", "lint_overrides"], now=now)


def described(part: str, finding: Finding) -> dict[str, Any]:
    """A finding as plain data, the same in every answer."""
    return {
        "part": part,
        "code": finding.code,
        "severity": finding.severity,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "message": finding.message,
        "suggestions": list(finding.suggestions),
    }


def _complete(factors: list[ContributingFactor], actions: list[ImprovementAction]) -> None:
    if not factors:
        raise NotReady(_("Name at least one contributing factor: without one, the review says what happened, not how."))
    unfinished = [action.title for action in actions if not action.done_means.strip()]
    if unfinished:
        raise NotReady(
            _("Say what done means for: %(actions)s.") % {"actions": "; ".join(unfinished)},
            extra={"actions": [action.pk for action in actions if not action.done_means.strip()]},
        )


def _protect(
    review: Review,
    factors: Sequence[ContributingFactor],
    actions: Sequence[ImprovementAction],
    phrases: Mapping[str, str],
) -> None:
    texts = [*review.sections.values(), *(f"{row.statement} {row.evidence_note}" for row in factors)]
    texts += [f"{row.title} {row.done_means} {row.measure}" for row in actions]
    phrases = protection.narrowed(phrases, map(str, texts))
    review.sections = {code: protection.as_roles(str(text), phrases) for code, text in review.sections.items()}
    for factor in factors:
        factor.statement = protection.as_roles(factor.statement, phrases)
        factor.evidence_note = protection.as_roles(factor.evidence_note, phrases)[:500]
    for action in actions:
        action.title = protection.as_roles(action.title, phrases)[:300]
        action.done_means = protection.as_roles(action.done_means, phrases)[:500]
        action.measure = protection.as_roles(action.measure, phrases)[:500]


def _override(review: Review, person: Person, rows: Iterable[Mapping[str, Any]], *, now: datetime) -> None:
    for row in rows:
        reason = str(row.get("reason", "")).strip()
        if not reason:
            raise Invalid(_("Say why these words have to stand."), field="reason")
        kept = {
            "part": str(row["part"]),
            "code": str(row["code"]),
            "text": str(row["text"]),
            "reason": reason[:500],
            "by": person.pk,
            "at": times.iso(now),
        }
        review.lint_overrides.append(kept)
        _audit("review_finding_overridden", review, person, part=kept["part"], code=kept["code"])


def _audit(verb: str, review: Review, person: Person, **data: Any) -> None:
    AuditEntry.objects.create(actor=person, verb=verb, subject=review.incident.reference, data=data)
