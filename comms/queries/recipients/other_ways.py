"""Copies that could not leave by their own way and that another copy of the same message stands for."""

from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from comms.choices import UNFINISHED_DELIVERIES, ChannelKind, DeliveryState
from comms.models import Delivery

# Beside the states of a delivery where people choose: nothing was lost, whatever became of the copy itself.
OTHER_WAY = "other_way"
NOT_GONE = [DeliveryState.DEAD.value, DeliveryState.SUPPRESSED.value]
GOING = sorted(UNFINISHED_DELIVERIES | {DeliveryState.SENT})


def replaced(*, arrived: bool = False) -> Q:
    """Copies whose message went another way, or is on it; only those that arrived so where that is asked."""
    # One row by its key: as EXISTS PostgreSQL may read the whole outbox into a hash instead.
    other = Subquery(Delivery.objects.filter(pk=OuterRef("other_way_id")).values("state"))
    states = [DeliveryState.SENT.value] if arrived else GOING
    return Q(state__in=NOT_GONE, other_way_id__isnull=False) & Q(In(other, states))


def label(state: str) -> str:
    """The name of a state of deliveries as people choose it."""
    return _("By another way") if state == OTHER_WAY else str(DeliveryState(state).label)


def in_words(other: Delivery) -> str:
    """How the message came, or comes, to its reader instead."""
    channel = _("mail") if other.channel == ChannelKind.EMAIL else ChannelKind(other.channel).label
    if other.state == DeliveryState.SENT:
        return _("Arrived by %(channel)s instead.") % {"channel": channel}
    return _("Goes by %(channel)s instead.") % {"channel": channel}
