"""Asking for a page's updates. Whoever asks gets the same answer whether the address is known or not; only its mailbox
is told which.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import ChannelKind, SubscriptionState
from comms.models import Delivery, Message, StatusPage, Subscription
from comms.queries.recipients import suppressions
from comms.queries.subscriptions import scopes
from comms.rendering import subscribing
from comms.rules import recipients as address_rules
from comms.rules.subscriptions import Scope
from comms.services.sending import outbox
from comms.services.subscriptions import limits, links
from mim_portal.lib import nudge
from mim_portal.lib.refusals import Invalid, Missing
from teams.services.cleaning import cleaned

SOON = 1  # somebody waits for the letter
CHANNELS = (ChannelKind.EMAIL,)


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
    network: str,
    now: datetime,
) -> None:
    """Send a letter to the address, whose link confirms what was asked for. Nothing else goes there before.

    Services by slug, incidents by reference, as far as the page shows them.
    """
    found = public_page(page)
    if channel not in CHANNELS:
        raise Invalid(_("Choose one of %s.") % ", ".join(CHANNELS), field="channel")
    where = str(cleaned("address", lambda text: address_rules.cleaned(channel, text), address))
    wanted = chosen(found, is_whole=is_whole, groups=groups, services=services, incidents=incidents)
    limits.take(address=where, network=network, now=now)
    if suppressions.is_held(where):
        return  # mail to it came back, or its reader called ours unwanted: an administrator lifts that
    row = _row(found, channel, where, wanted, now=now)
    post(row, wanted)


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


def post(row: Subscription, wanted: Scope) -> None:
    """The letter with the links, through the outbox."""
    said = subscribing.letter(
        row, confirm=links.to_confirm(row, wanted), manage=links.to_manage(row), names=scopes.words(row.page, wanted)
    )
    message = Message.objects.create(
        subscription=row, subject=said.subject, text=said.text, html=said.html, thread=f"subscription-{row.pk}"
    )
    Delivery.objects.create(message=message, channel=row.channel, address=row.address, position=SOON)
    nudge.nudge(outbox.DELIVER)


def _row(page: StatusPage, channel: str, address: str, wanted: Scope, *, now: datetime) -> Subscription:
    """What is known of the address at the page, or a new row that waits for its confirmation."""
    given = {"state": SubscriptionState.PENDING, "asked_at": now, **columns(wanted)}
    row, is_new = Subscription.objects.get_or_create(page=page, channel=channel, address=address, defaults=given)
    if not is_new:
        Subscription.objects.filter(pk=row.pk, state=SubscriptionState.PENDING).update(asked_at=now)
    return row


def columns(scope: Scope) -> dict[str, object]:
    """The scope as the row keeps it."""
    return {
        "is_whole": scope.is_whole,
        "groups": sorted(scope.groups),
        "services": sorted(scope.services),
        "incidents": sorted(scope.incidents),
    }
