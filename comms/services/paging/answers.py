"""What comes back from where a team was paged: proved, read, taken once; it answers the call as if said here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comms.adapters import webhook
from comms.choices import PageAction, PagingKind
from comms.models import Delivery, Endpoint, Message, PageAnswer
from comms.rules import paging as rules
from comms.rules.paging import Told
from comms.services.paging import keys
from comms.services.sending import ways
from incidents.choices import EngagementState
from incidents.models import Engagement
from incidents.services.work import engagements
from mim_portal.lib import nudge, sealing
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from teams.models import Person

LONGEST: Final = 256 * 1024


class Unknown(Missing):
    """No target in use takes answers here."""


class Forged(Refusal):
    """It is not from whom it should be, or too old to be believed."""

    code = "not_signed"
    status = 401


class Result(StrEnum):
    """What became of it; all but the first change nothing, and none is worth sending again."""

    ACKNOWLEDGED = "acknowledged"  # the call was answered by it
    NOTED = "noted"  # it stands in the room; somebody had answered the call before
    REPEATED = "repeated"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"  # of something else than a call of this team
    IGNORED = "ignored"  # something else than an answer


@dataclass(frozen=True, kw_only=True)
class Came:
    """One request as it came: header names in small letters, the exact bytes."""

    headers: Mapping[str, str]
    body: bytes


def take(key: str, came: Came, *, now: datetime) -> Result:
    """Unknown, Forged or Invalid where it cannot be taken; a repeated one changes nothing."""
    target = keys.target(key)
    if target is None:
        raise Unknown(_("Nobody takes answers here."))
    if len(came.body) > LONGEST:
        raise Invalid(_("The message is too long."))
    _prove(target, came, now=now)
    try:
        told = _read(target, came, now=now)
    except rules.Unreadable as error:
        raise Invalid(str(error)) from error
    if told is None:
        return Result.IGNORED
    if rules.is_late(told, now=now):
        return Result.TOO_LATE
    engagement_id = keys.call(told.key) if told.key else _titled(target, told.title, now=now)
    if engagement_id is None or not Engagement.objects.filter(pk=engagement_id, team=target.team).exists():
        return Result.UNKNOWN
    return _take(target, engagement_id, told, now=now)


def _titled(target: Endpoint, title: str, *, now: datetime) -> int | None:
    """The call whose page, left by this target, has that summary: of several the newest."""
    if not title:
        return None
    pages = Message.objects.filter(
        page=PageAction.TRIGGER, subject=title, created_at__gte=now - rules.LATEST, engagement__team=target.team
    )
    sent = Delivery.objects.filter(endpoint_id=target.pk, message__in=pages).order_by("-message__created_at", "-pk")
    return sent.values_list("message__engagement", flat=True).first()


@transaction.atomic
def _take(target: Endpoint, engagement_id: int, told: Told, *, now: datetime) -> Result:
    """Resolved there without an answer before is an answer too; that a team may go is said here alone."""
    incident, engagement = engagements.locked(engagement_id, person=None)
    person = Person.objects.filter(email__iexact=told.mail, is_active=True).first() if told.mail else None
    row, is_new = PageAnswer.objects.get_or_create(
        endpoint=target,
        event=told.event,
        defaults={
            "engagement": engagement,
            "action": told.action,
            "person": person,
            "said_by": rules.who(told),
            "at": told.at,
        },
    )
    if not is_new:
        return Result.REPEATED
    if engagement.released_at is not None:
        return Result.TOO_LATE
    if engagement.state != EngagementState.ASKED:
        nudge.live(reference=incident.reference, kind="page", seq=incident.last_seq, panels=("teams",))
        return Result.NOTED
    row.has_answered = True
    row.save(update_fields=["has_answered"])
    engagements.answer_call(
        engagement_id=engagement_id,
        to=EngagementState.ACKNOWLEDGED,
        person=person,
        words=_words(target, told, person),
        now=now,
    )
    return Result.ACKNOWLEDGED


def _words(target: Endpoint, told: Told, person: Person | None) -> str:
    """How the timeline says it: where it was answered, and by whom where the portal does not know them."""
    who = "" if person is not None else rules.who(told)
    words = {"place": target.name, "name": who}
    if told.action == PageAction.RESOLVE:
        return (_("resolved in %(place)s by %(name)s") if who else _("resolved in %(place)s")) % words
    return (_("in %(place)s by %(name)s") if who else _("in %(place)s")) % words


def _prove(target: Endpoint, came: Came, *, now: datetime) -> None:
    """Opsgenie signs nothing: the address, which only it was given, is its proof."""
    if target.kind == PagingKind.OPSGENIE:
        return
    try:
        secrets = ways.opened(target, now=now).secrets
    except sealing.Unreadable:
        secrets = ()
    if target.kind == PagingKind.PAGERDUTY:
        given = came.headers.get("x-pagerduty-signature", "")
        is_signed = any(rules.pagerduty_signed(given, came.body, secret=secret) for secret in secrets)
    else:
        is_signed = webhook.is_signed(secrets=secrets, headers=came.headers, body=came.body)
    if not is_signed:
        raise Forged(_("It is not signed with the secret of this target, or too old."))


def _read(target: Endpoint, came: Came, *, now: datetime) -> Told | None:
    found = rules.parsed(came.body)
    if target.kind == PagingKind.PAGERDUTY:
        return rules.read_pagerduty(found, now=now)
    if target.kind == PagingKind.OPSGENIE:
        return rules.read_opsgenie(found, now=now)
    return rules.read_webhook(found, event=came.headers.get("webhook-id", "")[:200], now=now)
