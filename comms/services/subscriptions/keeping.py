"""Confirming, changing and ending a subscription, by its own signed link."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.choices import ChannelKind, SubscriptionState
from comms.models import Audience, Delivery, Message, Subscription
from comms.queries.recipients import suppressions
from comms.queries.subscriptions import scopes
from comms.rules import subscriptions as rules
from comms.rules.subscriptions import Scope
from comms.services.pages import pages
from comms.services.subscriptions import asking, links, places
from mim_portal.lib import addresses
from mim_portal.lib.refusals import Missing, Refusal
from teams.models import Person

_ENDED = SubscriptionState.ENDED


class Gone(Missing):
    """The link is too old, was forged, or its subscription was forgotten."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the button of a confirming link would do."""

    row: Subscription
    wanted: Scope
    language: str = ""  # in which it was asked for

    @property
    def words(self) -> list[str]:
        return scopes.words(self.row.page, self.wanted)

    @property
    def secret(self) -> str:
        """What signs the messages of a webhook; told as long as the confirming link works."""
        return places.secret_of(self.row)


def asked(token: str) -> Asked:
    """What the link confirms; nothing changes."""
    found = links.confirming(token)
    row = _rows(found.pk, found.address).first() if found is not None else None
    if found is None or row is None:
        raise Gone(_("This link is older than three days, or it is not whole. Ask for a new one."))
    return Asked(row=row, wanted=found.wanted, language=found.language)


def short(code: str, *, now: datetime) -> str:
    """Where the link of an SMS leads: to the button, for three days after it was asked for, else to what it gets."""
    found = links.of_short(code)
    if found is None:
        raise Gone(_("This link is not whole, or nothing goes to its number any more."))
    row, language = found
    is_asked = row.asked_at > now - rules.CONFIRM_WITHIN and (row.ended_at is None or row.asked_at > row.ended_at)
    if row.state != SubscriptionState.CONFIRMED and is_asked:
        return addresses.subscription_confirm(links.confirm_token(row, scopes.of(row), language=language))
    return addresses.subscription(links.manage_token(row.pk, row.address), language=language)


@transaction.atomic
def confirm(token: str, *, now: datetime) -> Subscription:
    """From now on updates go there. What an address confirms is added to what it gets already; after an end it begins
    anew. Said twice it is said once."""
    given = asked(token)
    row = _locked(given.row.pk)
    was_confirmed = row.state == SubscriptionState.CONFIRMED
    if suppressions.is_held(row.address):
        raise Refusal(_("Mail to this address came back, or was called unwanted. Write to whoever runs this page."))
    goes_on = was_confirmed or row.state == SubscriptionState.SUSPENDED
    _keep(row, scopes.of(row).with_also(given.wanted) if goes_on else given.wanted)
    row.state, row.ended_at = SubscriptionState.CONFIRMED, None
    row.confirmed_at = row.confirmed_at if goes_on else now
    row.save()
    if not was_confirmed:
        _audit("subscription.confirmed", row)
    return row


@transaction.atomic
def change(
    token: str, *, is_whole: bool, groups: Iterable[str], services: Iterable[str], incidents: Iterable[str]
) -> Subscription:
    """Hear of something else from now on. Nothing at all is said by ending it."""
    row = _locked(of(token).pk)
    if row.state == _ENDED:
        raise Refusal(_("This subscription has ended. Ask for a new one."), code="ended")
    _keep(row, asking.chosen(row.page, is_whole=is_whole, groups=groups, services=services, incidents=incidents))
    row.save()
    return row


@transaction.atomic
def end(token: str, *, every: bool = False, now: datetime) -> int:
    """Nothing goes there any more: not of this page, nor of others for the same readers; with `every`, of no page."""
    row = of(token)
    audience = None if every else row.page.audience
    return end_of_address(row.address, channel=row.channel, audience=audience, now=now)


@transaction.atomic
def end_of_address(
    address: str, *, channel: str = ChannelKind.EMAIL, audience: Audience | None = None, now: datetime
) -> int:
    """All that goes to an address ends, or what goes there of pages for one audience; how many."""
    rows = Subscription.objects.filter(address=address.lower(), channel=channel).exclude(state=_ENDED)
    if audience is not None:
        rows = rows.filter(page__audience=audience)
    return end_rows(list(rows.values_list("pk", flat=True)), now=now)


@transaction.atomic
def end_rows(ids: Iterable[int], *, by: Person | None = None, now: datetime) -> int:
    """These have ended, in the order of their keys; one that nobody ever confirmed is forgotten at once."""
    ended = 0
    for row in (
        Subscription.objects.select_for_update(no_key=True, of=("self",))
        .select_related("page")
        .filter(pk__in=list(ids))
        .order_by("pk")
    ):
        if row.state == SubscriptionState.PENDING:
            Delivery.objects.filter(message__in=Message.objects.filter(subscription=row)).delete()
            row.delete()
        elif row.state != _ENDED:
            row.state, row.ended_at = _ENDED, now
            row.save(update_fields=["state", "ended_at"])
            _audit("subscription.ended", row, by=by)
        else:
            continue
        ended += 1
    return ended


def of(token: str) -> Subscription:
    """Whose link it is."""
    found = links.managing(token)
    row = _rows(*found).first() if found is not None else None
    if row is None:
        raise Gone(_("This address gets nothing from us by this link any more."))
    return row


def others(row: Subscription) -> list[Subscription]:
    """What else goes to the same address."""
    found = Subscription.objects.filter(address=row.address, channel=row.channel, state=SubscriptionState.CONFIRMED)
    return list(found.exclude(pk=row.pk).select_related("page").order_by("page__name", "pk"))


def _rows(pk: int, address: str) -> QuerySet[Subscription]:
    """The row that a link names; a key that was given to another address since is not it."""
    return Subscription.objects.filter(pk=pk, address=address).select_related("page__audience", "endpoint")


def _locked(pk: int) -> Subscription:
    row = Subscription.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).select_related("page").first()
    if row is None:
        raise Gone(_("It has ended in the meantime. Ask for a new link."))
    return row


def _keep(row: Subscription, scope: Scope) -> None:
    for name, value in asking.columns(scope).items():
        setattr(row, name, value)


def _audit(verb: str, row: Subscription, *, by: Person | None = None) -> None:
    """Without the address: the audit is kept longer than the subscription."""
    pages.audit(verb, row.page, by, {"subscription": row.pk})
