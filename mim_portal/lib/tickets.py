"""Short-lived tickets for the live stream: the page carries one, the stream checks it without a database.

Standard library only: the live process reads tickets and has no Django in it. A ticket names one incident and one
person and is good for 60 seconds, long enough to open a stream; the page asks for a fresh one before it opens another.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass

LIFETIME_SECONDS = 60
_PURPOSE = b"mim-portal live ticket"
_LONGEST = 900  # characters; whatever is longer was not made here
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Whose stream of which incident, and until when it may be opened (seconds since 1970)."""

    reference: str
    person_id: int
    expires_at: int
    name: str = ""  # what colleagues call the person: the others in the room see who is here


def derive_key(secret: str) -> bytes:
    """A key for tickets alone, so that they can never stand in for another signature made with the same secret."""
    return hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()


def issue(*, reference: str, person_id: int, key: bytes, now: float, name: str = "") -> str:
    """A ticket for the address of the stream: payload and signature, both URL-safe."""
    content = [reference, person_id, int(now) + LIFETIME_SECONDS, name[:LONGEST_NAME]]
    payload = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return f"{_encode(payload)}.{_encode(_sign(payload, key))}"


def read(text: str, *, key: bytes, now: float) -> Ticket | None:
    """The ticket if it was signed with `key` and has not run out, else None."""
    if len(text) > _LONGEST:
        return None
    payload_text, _, signature_text = text.partition(".")
    try:
        payload, signature = _decode(payload_text), _decode(signature_text)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(signature, _sign(payload, key)):
        return None
    reference, person_id, expires_at, *more = json.loads(payload)  # a ticket of an older release has no name
    if expires_at <= now:
        return None
    return Ticket(reference=reference, person_id=person_id, expires_at=expires_at, name=more[0] if more else "")


def _sign(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, payload, hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
