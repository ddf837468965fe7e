"""Compares what clients were told with the rows and with what the mail server took."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from comms.adapters import smtp
from comms.choices import DeliveryState
from comms.models import Delivery, Notice, UpdateDeadline
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from tests.faults.sink import Sink

RECORDED_WITHIN = 2.5  # seconds after due, while components run (DESIGN section 5, 5)
CAUGHT_UP_WITHIN = 10.0  # seconds after the last component is back


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What became of deliveries: rows beside the mail server's record."""

    deliveries: int
    lost: int
    repeated: int
    unfinished: int


def mail(delivery_ids: Collection[int], *, sink: Sink) -> Mail:
    """Every delivery that is not finally refused must have arrived; what arrived twice is counted."""
    rows = dict(Delivery.objects.filter(pk__in=delivery_ids).values_list("pk", "state"))
    assert set(rows) == set(delivery_ids), "deliveries have disappeared"
    copies = sink.copies(smtp.message_id(pk) for pk in rows)
    arrived = {pk: copies[smtp.message_id(pk)] for pk in rows}
    return Mail(
        deliveries=len(rows),
        lost=sum(count == 0 and rows[pk] == DeliveryState.SENT for pk, count in arrived.items()),
        repeated=sum(max(count - 1, 0) for count in arrived.values()),
        unfinished=sum(state not in {DeliveryState.SENT, DeliveryState.DEAD} for state in rows.values()),
    )


def are_finished(delivery_ids: Collection[int]) -> bool:
    """Whether each was sent or given up; cheaper to ask over and over than the whole check."""
    done = (DeliveryState.SENT, DeliveryState.DEAD)
    return not Delivery.objects.filter(pk__in=delivery_ids).exclude(state__in=done).exists()


def all_recorded(incidents: Sequence[Incident]) -> bool:
    """Whether every promise of these incidents has been recorded as missed."""
    return not UpdateDeadline.objects.filter(incident__in=incidents, missed_at=None).exists()


def lateness(incidents: Sequence[Incident]) -> list[float]:
    """Seconds from due to recorded, by the database's clock, sorted; each recorded and escalated exactly once."""
    rows = list(UpdateDeadline.objects.filter(incident__in=incidents).order_by("pk"))
    assert all(row.missed_at is not None for row in rows), "a missed promise was not recorded"
    entries = TimelineEntry.objects.filter(incident__in=incidents, kind=EntryKind.DEADLINE_MISSED)
    recorded = Counter(pk for entry in entries for pk in entry.data["deadlines"])
    assert recorded == Counter({row.pk: 1 for row in rows}), "a miss was recorded more or less than once"
    told_once(incidents)
    told = {pk for notice in Notice.objects.filter(incident__in=incidents, step="overdue") for pk in notice.deadlines}
    assert told == {row.pk for row in rows}, "a miss was told to nobody"
    return sorted((row.missed_at - row.due_at).total_seconds() for row in rows if row.missed_at is not None)


def told_once(incidents: Sequence[Incident]) -> int:
    """Nobody is told the same step of the same promise twice, and every notice has its delivery; how many notices."""
    notices = list(Notice.objects.filter(incident__in=incidents))
    told = Counter((pk, notice.step, notice.person_id) for notice in notices for pk in notice.deadlines)
    assert all(count == 1 for count in told.values()), f"told twice: {told.most_common(3)}"
    queued = Counter(Delivery.objects.filter(message__notice__in=notices).values_list("message__notice", flat=True))
    assert queued == Counter({notice.pk: 1 for notice in notices}), "a notice was not queued exactly once"
    return len(notices)


def notices_of(incidents: Sequence[Incident]) -> list[int]:
    """The deliveries of the notices of these incidents."""
    rows = Delivery.objects.filter(message__notice__incident__in=incidents)
    return list(rows.values_list("pk", flat=True))
