"""Pages that a signed link opens: what they answer with, and how their addresses stay out of logs."""

import logging
import re
import uuid
from typing import Final

from django.core import signing
from django.http import HttpResponse

# Whose next part is a signature: whoever reads it could use it.
PLACES: Final = (
    *(
        "answer",
        "calendar",
        "call",
        "customer-page",
        "feedback",
        "four-lines",
        "invitation",
        "opt-out",
        "paging",
        "s",
        "subscription/confirm",
        "subscription",
    ),
    "account/password/reset/key",
)
_SIGNED: Final = re.compile(rf"(/(?:{'|'.join(PLACES)})/)[^/\s?\"']+")


def closed(response: HttpResponse, *, robots: str = "noindex, nofollow") -> HttpResponse:
    """Nobody keeps the page, finds it, or is told its address; Django asks for the Referer of a form over TLS."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = robots
    response["Referrer-Policy"] = "same-origin"
    return response


def signature(pk: int, nonce: uuid.UUID, *, salt: str) -> str:
    """The part of an address that opens one row: the same whenever it is asked for."""
    return signing.Signer(salt=salt).sign_object([pk, nonce.hex])


def signed(text: str, *, salt: str) -> tuple[int, uuid.UUID] | None:
    """The key and nonce that were signed here with this salt; None for anything else."""
    try:
        pk, nonce = signing.Signer(salt=salt).unsign_object(text)
        return int(pk), uuid.UUID(nonce)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


class WithoutSignatures(logging.Filter):
    """Takes the signature out of addresses before a line is written: a log is read by more people than a mail."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = _SIGNED.sub(r"\1…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
