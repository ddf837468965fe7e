"""Pages leave with the call: one message a call and what happens to it, one delivery a target, in the same outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from comms.adapters.channels import Parcel
from comms.choices import DUE_DELIVERIES, FOLLOWED_PAGES, DeliveryState, PageAction
from comms.models import Delivery, Endpoint, Message, PageAnswer
from comms.queries import paging as queries
from comms.rendering import pages, parcels
from comms.services.paging import keys
from comms.services.sending import outbox
from comms.services.telling import calls
from incidents.models import Engagement
from incidents.services.work import call_links
from mim_portal.lib import nudge
from teams.models import Person

EXERCISE = "It is not paged for exercises."
OVERTAKEN = "The call was answered before this could leave."
_SECOND = 1  # after the page itself
# Where the page may have arrived, whatever was answered last.
_MAYBE_THERE = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.SUPPRESSED)


@transaction.atomic
def call(*, engagement_ids: Sequence[int], again: bool, now: datetime) -> int:
    """Page the targets of the called teams that are used at this hour, at once; how many pages that makes. One that is
    another's other way waits for that one to fail.
    """
    found = list(_engagements(engagement_ids))
    targets = queries.paged_at_once(found, now=now)
    paged = 0
    for engagement in found:
        own = targets.get(engagement.pk, [])
        if not own:
            continue
        answer = call_links.link(engagement, None)
        said = pages.call(engagement, answer=answer, again=again)
        message = _message(
            engagement,
            PageAction.TRIGGER,
            subject=said.subject,
            text=said.text,
            short=pages.short(said.subject, answer=answer),
        )
        Delivery.objects.bulk_create(_delivery(message, target, engagement) for target in own)
        paged += len(own)
    if paged:
        nudge.nudge(outbox.DELIVER_CHANNELS)
    return paged


@transaction.atomic
def answered(*, engagement_ids: Sequence[int], by: int | None) -> int:
    """The call was answered: what was not paged yet is not, and pagers that know calls hear of it."""
    return _follow(engagement_ids, PageAction.ACKNOWLEDGE, by=by)


@transaction.atomic
def over(*, engagement_ids: Sequence[int], by: int | None) -> int:
    """The team was let go, or the incident has ended."""
    return _follow(engagement_ids, PageAction.RESOLVE, by=by)


def open_calls(incident_ids: Iterable[int]) -> list[int]:
    """Calls of these incidents that are not over for their pagers."""
    paged = Message.objects.filter(engagement__incident__in=list(incident_ids), page=PageAction.TRIGGER)
    over = Message.objects.filter(page=PageAction.RESOLVE, engagement__isnull=False).values("engagement")
    return sorted({pk for pk in paged.exclude(engagement__in=over).values_list("engagement", flat=True) if pk})


def parcel(message: Message, *, endpoint: Endpoint, delivery_id: int) -> Parcel:
    """A page as its pager carries it; of what follows, `short` is who did it."""
    engagement = message.engagement
    assert engagement is not None
    page = pages.page_of(
        message,
        key=keys.of_call(engagement.pk),
        answer=call_links.link(engagement, None) if message.page == PageAction.TRIGGER else "",
        by=message.short if message.page != PageAction.TRIGGER else "",
    )
    return pages.parcel(
        page,
        endpoint=endpoint,
        parcel_id=parcels.stable_id(delivery_id),
        at=message.created_at,
        short_text=message.short,
    )


def note(message: Message, *, delivery_id: int, state: DeliveryState, now: datetime) -> None:
    """A page arrived, or was given up: the call is delivered, and open rooms show it."""
    if state not in (DeliveryState.SENT, DeliveryState.DEAD) or message.engagement is None:
        return
    if state == DeliveryState.SENT and message.page == PageAction.TRIGGER:
        calls.note_sent([delivery_id], now=now)
    incident = message.engagement.incident
    nudge.live(reference=incident.reference, kind="page", seq=incident.last_seq, panels=("teams",))


def _follow(engagement_ids: Sequence[int], action: PageAction, *, by: int | None) -> int:
    """Each pager that may have the call hears of it once, save the one that told us."""
    triggers = Delivery.objects.filter(message__engagement__in=engagement_ids, message__page=PageAction.TRIGGER)
    if not triggers.exists():
        return 0
    # Those that this very statement finds waiting: one that is being sent is found out by its lane.
    triggers.filter(state__in=DUE_DELIVERIES).update(state=DeliveryState.SUPPRESSED, last_error=OVERTAKEN)
    told, name = 0, _name(by)
    for engagement in _engagements(engagement_ids):
        if Message.objects.filter(engagement=engagement, page=action).exists():
            continue
        there = triggers.filter(Q(attempts__gte=1) | Q(state=DeliveryState.SENDING), message__engagement=engagement)
        ids = there.filter(state__in=_MAYBE_THERE, channel__in=FOLLOWED_PAGES).values("endpoint_id")
        knows = PageAnswer.objects.filter(engagement=engagement, action__in=[action, PageAction.RESOLVE]).values(
            "endpoint_id"
        )
        pagers = list(Endpoint.objects.filter(pk__in=ids, is_active=True).exclude(pk__in=knows).order_by("pk"))
        if not pagers:
            continue
        subject = f"{engagement.team.name}: {PageAction(action).label} | {engagement.incident.reference}"
        message = _message(engagement, action, subject=subject, text="", short=name)
        Delivery.objects.bulk_create(_delivery(message, pager, engagement, position=_SECOND) for pager in pagers)
        told += len(pagers)
    if told:
        nudge.nudge(outbox.DELIVER_CHANNELS)
    return told


def _name(person_id: int | None) -> str:
    person = None if person_id is None else Person.objects.filter(pk=person_id).first()
    return "" if person is None else person.name[:100]


def _engagements(ids: Sequence[int]) -> list[Engagement]:
    found = Engagement.objects.filter(pk__in=ids).select_related("team", "incident", "asked_by")
    return list(found.order_by("pk"))


def _message(engagement: Engagement, action: PageAction, *, subject: str, text: str, short: str) -> Message:
    return Message.objects.create(
        engagement=engagement,
        page=action,
        subject=subject[:400],
        text=text,
        short=short[:400],
        thread=outbox.thread(engagement.incident),
    )


def _delivery(message: Message, target: Endpoint, engagement: Engagement, *, position: int = calls.URGENT) -> Delivery:
    left_out = engagement.incident.is_exercise and not target.hears_exercises
    return Delivery(
        message=message,
        channel=target.kind,
        address=target.code,
        endpoint_id=target.pk,
        position=position,
        state=DeliveryState.SUPPRESSED if left_out else DeliveryState.PENDING,
        last_error=EXERCISE if left_out else "",
    )
