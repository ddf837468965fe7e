"""Invitations with their state and what became of their mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from mim_portal.lib import hooks
from teams.choices import InvitationState
from teams.models import Invitation
from teams.rules import invitations


@dataclass(frozen=True, kw_only=True)
class Line:
    """One invitation as a page shows it. `mail` is the outbox's word, `mail_error` the mail server's."""

    invitation: Invitation
    state: InvitationState
    mail: str
    mail_error: str


def listing(*, waiting: bool) -> QuerySet[Invitation]:
    """Newest first; those that still wait for an answer, or all."""
    found = Invitation.objects.select_related("person", "invited_by").order_by("-pk")
    return found.filter(accepted_at=None, withdrawn_at=None) if waiting else found


def lines(found: Sequence[Invitation], *, now: datetime) -> list[Line]:
    """With what became of each one's mail (settings.INVITATION_MAIL)."""
    mails: dict[int, tuple[str, str]] = {}
    for source in hooks.registered("INVITATION_MAIL"):
        mails.update(source([one.pk for one in found]))
    return [
        Line(
            invitation=one,
            state=invitations.state(
                expires_at=one.expires_at, accepted_at=one.accepted_at, withdrawn_at=one.withdrawn_at, now=now
            ),
            mail=mails.get(one.pk, ("", ""))[0],
            mail_error=mails.get(one.pk, ("", ""))[1],
        )
        for one in found
    ]
