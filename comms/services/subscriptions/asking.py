"""Asking for a page's updates. Whoever asks gets the same answer whether the address is known or not; only its mailbox
is told which.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.adapters import webhook
from comms.choices import READERS_CHANNELS, ChannelKind, SubscriptionState
from comms.models import Delivery, Endpoint, Message, StatusPage, Subscription
from comms.queries.recipients import suppressions
from comms.queries.subscriptions import scopes
from comms.rendering import page_languages, subscribing
from comms.rules import recipients as address_rules
from comms.rules.subscriptions import Scope
from comms.services.sending import outbox
from comms.services.subscriptions import limits, links, places, texting
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Invalid, Missing
from teams.services.cleaning import cleaned

SOON = 1  # somebody waits for the letter
CONFIRM = "subscription.confirm"  # the `type` of the first message to a webhook


class NoSuchPage(Missing):
    """There is no public page of this name: pages behind sign-in reach their readers by role."""


@transaction.atomic
def ask(
    *,
    page: str,
    address: str,
    is_whole: bool = False,
    groups: Iterable[str] = (),
    services: Iterable[str] = (),
    incidents: Iterable[str] = (),
    channel: str = ChannelKind.EMAIL,
    language: str = "",
    network: str,
    now: datetime,
) -> None:
    """Send a letter to the address, whose link confirms what was asked for. Nothing else goes there before.

    Services by slug, incidents by reference, as far as the page shows them. The letter is in the language that was
    asked for where the page speaks it, else in the page's own.
    """
    found = public_page(page)
    if channel not in READERS_CHANNELS:
        raise Invalid(_("Choose one of %s.") % ", ".join(READERS_CHANNELS), field="channel")
    is_mail = channel == ChannelKind.EMAIL
    place = None if is_mail else places.named(channel, address, page=found)
    where = place.code if place else str(cleaned("address", lambda text: address_rules.cleaned(channel, text), address))
    wanted = chosen(found, is_whole=is_whole, groups=groups, services=services, incidents=incidents)
    host = place.host if place and channel == ChannelKind.WEBHOOK else ""
    by_sms = channel == ChannelKind.SMS
    limits.take(address=where, network=network, host=host, texting=found if by_sms else None, now=now)
    if suppressions.is_held(where):
        return  # mail to it came back, or its reader called ours unwanted: an administrator lifts that
    endpoint = places.kept(place) if place else None
    row = _row(found, channel, where, wanted, endpoint=endpoint, now=now)
    post(row, wanted, language=language, now=now)
    if by_sms:
        texting.warn(found, now=now)


def public_page(slug: str) -> StatusPage:
    found = StatusPage.objects.filter(slug=slug, is_public=True, retired_at=None).first()
    if found is None:
        raise NoSuchPage(_("There is no public status page %s.") % slug)
    return found


def chosen(
    page: StatusPage, *, is_whole: bool, groups: Iterable[str], services: Iterable[str], incidents: Iterable[str]
) -> Scope:
    """What was chosen, of what the page shows; the whole page has the rest in it."""
    if is_whole:
        return Scope(is_whole=True)
    found = scopes.named(page, groups=set(groups), services=set(services), references=set(incidents))
    if found.unknown:
        raise Invalid(_("The page does not show %s.") % ", ".join(found.unknown), field=found.field)
    if found.scope.is_empty:
        raise Invalid(_("Choose what you want to hear of."), field="is_whole")
    return found.scope


def post(row: Subscription, wanted: Scope, *, language: str = "", now: datetime) -> None:
    """The letter with the links, through the outbox."""
    spoken = page_languages.spoken(row.page, language)
    confirm = links.to_confirm(row, wanted, language=spoken)
    manage = links.to_manage(row, language=page_languages.named(row.page, spoken))
    by_sms = row.channel == ChannelKind.SMS
    if by_sms:
        manage = links.short(row, language=page_languages.named(row.page, spoken))
    with page_languages.said_in(spoken):
        names = scopes.words(row.page, wanted)
        said = subscribing.letter(row, confirm=confirm, manage=manage, names=names, language=spoken)
        short = subscribing.text(row, link=manage) if by_sms else ""
    message = Message(
        subscription=row, subject=said.subject, text=said.text, html=said.html, thread=f"subscription-{row.pk}"
    )
    if by_sms:
        message.short = message.text = short
        message.html = ""
    if row.channel == ChannelKind.WEBHOOK:
        data = {"page": row.page.slug, "subject": said.subject, "asked_for": names, "confirm": confirm}
        message.event, message.html = CONFIRM, ""
        message.text = webhook.body(event=CONFIRM, at=now, data=data)
    message.save()
    Delivery.objects.create(
        message=message, channel=row.channel, address=row.address, endpoint_id=places.way_out(row), position=SOON
    )
    nudge.nudge(outbox.DELIVER if row.endpoint_id is None else outbox.DELIVER_CHANNELS)


def _row(
    page: StatusPage, channel: str, address: str, wanted: Scope, *, endpoint: Endpoint | None, now: datetime
) -> Subscription:
    """What is known of the address at the page, or a new row that waits for its confirmation."""
    given = {"state": SubscriptionState.PENDING, "asked_at": now, "endpoint": endpoint, **columns(wanted)}
    row, is_new = Subscription.objects.get_or_create(page=page, channel=channel, address=address, defaults=given)
    if is_new:
        return row
    if channel == ChannelKind.SMS:
        _keep_wish(row, wanted, now=now)
    else:
        Subscription.objects.filter(pk=row.pk, state=SubscriptionState.PENDING).update(asked_at=now)
    return row


def _keep_wish(row: Subscription, wanted: Scope, *, now: datetime) -> None:
    """An SMS has no room for what was asked for, so that the row of a number keeps it as long as nothing goes there.
    What a confirmed or a suspended one has is changed behind its own link alone."""
    rows = Subscription.objects.filter(pk=row.pk)
    rows.exclude(state=SubscriptionState.CONFIRMED).update(asked_at=now)
    silent = [SubscriptionState.PENDING, SubscriptionState.ENDED]
    rows.filter(state__in=silent).update(**columns(wanted))


def columns(scope: Scope) -> dict[str, object]:
    """The scope as the row keeps it."""
    return {
        "is_whole": scope.is_whole,
        "groups": sorted(scope.groups),
        "services": sorted(scope.services),
        "incidents": sorted(scope.incidents),
    }
