"""Opting out of an audience's updates, or of all, and back in, by the signed link that each copy carries (RFC 8058)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.choices import DUTY_AUDIENCES
from comms.models import Audience, OptOut
from comms.rules.replies import Way
from comms.services.subscriptions import keeping, links
from mim_portal.lib import addresses, dbtime
from mim_portal.lib.refusals import Invalid, Missing
from mim_portal.models import AuditEntry
from teams.models import Person

_SALT = "comms.opt_out"

# Copies of updates to addresses that stand on a list themselves; a role is a duty, and has no link, and so are the
# lists of the desk, the technical teams and the owners. The chunk is read first and each address looked up by itself,
# whatever the planner believes of tables that it has no figures of: joined the other way round, every reader meets
# every message (a minute for a hundred copies of 2,000 messages to 22,000 readers).
_ON_A_LIST = """
WITH copies AS MATERIALIZED (
    SELECT delivery.id, delivery.address, message.audience_id
    FROM comms_delivery delivery
    JOIN comms_message message ON message.id = delivery.message_id AND message.update_id IS NOT NULL
    WHERE delivery.id = ANY(%s) AND delivery.person_id IS NULL
)
SELECT copies.id, copies.address, audience.id, audience.code
FROM copies JOIN comms_audience audience ON audience.id = copies.audience_id
WHERE audience.code <> ALL(%s) AND EXISTS (
    SELECT FROM comms_recipient recipient
    WHERE recipient.audience_id = copies.audience_id AND recipient.channel = 'email' AND recipient.is_active
      AND recipient.address = copies.address
    OFFSET 0)
"""


class UnknownOptOut(Missing):
    """Nobody opted out here."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whose link it is: an address as a reader of an audience."""

    audience: Audience
    address: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a reader has chosen: for the audience of their link, and for all that they may leave."""

    is_out: bool
    is_out_of_any: bool
    is_out_of_all: bool


def ways(deliveries: Sequence[int]) -> dict[int, Way]:
    """For each copy to somebody who may opt out: whose list it is, and the ways to leave it."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_A_LIST, [list(deliveries), sorted(DUTY_AUDIENCES)])
        return {pk: way(code, token(audience, address)) for pk, address, audience, code in cursor.fetchall()}


def way(code: str, token: str) -> Way:
    """By the token of a reader of the audience with this code."""
    return Way(code=code, link=addresses.absolute(addresses.opt_out(token)), token=token)


def address_of(audience_id: int, address: str) -> str:
    """The path of the page; it holds for as long as the audience exists."""
    return addresses.opt_out(token(audience_id, address))


def token(audience_id: int, address: str) -> str:
    """Signed, so that nobody can opt somebody else out."""
    return _signer().sign_object([audience_id, address.lower()])


def reader(token: str) -> Reader | None:
    """Whose link it is; nobody's where it was forged, or its audience is gone or a duty."""
    try:
        audience_id, address = _signer().unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    audience = _may_be_left().filter(pk=audience_id).first()
    return Reader(audience=audience, address=address) if audience is not None else None


@transaction.atomic
def opt_out(reader: Reader) -> bool:
    """No further update to this audience goes there, nor by a subscription to a page for it; whether that is new. Said
    twice it is said once."""
    row, is_new = OptOut.objects.get_or_create(audience=reader.audience, address=reader.address)
    if is_new:
        _audit("recipient.opted_out", reader, {"opt_out": row.pk})
    ended = keeping.end_of_address(reader.address, audience=reader.audience, now=dbtime.now())
    return is_new or bool(ended)


@transaction.atomic
def leave(token: str) -> bool | None:
    """What a mail with this token asks for: out of an audience, or the end of a subscription; whether that is new. None
    where it was not signed here."""
    found = reader(token)
    if found is not None:
        return opt_out(found)
    if links.managing(token) is None:
        return None
    try:
        return bool(keeping.end(token, now=dbtime.now()))
    except keeping.Gone:  # ended and forgotten since
        return False


@transaction.atomic
def opt_in(reader: Reader) -> None:
    """As before."""
    deleted, _by_model = OptOut.objects.filter(audience=reader.audience, address=reader.address).delete()
    if deleted:
        _audit("recipient.opted_in", reader, {})


def choice(reader: Reader) -> Choice:
    """What the reader has chosen so far."""
    left = set(OptOut.objects.filter(address=reader.address).values_list("audience_id", flat=True))
    return Choice(
        is_out=reader.audience.pk in left,
        is_out_of_any=bool(left),
        is_out_of_all=left.issuperset(_may_be_left().values_list("pk", flat=True)),
    )


@transaction.atomic
def opt_out_of_all(reader: Reader) -> None:
    """No further update to any audience goes there, but for those on duty. A list that somebody makes later is new."""
    keeping.end_of_address(reader.address, now=dbtime.now())
    rows = [OptOut(audience=audience, address=reader.address) for audience in _may_be_left()]
    before = OptOut.objects.filter(address=reader.address).count()
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)
    added = OptOut.objects.filter(address=reader.address).count() - before
    if added:
        _audit("recipient.opted_out_of_all", reader, {"audiences": added})


@transaction.atomic
def opt_in_to_all(reader: Reader) -> None:
    """As before, on every list that the address stands on."""
    deleted, _by_model = OptOut.objects.filter(address=reader.address).delete()
    if deleted:
        _audit("recipient.opted_in_to_all", reader, {"audiences": deleted})


@transaction.atomic
def lift(*, opt_out_id: int, person: Person, reason: str) -> OptOut:
    """An administrator takes an opt-out back, because its reader asked for it; the reason stays in the audit."""
    row = OptOut.objects.select_for_update(no_key=True, of=("self",)).filter(pk=opt_out_id)
    found = row.select_related("audience").first()
    if found is None:
        raise UnknownOptOut(_("Nobody is opted out here any more."))
    words = reason.strip()[:300]
    if not words:
        raise Invalid(_("Say who asked for it, and how."), field="reason")
    OptOut.objects.filter(pk=opt_out_id).delete()
    AuditEntry.objects.create(
        actor=person,
        verb="recipient.opt_out_lifted",
        subject=f"audience {found.audience.code}"[:200],
        data={"opt_out": opt_out_id, "reason": words},
    )
    return found


def _may_be_left() -> QuerySet[Audience]:
    return Audience.objects.exclude(code__in=DUTY_AUDIENCES)


def _audit(verb: str, reader: Reader, data: dict[str, int]) -> None:
    AuditEntry.objects.create(verb=verb, subject=f"audience {reader.audience.code}"[:200], data=data)


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT)
