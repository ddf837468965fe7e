"""What the desk raises: drafts, candidates with their score, questions back, and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, CandidateState, EntryKind, EntrySource
from incidents.models import Candidate, Incident
from incidents.queries import reports
from incidents.rules import intake, titles
from incidents.services import locking, timeline
from incidents.services.desk import candidate_rows, desk_events, desk_facts
from incidents.services.record import attachment_files
from incidents.services.states import numbering
from incidents.services.timeline import Entry
from mim_portal.lib import addresses, hooks, times
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person


class UnknownCandidate(Missing):
    """No candidate has this reference."""


class AlreadyDecided(Refusal):
    """Somebody was faster: the message says who, when and what."""

    code = "already_decided"


@transaction.atomic
def save_draft(*, person: Person, facts: Mapping[str, Any], draft_id: int | None, now: datetime) -> Candidate:
    """Keep an unfinished form as it stands; nothing is required, nothing is scored, nobody else sees it."""
    draft = _own_draft(person=person, draft_id=draft_id) if draft_id else Candidate(raised_by=person, created_at=now)
    desk_facts.fill(draft, facts)
    draft.state, draft.saved_at = CandidateState.DRAFT, now
    draft.save()
    return draft


@transaction.atomic
def discard_draft(*, person: Person, draft_id: int) -> None:
    """Throw the person's own draft away, with its files."""
    draft = _own_draft(person=person, draft_id=draft_id)
    files = list(draft.attachments.values_list("stored_name", flat=True))
    draft.delete()
    transaction.on_commit(lambda: attachment_files.delete_all(files), robust=True)


@transaction.atomic
def raise_candidate(
    *,
    person: Person | None,
    facts: Mapping[str, Any],
    now: datetime,
    source: str = EntrySource.PERSON,
    draft_id: int | None = None,
    external_ref: str = "",
) -> Candidate:
    """Propose a major incident. Service, what people cannot do and a contact raise it; nothing else blocks.

    The score is kept with its reasons and what is missing. A low score is never a refusal.
    """
    candidate = (
        _own_draft(person=person, draft_id=draft_id)
        if person is not None and draft_id
        else Candidate(raised_by=person, created_at=now)
    )
    desk_facts.fill(candidate, facts)
    candidate.external_ref = external_ref or candidate.external_ref
    if person is not None:
        desk_facts.require(candidate)
    if not candidate.title:
        candidate.title = titles.title(service=desk_facts.service_words(candidate), cannot_do=candidate.cannot_do)
    desk_facts.score(candidate)
    candidate.state, candidate.source = CandidateState.OPEN, EntrySource(source)
    candidate.raised_at = candidate.saved_at = now
    if candidate._state.adding:
        candidate_rows.insert(candidate)
        desk_events.changed(candidate)
    else:  # from a draft
        candidate.reference = numbering.next_candidate(raised_at=now)
        candidate.save()
        _audit("candidate.raised", candidate, person, {"score": candidate.intake_score})
    for react in hooks.registered("CANDIDATE_REACTIONS"):
        react(candidate)
    return candidate


@transaction.atomic
def reject(*, reference: str, person: Person, reason: str, now: datetime, next_step: str = "") -> Candidate:
    """Not a major incident: the desk reads the reason, and what happens to it now."""
    candidate = lock_open(reference=reference)
    if not reason.strip():
        raise Invalid(_("Say why, so that the desk can learn from it."), code="required", field="reason")
    candidate.next_step = next_step.strip()[:300]
    decide(candidate, state=CandidateState.REJECTED, person=person, incident=None, now=now, reason=reason.strip())
    _audit("candidate.rejected", candidate, person, {})
    return candidate


@transaction.atomic
def merge(*, reference: str, into: str, person: Person, now: datetime) -> Candidate:
    """Add this report to a running incident: one more caller and site, and a broader basis of the count.

    A manager may, and so may the desk (roles.MERGERS): who answers the phones sees the duplicate first, nothing is
    lost by it, and the room shows it at once.
    """
    incident = locking.lock(reference=into, person=person, field="into")
    if incident.state not in COMMANDED_STATES:
        message = _("%(incident)s is %(state)s. Accept the candidate as an incident of its own.")
        raise Refusal(message % {"incident": into, "state": incident.get_state_display().lower()}, code="ended")
    candidate = lock_open(reference=reference)
    decide(candidate, state=CandidateState.MERGED, person=person, incident=incident, now=now)
    so_far = reports.totals(incident)
    data = {
        "candidate": candidate.reference,
        "callers_so_far": so_far.callers,
        "sites_so_far": len(so_far.sites),
    }
    entry = Entry(kind=EntryKind.DESK_REPORT_ADDED, at=now, actor_id=person.pk, data=data)
    timeline.append(incident=incident, entries=[entry])
    return candidate


def score_facts(facts: Mapping[str, Any]) -> intake.IntakeScore:
    """The score of facts that are not stored yet, for the form while somebody types."""
    unsaved = Candidate()
    desk_facts.fill(unsaved, facts)
    return intake.score(desk_facts.rule_facts(unsaved))


def lock_open(*, reference: str) -> Candidate:
    """The candidate, locked and still open; whoever comes second is told who decided, and what."""
    candidate = Candidate.objects.select_for_update(no_key=True, of=("self",)).filter(reference=reference).first()
    if candidate is None:
        raise UnknownCandidate(_("There is no candidate %s.") % reference)
    if candidate.state != CandidateState.OPEN:
        _refuse_decided(candidate)
    return candidate


def decide(
    candidate: Candidate,
    *,
    state: CandidateState,
    person: Person,
    incident: Incident | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Close a locked candidate and remember who decided."""
    candidate.state, candidate.incident = state, incident
    candidate.decided_by, candidate.decided_at, candidate.decision_reason = person, now, reason
    candidate.save(update_fields=["state", "incident", "decided_by", "decided_at", "decision_reason", "next_step"])
    desk_events.changed(candidate)


def _own_draft(*, person: Person, draft_id: int) -> Candidate:
    draft = (
        Candidate.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=draft_id, state=CandidateState.DRAFT, raised_by=person)
        .first()
    )
    if draft is None:
        raise UnknownCandidate(_("This draft was already sent or discarded."))
    return draft


def _refuse_decided(candidate: Candidate) -> NoReturn:
    who = candidate.decided_by.name if candidate.decided_by else _("Somebody")
    values = {
        "who": who,
        "reference": candidate.reference,
        "when": times.clock_time(candidate.decided_at) if candidate.decided_at else "",
        "incident": _public_reference(candidate.incident),
    }
    sentences = {
        CandidateState.ACCEPTED: _("%(who)s accepted %(reference)s at %(when)s. It is now %(incident)s."),
        CandidateState.MERGED: _("%(who)s added %(reference)s to %(incident)s at %(when)s."),
        CandidateState.REJECTED: _("%(who)s rejected %(reference)s at %(when)s."),
    }
    sentence = sentences.get(CandidateState(candidate.state), _("%(reference)s is not open."))
    by = candidate.decided_by.username if candidate.decided_by else None
    extra: dict[str, Any] = {"state": candidate.state, "incident": values["incident"], "decided_by": by}
    if candidate.incident is not None and not candidate.incident.is_private:
        extra["incident_url"] = addresses.absolute(addresses.incident(candidate.incident.reference))
    raise AlreadyDecided(sentence % values, extra=extra)


def _public_reference(incident: Incident | None) -> str:
    """A private incident is not named to whoever comes second."""
    if incident is None or incident.is_private:
        return _("another incident")
    return incident.reference


def _audit(verb: str, candidate: Candidate, person: Person | None, data: dict[str, Any]) -> None:
    AuditEntry.objects.create(actor=person, verb=verb, subject=candidate.reference or "", data=data)
    desk_events.changed(candidate)
