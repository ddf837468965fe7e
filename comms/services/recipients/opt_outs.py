"""Opting out of an audience's updates and back in, by the signed link that each copy carries (RFC 8058)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.db import connection, transaction

from comms.choices import DUTY_AUDIENCES
from comms.models import Audience, OptOut
from mim_portal.lib import addresses
from mim_portal.models import AuditEntry

_SALT = "comms.opt_out"

# Copies of updates to addresses that stand on a list themselves; a role is a duty, and has no link, and so are the
# lists of the desk, the technical teams and the owners.
_ON_A_LIST = """
SELECT delivery.id, delivery.address, audience.id, audience.code
FROM comms_delivery delivery
JOIN comms_message message ON message.id = delivery.message_id AND message.update_id IS NOT NULL
JOIN comms_audience audience ON audience.id = message.audience_id
WHERE delivery.id = ANY(%s) AND delivery.person_id IS NULL AND audience.code <> ALL(%s) AND EXISTS (
    SELECT FROM comms_recipient recipient
    WHERE recipient.audience_id = audience.id AND recipient.channel = 'email' AND recipient.is_active
      AND recipient.address = delivery.address)
"""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whose link it is: an address as a reader of an audience."""

    audience: Audience
    address: str

    @property
    def has_opted_out(self) -> bool:
        return OptOut.objects.filter(audience=self.audience, address=self.address).exists()


def links(deliveries: Sequence[int]) -> dict[int, tuple[str, str]]:
    """For each copy to somebody who may opt out: the audience's code, and the link."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_A_LIST, [list(deliveries), sorted(DUTY_AUDIENCES)])
        return {
            pk: (code, addresses.absolute(address_of(audience, address)))
            for pk, address, audience, code in cursor.fetchall()
        }


def address_of(audience_id: int, address: str) -> str:
    """The path of the page; it holds for as long as the audience exists."""
    return f"/opt-out/{_signer().sign_object([audience_id, address.lower()])}/"


def reader(token: str) -> Reader | None:
    """Whose link it is; nobody's where it was forged, or its audience is gone or a duty."""
    try:
        audience_id, address = _signer().unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    audience = Audience.objects.filter(pk=audience_id).exclude(code__in=DUTY_AUDIENCES).first()
    return Reader(audience=audience, address=address) if audience is not None else None


@transaction.atomic
def opt_out(reader: Reader) -> None:
    """No further update to this audience goes there. Said twice it is said once."""
    row, is_new = OptOut.objects.get_or_create(audience=reader.audience, address=reader.address)
    if is_new:
        _audit("recipient.opted_out", reader, {"opt_out": row.pk})


@transaction.atomic
def opt_in(reader: Reader) -> None:
    """As before."""
    deleted, _rows = OptOut.objects.filter(audience=reader.audience, address=reader.address).delete()
    if deleted:
        _audit("recipient.opted_in", reader, {})


def _audit(verb: str, reader: Reader, data: dict[str, int]) -> None:
    AuditEntry.objects.create(verb=verb, subject=f"audience {reader.audience.code}"[:200], data=data)


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT)
