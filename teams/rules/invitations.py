"""How long an invitation is good for, and what became of it."""

from datetime import datetime, timedelta

from teams.choices import InvitationState

LASTS = timedelta(days=7)


def state(
    *, expires_at: datetime, accepted_at: datetime | None, withdrawn_at: datetime | None, now: datetime
) -> InvitationState:
    """Withdrawn and accepted are final; an unanswered one expires by itself."""
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.EXPIRED if now >= expires_at else InvitationState.SENT
