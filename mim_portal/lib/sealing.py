"""Secrets at rest: what the portal has to read again is sealed with a key that is derived from SECRET_KEY.

A dump of the database alone shows nothing. Keys in SECRET_KEY_FALLBACKS still open what they sealed, so that the key
can be changed; whatever is saved again is sealed with the new one.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"mim_portal.lib.sealing"  # no other use of SECRET_KEY derives this key


class Unreadable(Exception):
    """Sealed with a key that this process does not have, or damaged."""


def seal(text: str) -> str:
    """The text so that only who has SECRET_KEY can read it; an empty one stays empty."""
    return _box().encrypt(text.encode()).decode("ascii") if text else ""


def unseal(sealed: str) -> str:
    """What was sealed; Unreadable where neither SECRET_KEY nor its fallbacks open it."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unreadable("It was sealed with another MIM_SECRET_KEY.") from error


def _box() -> MultiFernet:
    return _made_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _made_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(made)
