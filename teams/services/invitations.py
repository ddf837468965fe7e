"""Being asked in: one mail with a link that sets the first password. Until it is used nobody can sign in."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib import hooks
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.choices import InvitationState
from teams.models import Invitation, Person
from teams.rules import invitations

_SALT = "teams.invitation"
# A second press of the button is not a second mail.
_BREATH = timedelta(seconds=30)


class Useless(Refusal):
    """The link was used, has run out, was replaced by a newer one or withdrawn, or was never ours."""

    code = "invitation_useless"


class CannotInvite(Refusal):
    """The person needs no invitation, or cannot get one."""

    code = "cannot_invite"


def token(invitation: Invitation) -> str:
    """What the link of the newest mail carries."""
    return signing.dumps([invitation.pk, invitation.nonce.hex], salt=_SALT)


def opened(text: str, *, now: datetime) -> Invitation:
    """The invitation of a link that can still be used; looking at it changes nothing, since mail scanners look too."""
    try:
        pk, nonce = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError):
        _refuse(None)
    invitation = Invitation.objects.select_related("person", "invited_by").filter(pk=pk).first()
    if invitation is None or not invitation.person.is_active:
        _refuse(None)
    state = _state(invitation, now=now)
    if state != InvitationState.SENT:
        _refuse(state)
    if invitation.nonce.hex != nonce:
        raise Useless(_("A newer link was sent to you later. Use the one in the newest mail."), code="link_replaced")
    return invitation


@transaction.atomic
def accept(*, text: str, password: str, now: datetime) -> Person:
    """The link is used: the person has a password from now on, and the link is worth nothing any more."""
    found = opened(text, now=now)
    Person.objects.select_for_update().get(pk=found.person_id)
    invitation = opened(text, now=now)  # somebody may have been faster
    person = invitation.person
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
    person.set_password(password)
    person.save(update_fields=["password"])
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    _audit("invitation.accepted", person, by=person)
    return person


@transaction.atomic
def send(*, person_id: int, by: Person, now: datetime) -> Invitation:
    """Invite, or invite again: the newest link works, older ones do not."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise Refusal(_("There is no such person."), code="not_found")
    if not person.is_active:
        raise CannotInvite(_("Reactivate %s first.") % person.name)
    if not person.email:
        raise CannotInvite(_("Give %s an e-mail address first.") % person.name, field="email")
    if person.has_usable_password():
        raise CannotInvite(_("%s has a password. Whoever forgot theirs resets it on the sign-in page.") % person.name)
    last = Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None).first()
    if last is not None and now - last.sent_at < _BREATH:
        raise CannotInvite(_("A mail left a moment ago. Wait half a minute before you send another."))
    return send_many([person], by=by, now=now)[0]


def send_many(people: Sequence[Person], *, by: Person | None, now: datetime) -> list[Invitation]:
    """One open invitation and one mail each, in the caller's transaction; the people are locked by the caller."""
    expires_at = now + invitations.LASTS
    open_ones = Invitation.objects.filter(person__in=people, accepted_at=None, withdrawn_at=None)
    again = {one.person_id: one for one in open_ones}
    for one in again.values():
        one.nonce, one.sent_at, one.expires_at, one.invited_by = uuid.uuid4(), now, expires_at, by
    Invitation.objects.bulk_update(again.values(), ["nonce", "sent_at", "expires_at", "invited_by"], batch_size=1000)
    made = Invitation.objects.bulk_create(
        [
            Invitation(person=person, invited_by=by, sent_at=now, expires_at=expires_at)
            for person in people
            if person.pk not in again
        ],
        batch_size=1000,
    )
    by_person = again | {one.person_id: one for one in made}
    sent = [by_person[person.pk] for person in people]
    for invitation, person in zip(sent, people, strict=True):
        invitation.person = person
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=by,
                verb="person.invited_again" if person.pk in again else "person.invited",
                subject=subject(person),
            )
            for person in people
        ],
        batch_size=1000,
    )
    for react in hooks.registered("PEOPLE_REACTIONS"):
        react(sent)
    return sent


@transaction.atomic
def withdraw(*, person_id: int, by: Person, now: datetime) -> int:
    """The link stops working; the person stays in the list and may be invited again."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    count = Invitation.objects.filter(person_id=person_id, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    if person is not None and count:
        _audit("invitation.withdrawn", person, by=by)
    return count


def subject(person: Person) -> str:
    """What a person is called in the audit log: by reference, so that erasing them leaves no name there."""
    return f"person {person.pk}"


def _state(invitation: Invitation, *, now: datetime) -> InvitationState:
    return invitations.state(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
        now=now,
    )


def _audit(verb: str, person: Person, *, by: Person) -> None:
    AuditEntry.objects.create(actor=by, verb=verb, subject=subject(person))


def _refuse(state: InvitationState | None) -> NoReturn:
    sentences = {
        InvitationState.ACCEPTED: _("This link was used before: you have a password. Sign in with it."),
        InvitationState.EXPIRED: _("This link is too old. Ask your administrator to send you a new one."),
        InvitationState.WITHDRAWN: _("This invitation was withdrawn. Ask your administrator."),
    }
    known = sentences.get(state) if state else None
    raise Useless(known or _("This link does not work. Copy the whole of it from the mail, or ask your administrator."))
