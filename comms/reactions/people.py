"""Whoever is invited gets their mail from the outbox, written in the transaction that invites them."""

from collections.abc import Sequence

from comms.services.telling import accounts
from teams.models import Invitation


def react(invitations: Sequence[Invitation]) -> None:
    """settings.PEOPLE_REACTIONS."""
    accounts.invite(invitations)
