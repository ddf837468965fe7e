"""Links by which a customer without an account reads their page: made, taken back, opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import PageLink
from comms.services.pages import pages
from mim_portal.lib import addresses, signed_links
from mim_portal.lib.refusals import Forbidden, Invalid, Missing, Refusal
from teams.models import Person
from teams.rules import fields, roles
from teams.services.cleaning import cleaned

_SALT: Final = "comms.page_link"
LONGEST_DAYS: Final = 366
USUAL_DAYS: Final = 90


class UnknownLink(Missing):
    """There is no such link."""


class NotForLinks(Refusal):
    """Only a customer's page is read by links: a public one needs none, others are for people who sign in."""

    code = "not_for_links"
    status = 409


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Whose link was opened, and whether it still holds."""

    link: PageLink
    holds: bool


@transaction.atomic
def make(*, slug: str, reader: str, person: Person, now: datetime, days: int = USUAL_DAYS) -> PageLink:
    """A link to one customer's page; `reader` says who gets it."""
    _may(person)
    page = pages.locked(slug)
    if not page.only_its_services or page.retired_at is not None:
        raise NotForLinks(_("Only a customer's page that is in use is read by links."))
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("A link holds for 1 to %d days.") % LONGEST_DAYS, field="days")
    name = cleaned("reader", lambda text: fields.words(text, longest=100), reader)
    if not name:
        raise Invalid(_("Say who gets the link, so that you know later which one to take back."), field="reader")
    made = PageLink.objects.create(
        page=page, reader=name, made_by=person, made_at=now, expires_at=now + timedelta(days=days)
    )
    pages.audit("page_link.made", page, person, {"link": made.pk})
    return made


@transaction.atomic
def revoke(*, slug: str, link_id: int, person: Person, now: datetime) -> PageLink:
    """It opens nothing from now on; taken back twice is taken back once."""
    _may(person)
    rows = PageLink.objects.select_for_update(no_key=True, of=("self",)).select_related("page")
    made = rows.filter(pk=link_id, page__slug=slug).first()
    if made is None:
        raise UnknownLink(_("There is no such link."))
    if made.take_back(by=person, now=now):
        pages.audit("page_link.revoked", made.page, person, {"link": made.pk})
    return made


def address(made: PageLink) -> str:
    """What the reader opens; shown to whoever made it, once."""
    return addresses.absolute(addresses.customer_page(token(made)))


def token(made: PageLink) -> str:
    """The same whenever it is asked for: the row says until when the link holds."""
    return signed_links.signature(made.pk, made.nonce, salt=_SALT)


def opened(text: str, *, now: datetime) -> Opened | None:
    """The link that was signed here; None for anything else. A page that is another's from now on, or that nobody
    reads any more, ends its links."""
    keys = signed_links.signed(text, salt=_SALT)
    if keys is None:
        return None
    found = PageLink.objects.select_related("page__audience").filter(pk=keys[0], nonce=keys[1]).first()
    if found is None:
        return None
    page = found.page
    stands = page.only_its_services and page.retired_at is None
    return Opened(link=found, holds=stands and found.holds_at(now))


def _may(person: Person) -> None:
    if not person.has_role(*roles.SUBSCRIBER_KEEPERS):
        raise Forbidden(_("Communications and administrators make and take back links to customers' pages."))
