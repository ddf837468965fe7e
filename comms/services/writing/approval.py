"""Readers of an update: asked, answering, or not there in time. The quality check never breaks the promise."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comms.choices import Reading, UpdateState
from comms.models import Update
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import policies
from comms.queries.writing import updates as update_queries
from comms.rules import approval
from comms.rules.checking import gate
from comms.services.writing import checking, readers, updates
from incidents.queries import command
from mim_portal.lib import times
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.choices import Role
from teams.models import Person
from teams.rules import roles


class NotChecked(Refusal):
    """Nobody approves or sends a text that was not checked as it stands."""

    code = "not_checked"


class NeedsSecondReader(Refusal):
    """Somebody else has to read it, and nobody has yet."""

    code = "second_reader"


class NeedsGate(NeedsSecondReader):
    """Legal and security have to read it; no timer releases it, and the neutral words never wait."""

    code = "gate"


@transaction.atomic
def submit(*, update_id: int, person: Person, now: datetime) -> Update:
    """Ask for a reader; whoever is on the rota is told at once. The three minutes start with the first request for
    this text.
    """
    update = updates.lock(update_id=update_id, person=person)
    updates.refuse_sent(update)
    if update.submitted_at is None:
        update.submitted_at = now
        update.returned_at, update.returned_by, update.return_comment = None, None, ""
        update.save(update_fields=["submitted_at", "returned_at", "returned_by", "return_comment"])
        decision = outlook(update, now=now)
        if decision.needs != Reading.ALONE:
            readers.ask(update, person=person, decision=decision, now=now)
        updates.announce(update)
    return update


@transaction.atomic
def approve(*, update_id: int, person: Person, now: datetime) -> Update:
    """A second reader, who wrote none of it, stands for this very text; somebody of legal and security lets it out."""
    update = _locked_for_reader(update_id=update_id, person=person)
    content_hash = update_queries.content_hash(update)
    if update.checked_hash != content_hash:
        raise NotChecked(_("This text was not checked as it stands. Check it first, then approve it."))
    refuse_blocked(update, content_hash=content_hash)
    update.approved_by, update.approved_at, update.approved_hash = person, now, content_hash
    if person.has_role(*roles.GATE_READERS):
        update.cleared_by, update.cleared_at, update.cleared_hash = person, now, content_hash
    if decide(update, now=now).reason in (approval.READ, approval.CLEARED, approval.NOT_NEEDED):
        update.state = UpdateState.APPROVED  # a text that still waits for legal and security is not approved yet
    update.save(
        update_fields=[
            *("state", "approved_by", "approved_at", "approved_hash"),
            *("cleared_by", "cleared_at", "cleared_hash"),
        ]
    )
    updates.announce(update)
    return update


@transaction.atomic
def send_back(*, update_id: int, person: Person, comment: str, now: datetime) -> Update:
    """A reader returns the text with a word to its author, who hears at once. Nothing is sent, and no promise moves.

    It stays between the two of them: the comment stands on the draft until it is asked about again, and nowhere else.
    """
    if not comment.strip():
        raise Invalid(_("Say what should be different, so that the author can act on it."), field="comment")
    update = _locked_for_reader(update_id=update_id, person=person)
    updates.unapprove(update)
    update.returned_by, update.returned_at, update.return_comment = person, now, comment.strip()[:1000]
    update.save()
    readers.tell_returned(update, by=person)
    updates.announce(update)
    return update


def _locked_for_reader(*, update_id: int, person: Person) -> Update:
    update = updates.lock(update_id=update_id, person=person)
    updates.refuse_sent(update)
    if not person.has_role(*roles.SECOND_READERS):
        raise Forbidden(_("Your role does not make you a second reader."))
    if not approval.may_read(reader_id=person.pk, author_ids=[update.author_id]):
        raise Refusal(_("You wrote this text: somebody else has to read it."), code="own_update")
    return update


def refuse_blocked(update: Update, *, content_hash: str) -> None:
    """What stops the text stops its approval too, unless a reason was given for it."""
    rows = update_queries.findings(update, content_hash=content_hash)
    open_rows = [checking.as_found(row) for row in rows if row.is_blocking and not row.override_reason]
    hard = [found for found in open_rows if not gate.can_send_now(found, kind=update.kind)]
    if hard:
        raise Refusal(
            _("Something in the text stops it. Correct it, or have the author give a reason, then approve it."),
            code="blocked",
            extra={"findings": [checking.plain(found) for found in hard]},
        )


def outlook(update: Update, *, now: datetime) -> approval.Decision:
    """What the composer says about readers; a text not checked yet is taken as one whose checker will answer."""
    is_checked = update.checked_hash == update_queries.content_hash(update)
    return decide(update, now=now, language_checked=update.language_checked or not is_checked)


def decide(update: Update, *, now: datetime, language_checked: bool | None = None) -> approval.Decision:
    """Whether the update may leave as far as its readers go."""
    content_hash = update_queries.content_hash(update)
    if language_checked is None:
        language_checked = update.language_checked and update.checked_hash == content_hash
    audiences = list(update.audiences.all())
    codes = {audience.code for audience in audiences}
    needs = _needs(update, language_checked=language_checked)
    due = [row.due_at for row in audience_queries.promised(update.incident) if row.audience.code in codes]
    return approval.decide(
        needs=needs,
        author_ids=[update.author_id],
        reader_ids=_who(update.approved_by_id, update.approved_hash == content_hash),
        cleared_by=next(iter(_who(update.cleared_by_id, update.cleared_hash == content_hash)), None),
        asked_at=update.submitted_at,
        earliest_due_at=min(due, default=None),
        now=now,
        tz=timezone.get_current_timezone(),
    )


def _needs(update: Update, *, language_checked: bool) -> Reading:
    """What the policy asks; the gate stands only where somebody else is there to keep it."""
    readings = policies.readings(kind=update.kind, audiences=update.audiences.all())
    is_marked = bool(update.incident.marks)
    asked = approval.needed(kind=update.kind, readings=readings, is_marked=is_marked, language_checked=language_checked)
    if asked != Reading.GATE or policies.gate_keepers(update.incident, besides=[update.author_id]):
        return asked
    return approval.needed(
        kind=update.kind,
        readings=readings,
        is_marked=is_marked,
        has_gate=False,
        language_checked=language_checked,
    )


def _who(person_id: int | None, is_this_text: bool) -> list[int]:
    return [person_id] if is_this_text and person_id is not None else []


def unread(decision: approval.Decision) -> NeedsSecondReader:
    """The refusal of a text that nobody else has read, with the time from which the manager alone may send it."""
    release_at = times.iso(decision.release_at) if decision.release_at else None
    extra = {"reason": decision.reason, "release_at": release_at}
    if decision.needs == Reading.GATE:
        return NeedsGate(decision.message, extra=extra | {"neutral_words": policies.neutral_words()})
    return NeedsSecondReader(decision.message, extra=extra)


def release_reason(update: Update, *, person: Person, now: datetime) -> str:
    """Why the update leaves without a second reader, "" where it was read or needs none; refuses where it may not.

    Only the accountable manager, or a deputy, releases alone: it is their promise.
    """
    decision = decide(update, now=now)
    if not decision.released:
        raise unread(decision)
    if decision.reason not in (approval.TIMER_RAN_OUT, approval.DEADLINE_NEAR, approval.DEADLINE_PASSED):
        return ""
    if person != command.current_manager(update.incident) and not person.has_role(Role.DEPUTY):
        raise NeedsSecondReader(
            _("Only the accountable manager can release this without a second reader. Ask one of them."),
            extra={"reason": approval.NOT_ASKED, "release_at": None},
        )
    if decision.reason == approval.DEADLINE_NEAR:
        return _("Less than three minutes to the promised time.")
    if decision.reason == approval.DEADLINE_PASSED:
        return _("The promised time had passed.")
    asked_at = update.submitted_at or now
    return _("A second reader was asked at %(time)s and did not answer within three minutes.") % {
        "time": times.clock_time(asked_at)
    }
