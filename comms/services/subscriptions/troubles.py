"""What mail that came back, and readers who call it unwanted, mean for subscriptions."""

from datetime import datetime

from django.db import transaction

from comms.choices import ChannelKind, MailTrouble, SubscriptionState
from comms.models import Subscription
from comms.services.subscriptions import keeping


@transaction.atomic
def note(address: str, kind: MailTrouble, *, now: datetime) -> None:
    """Mail that came back for good suspends; a complaint ends, for nobody complains about what they want."""
    if kind == MailTrouble.COMPLAINT:
        keeping.end_of_address(address, now=now)
    else:
        _move(address, SubscriptionState.CONFIRMED, SubscriptionState.SUSPENDED)


@transaction.atomic
def forgive(address: str) -> None:
    """Somebody has found out that the mailbox works: what was suspended goes on. What has ended stays so."""
    _move(address, SubscriptionState.SUSPENDED, SubscriptionState.CONFIRMED)


def _move(address: str, before: SubscriptionState, after: SubscriptionState) -> None:
    rows = Subscription.objects.filter(address=address.lower(), channel=ChannelKind.EMAIL, state=before)
    rows.update(state=after)
