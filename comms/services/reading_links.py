"""Reading links: made for a named reader, taken back, opened, and counted without saying who."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from comms.models import ReadingCount, ReadingLink
from incidents.models import Incident
from incidents.services import locking
from mim_portal.lib import addresses, signed_links
from mim_portal.lib.refusals import Forbidden, Invalid, Missing
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Person
from teams.rules import readers, roles

_SALT: Final = "comms.reading_link"
LONGEST_DAYS: Final = 90
USUAL_DAYS: Final = 14


class UnknownLink(Missing):
    """There is no such link."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Whose link was opened, and whether it still holds."""

    link: ReadingLink
    holds: bool


@transaction.atomic
def make(
    *, person: Person, name: str, email: str, now: datetime, days: int = USUAL_DAYS, reference: str = ""
) -> ReadingLink:
    """A link for one reader, who is named because what they decide is recorded; for one incident where it is given.

    Of a private incident there is none: whoever may read it is admitted to it and signs in.
    """
    if not person.has_role(*roles.READING_LINK_MAKERS):
        raise Forbidden(_("An incident manager or an administrator makes reading links."))
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("A link holds for 1 to %d days.") % LONGEST_DAYS, field="days")
    incident = _incident(reference, person) if reference else None
    made = ReadingLink.objects.create(
        reader=_reader(name.strip(), email.strip().lower()),
        incident=incident,
        made_by=person,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    _audit("reading_link.made", made, by=person)
    return made


@transaction.atomic
def revoke(*, link_id: int, person: Person, now: datetime) -> ReadingLink:
    """It opens nothing from now on; taken back twice is taken back once."""
    if not person.has_role(*roles.READING_LINK_MAKERS):
        raise Forbidden(_("An incident manager or an administrator takes reading links back."))
    made = ReadingLink.objects.select_for_update(no_key=True, of=("self",)).filter(pk=link_id).first()
    if made is None:
        raise UnknownLink(_("There is no such link."))
    if made.take_back(by=person, now=now):
        _audit("reading_link.revoked", made, by=person)
    return made


def address(made: ReadingLink) -> str:
    """What the reader opens; shown to whoever made it, once."""
    return addresses.absolute(addresses.four_lines(token(made)))


def token(made: ReadingLink) -> str:
    """The same whenever it is asked for: the row says until when the link holds."""
    return signed_links.signature(made.pk, made.nonce, salt=_SALT)


def opened(text: str, *, now: datetime) -> Opened | None:
    """The link that was signed here; None for anything else."""
    keys = signed_links.signed(text, salt=_SALT)
    if keys is None:
        return None
    found = ReadingLink.objects.select_related("reader", "incident").filter(pk=keys[0], nonce=keys[1]).first()
    if found is None:
        return None
    hidden = found.incident is not None and found.incident.is_private
    return Opened(link=found, holds=found.holds_at(now) and not hidden)


@transaction.atomic
def count(*, now: datetime) -> None:
    """One more opening of this day, whoever it was."""
    day = now.astimezone(UTC).date()
    ReadingCount.objects.get_or_create(day=day)
    ReadingCount.objects.filter(day=day).update(opened=F("opened") + 1)


def _incident(reference: str, person: Person) -> Incident:
    found = locking.lock(reference=reference, person=person, field="reference")
    if found.is_private:
        raise Invalid(_("A private incident has no reading links: admit the reader to it."), field="reference")
    return found


def _reader(name: str, email: str) -> Person:
    """The reader as a person of the list who cannot sign in; an executive with an account reads as they are."""
    if not name or len(name) > 100:
        raise Invalid(_("Name the reader: what they decide is recorded with it."), field="name")
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(_("Give the reader's e-mail address."), field="email") from None
    found = Person.objects.filter(email__iexact=email).first()
    if found is None:
        first, _space, last = name.partition(" ")
        made = Person(
            username=readers.username(uuid.uuid4().hex), first_name=first, last_name=last, email=email,
            roles=[Role.EXECUTIVE], is_active=False,
        )  # fmt: skip
        made.set_unusable_password()
        made.save()
        return made
    if list(found.roles) != [Role.EXECUTIVE]:
        raise Invalid(_("Somebody with this address has another role: they sign in."), field="email")
    return found


def _audit(verb: str, made: ReadingLink, *, by: Person) -> None:
    data = {"link": made.pk, "reader": made.reader_id, "incident": made.incident_id}
    AuditEntry.objects.create(actor=by, verb=verb, subject=f"reading link {made.pk}", data=data)
