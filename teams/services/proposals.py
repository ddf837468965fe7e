"""A profile grows by proposals: anybody of the practice proposes, the team alone decides, and says so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Forbidden, Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.choices import ProposalState
from teams.models import Person, ProfileProposal, ProfileVote, Team
from teams.queries import calling
from teams.rules import profiles as rules
from teams.services import profiles

MOST_WORDS = 2000


class AlreadyAnswered(Refusal):
    """The team has answered this proposal."""

    code = "already_answered"


class SaysSo(Refusal):
    """The profile says already what is proposed."""

    code = "says_so_already"


@transaction.atomic
def propose(*, team: Team, person: Person, field: str, text: str, reason: str, now: datetime) -> ProfileProposal:
    """Other words for one field, with what speaks for them: what an incident showed, never about a person."""
    reason = _words(reason, field="reason")
    if not reason:
        raise Invalid(_("Say what speaks for it: what happened, and what would have helped."), field="reason")
    kept = _value(field, text)
    current = calling.current_profile(team)
    if rules.as_text(kept) == rules.as_text(getattr(current, field, "")):
        raise SaysSo(_("The profile says that already."), field="text")
    waits = ProfileProposal.objects.filter(
        team=team, field=field, text=rules.as_text(kept), state=ProposalState.OPEN
    ).exists()
    if waits:
        raise SaysSo(_("The same proposal waits for the team already."), field="text")
    proposal = ProfileProposal.objects.create(
        team=team, field=field, text=rules.as_text(kept), reason=reason, proposed_by=person, proposed_at=now
    )
    _audit(proposal, "profile.proposed", person=person)
    return proposal


@transaction.atomic
def accept(
    *, team: Team, proposal_id: int, person: Person, now: datetime, answer: str = "", version: int | None = None
) -> ProfileProposal:
    """A member takes the words up: they make a new version, which is confirmed by that."""
    current = profiles.locked(team, person=person, version=version)
    proposal = _open(team, proposal_id)
    proposal.made = profiles.following(
        current,
        team=team,
        author=proposal.proposed_by,
        confirmed_by=person,
        fields={proposal.field: _value(proposal.field, proposal.text)},
        now=now,
    )
    return _answered(proposal, ProposalState.ACCEPTED, answer, person=person, now=now)


@transaction.atomic
def reject(*, team: Team, proposal_id: int, person: Person, answer: str, now: datetime) -> ProfileProposal:
    """A member says why not; whoever proposed it reads the words."""
    profiles.locked(team, person=person)
    proposal = _open(team, proposal_id)
    if not answer.strip():
        raise Invalid(_("Say why not in one line: whoever proposed it reads it."), field="answer")
    return _answered(proposal, ProposalState.REJECTED, answer, person=person, now=now)


@transaction.atomic
def vote(*, team: Team, person: Person, is_accurate: bool, now: datetime, version: int | None = None) -> ProfileVote:
    """Whoever called the team by its profile says whether it proved right; the newest word of each counts."""
    if profiles.may_edit(team=team, person=person):
        raise Forbidden(_("Your own team's profile is confirmed, not voted on."))
    current = calling.current_profile(team)
    if current is None:
        raise profiles.NothingToConfirm(_("The team has no profile yet."))
    if version is not None and version != current.version:
        raise profiles.Outdated(_("The team has a newer version. Read it first."))
    given, _created = ProfileVote.objects.update_or_create(
        profile=current, person=person, defaults={"is_accurate": is_accurate, "voted_at": now}
    )
    return given


def _open(team: Team, proposal_id: int) -> ProfileProposal:
    proposal = ProfileProposal.objects.select_related("team", "proposed_by").filter(team=team, pk=proposal_id).first()
    if proposal is None:
        raise Missing(_("There is no such proposal."))
    if proposal.state != ProposalState.OPEN:
        raise AlreadyAnswered(_("Your team has answered it already: %s.") % proposal.get_state_display().lower())
    return proposal


def _answered(
    proposal: ProfileProposal, state: ProposalState, answer: str, *, person: Person, now: datetime
) -> ProfileProposal:
    proposal.state, proposal.answer = state, _words(answer, field="answer")
    proposal.answered_by, proposal.answered_at = person, now
    proposal.save(update_fields=["state", "answer", "answered_by", "answered_at", "made"])
    _audit(proposal, f"profile.proposal_{state}", person=person)
    return proposal


def _value(field: str, text: str) -> object:
    """The field's value as the profile would keep it."""
    try:
        value = rules.from_text(field, _words(text, field="text"))
    except ValueError as error:
        raise Invalid(_("Give the minutes as a number."), field="text") from error
    try:
        return profiles.cleaned({field: value})[field]
    except Invalid as refusal:
        raise Invalid(refusal.message, field="field" if field not in rules.FIELDS else "text") from refusal


def _words(text: str, *, field: str) -> str:
    if len(text) > MOST_WORDS:
        raise Invalid(_("Keep it under %d characters.") % MOST_WORDS, field=field)
    return text.strip()


def _audit(proposal: ProfileProposal, verb: str, *, person: Person) -> None:
    data = {"proposal": proposal.pk, "field": proposal.field}
    AuditEntry.objects.create(actor=person, verb=verb, subject=proposal.team.slug, data=data)
