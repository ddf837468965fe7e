"""Which copies of an update say that it was withdrawn: those whose messages were written once it was."""

from django.db.models import F, Q

from comms.models import Message


def notices() -> Q:
    """Deliveries of the notice, not of the update's own words."""
    return Q(message__created_at__gte=F("message__update__withdrawn_at"))


def is_notice(message: Message) -> bool:
    """Whether the message of an update that is at hand is the notice."""
    withdrawn_at = message.update.withdrawn_at if message.update is not None else None
    return withdrawn_at is not None and message.created_at >= withdrawn_at
