"""Updates as pages and the API read them; what a person may not see does not exist for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from comms.choices import EDITABLE_UPDATES, LOST_DELIVERIES, DeliveryState, UpdateState
from comms.models import Audience, Delivery, Finding, Message, Update
from comms.queries.recipients import other_ways, withdrawals
from comms.queries.writing import texts
from comms.rules import content_hash as fingerprint
from incidents.models import Incident
from incidents.queries import visibility
from mim_portal.lib import prepared
from teams.models import Person

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """How far the messages of one update, or of one update to one audience, have come."""

    total: int
    sent: int
    lost: int
    left_out: int = 0  # opted out, or no way to them: not part of the total
    otherwise: int = 0  # lost on their own way and arrived on another, where they are counted as sent
    withdrawal: "Sent | None" = None  # the same of the notice that the update was withdrawn, which is no part of this


def visible(person: Person) -> QuerySet[Update]:
    """Updates of incidents that the person may see."""
    return _of(visibility.visible_incidents(person))


def _of(incidents: QuerySet[Incident]) -> QuerySet[Update]:
    return (
        Update.objects.filter(incident__in=incidents)
        .select_related("incident__service", "author", "approved_by", "cleared_by", "returned_by", "published_by")
        .prefetch_related("audiences")
    )


def get(update_id: int, person: Person) -> Update | None:
    return visible(person).filter(pk=update_id).first()


def content_hash(update: Update) -> str:
    """The fingerprint of the update as it stands."""
    return fingerprint.of(
        kind=update.kind,
        audiences=[audience.code for audience in update.audiences.all()],
        subject=update.subject,
        body=update.body,
        next_update_at=update.next_update_at,
        adapted=texts.adapted(update) if update.texts else None,
    )


def kinds_sent(incident: Incident) -> list[str]:
    """The kinds of the last messages, oldest first."""
    latest = Update.objects.filter(incident=incident, published_at__isnull=False).order_by("-published_at", "-id")
    return list(latest.values_list("kind", flat=True)[:10])[::-1]


def of_incident(incident: Incident | int) -> QuerySet[Update]:
    """Drafts first, then what was sent, newest first."""
    return (
        Update.objects.filter(incident=incident)
        .select_related("author", "approved_by")
        .prefetch_related("audiences")
        .order_by("-id")
    )


def drafts(incident: Incident) -> list[Update]:
    return list(of_incident(incident).filter(state__in=EDITABLE_UPDATES))


def published(incident: Incident | int) -> QuerySet[Update]:
    """What was sent, newest first; corrected and withdrawn ones stay visible."""
    return of_incident(incident).filter(published_at__isnull=False).order_by("-published_at", "-id")


def last_published(incident: Incident, audiences: Iterable[Audience] = ()) -> Update | None:
    """The last message, or the last that any of the audiences got."""
    wanted = list(audiences)
    if not wanted:
        return _last.first(incident=incident)
    return published(incident).filter(withdrawn_at=None, audiences__in=wanted).distinct().first()


def is_first_word(incident: Incident, audiences: Iterable[Audience]) -> bool:
    """Whether some of these audiences have had no message of the incident that still stands."""
    wanted = [audience.pk for audience in audiences]
    sent = Update.objects.filter(incident=incident, published_at__isnull=False, withdrawn_at=None)
    told = sent.filter(audiences__in=wanted).values_list("audiences", flat=True).distinct()
    return not set(wanted) <= set(told)


@prepared.query
def _last(*, incident: int) -> QuerySet[Update]:
    return published(incident).filter(withdrawn_at=None)[:1]


@prepared.query
def last_published_few(*, incident: int) -> QuerySet[Update]:
    """The last messages, as many as the room shows; `has_defect` where a mistake was found after it left."""
    defects = Finding.objects.filter(update=OuterRef("pk"), found_after_sending=True, is_blocking=True)
    return published(incident).annotate(has_defect=Exists(defects))[:SHOWN]


@prepared.query
def last_drafts_few(*, incident: int) -> QuerySet[Update]:
    """What was begun last, as many as the room shows."""
    return of_incident(incident).filter(state__in=EDITABLE_UPDATES)[:SHOWN]


def last_to(audience: str, incident_ids: Iterable[int]) -> dict[int, Update]:
    """The last message that this audience got about each incident, in one query."""
    found = (
        Update.objects.filter(incident__in=list(incident_ids), audiences__code=audience, published_at__isnull=False)
        .filter(withdrawn_at=None)
        .order_by("incident_id", "-published_at", "-id")
        .distinct("incident_id")
    )
    return {update.incident_id: update for update in found}


def waiting_for_second_reader(person: Person) -> list[Update]:
    """Texts whose authors asked for a second reader, longest waiting first."""
    return _waiting_to_be_read(person=person) if visibility.sees_any(person) else []


def ask_to_read(person: Person) -> prepared.Ask:
    """What `waiting_for_second_reader` asks, to be asked together with more."""
    return _waiting_to_be_read.ask(person=person)


@prepared.query
def _waiting_to_be_read(*, person: int) -> QuerySet[Update]:
    waiting = _of(visibility.visible_to(person)).filter(
        state__in=EDITABLE_UPDATES - {UpdateState.APPROVED}, submitted_at__isnull=False, published_at=None
    )
    return waiting.order_by("submitted_at", "id")[:100]


def scheduled(person: Person) -> list[Update]:
    """Texts that leave at a time of their own, what was held first, then the soonest."""
    waiting = visible(person).filter(publish_at__isnull=False, published_at=None).select_related("scheduled_by")
    return list(waiting.order_by(F("held_at").desc(nulls_last=True), "publish_at", "id")[:100])


def findings(update: Update, *, content_hash: str) -> list[Finding]:
    """What was found in exactly this text, what stops first."""
    rows = Finding.objects.filter(update=update, content_hash=content_hash).select_related("overridden_by")
    return in_reading_order(rows)


def in_reading_order(rows: Iterable[Finding]) -> list[Finding]:
    """What stops first, then by strength, text and place."""
    strength = {"error": 0, "warning": 1, "advice": 2}

    def place(row: Finding) -> tuple[bool, int, str, str, int, int]:
        return (not row.is_blocking, strength[row.severity], row.audience, row.part, row.start, row.pk or 0)

    return sorted(rows, key=place)


def deliveries(updates: Iterable[Update]) -> dict[int, Sent]:
    """How many of each update's messages are sent and lost, and of the notices that one was withdrawn, in one query."""
    own: dict[int, Sent] = {}
    notices: dict[int, Sent] = {}
    for row in _counted(updates=[update.pk for update in updates]):
        (notices if row["is_notice"] else own)[row["message__update_id"]] = _sent(row)
    return {pk: replace(own.get(pk, Sent(0, 0, 0)), withdrawal=notices.get(pk)) for pk in own | notices}


def _sent(row: Mapping[str, Any]) -> Sent:
    return Sent(**{name: row[name] for name in ("total", "sent", "lost", "left_out", "otherwise")})


@prepared.query
def _counted(*, updates: list[int]) -> QuerySet[Any, Any]:
    return (
        Delivery.objects.filter(message__update_id__in=updates)
        .annotate(is_notice=Case(When(withdrawals.notices(), then=Value(True)), default=Value(False)))
        .values("message__update_id", "is_notice")
        .annotate(
            total=Count("pk", filter=~Q(state=DeliveryState.SUPPRESSED) & ~other_ways.replaced()),
            left_out=Count("pk", filter=Q(state=DeliveryState.SUPPRESSED) & ~other_ways.replaced()),
            sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
            lost=Count("pk", filter=Q(state__in=sorted(LOST_DELIVERIES)) & ~other_ways.replaced()),
            otherwise=Count("pk", filter=other_ways.replaced(arrived=True)),
        )
    )


def messages(update: Update) -> list[Message]:
    """What each audience was sent, in the order in which copies left; the notices of a withdrawn update last."""
    found = Message.objects.filter(update=update).select_related("audience", "update")
    return sorted(found.order_by("audience__position", "pk"), key=withdrawals.is_notice)
