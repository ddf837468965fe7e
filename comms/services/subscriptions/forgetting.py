"""What is kept of people outside no longer than it is of use: attempts for a day, letters for a week, wishes that
nobody confirmed for three days, ended subscriptions for thirty."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from comms.choices import SubscriptionState
from comms.models import Delivery, Message, Subscription, SubscriptionAttempt
from comms.rules import subscriptions as rules
from comms.services.subscriptions import places

BATCH = 5000


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Delete what is old enough; how many subscriptions. Safe to run twice at once and safe to skip."""
    SubscriptionAttempt.objects.filter(at__lt=now - rules.PER_ADDRESS.within).delete()
    old = Q(state=SubscriptionState.PENDING, asked_at__lt=now - rules.CONFIRM_WITHIN) | Q(
        state=SubscriptionState.ENDED, ended_at__lt=now - rules.REMEMBERED
    )
    rows = Subscription.objects.select_for_update(skip_locked=True, of=("self",)).filter(old).order_by("pk")[:BATCH]
    ids = [row.pk for row in rows]
    letters = Message.objects.filter(
        Q(subscription__in=ids) | Q(subscription__isnull=False, created_at__lt=now - rules.LETTERS_KEPT)
    )
    read = list(letters.values_list("pk", flat=True)[: 2 * BATCH])
    Delivery.objects.filter(message__in=read).delete()
    Message.objects.filter(pk__in=read).delete()
    Subscription.objects.filter(pk__in=ids).delete()
    places.forget(limit=BATCH)
    return len(ids)
