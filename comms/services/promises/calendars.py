"""A personal, signed address for the deadlines in one's calendar: made, made anew, and taken back."""

import secrets

from django.core import signing
from django.db import transaction

from comms.models import CalendarFeed
from mim_portal.models import AuditEntry
from teams.models import Person

_SALT = "comms.calendar"


@transaction.atomic
def make(*, person: Person) -> CalendarFeed:
    """An address of one's own; whoever had an older one loses it at this moment."""
    values = {"key": secrets.token_urlsafe(32)}
    feed, is_new = CalendarFeed.objects.update_or_create(person=person, defaults=values)
    AuditEntry.objects.create(actor=person, verb="calendar.made" if is_new else "calendar.renewed")
    return feed


@transaction.atomic
def revoke(*, person: Person) -> None:
    """The address leads nowhere from now on."""
    deleted, _rows = CalendarFeed.objects.filter(person=person).delete()
    if deleted:
        AuditEntry.objects.create(actor=person, verb="calendar.revoked")


def address_of(feed: CalendarFeed) -> str:
    """The path of the feed."""
    return f"/calendar/{_signer().sign_object([feed.person_id, feed.key])}/deadlines.ics"


def owner(token: str) -> Person | None:
    """Whose calendar asks; nobody's where the address was forged, renewed or taken back."""
    try:
        pk, key = _signer().unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    feed = CalendarFeed.objects.select_related("person").filter(person=pk, key=key).first()
    return feed.person if feed is not None and feed.person.is_active else None


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT)
