"""The bytes of attachments: examined, stored under a random name, deleted. No rule of an incident is known here."""

import hashlib
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.rules import attachments as rules
from mim_portal.lib import filetypes
from mim_portal.lib.refusals import Invalid, Refusal

log = logging.getLogger(__name__)

ACCEPTED = gettext_lazy(
    "You can attach pictures (PNG, JPEG, WebP), PDF, text, logs, CSV, JSON, mails as .eml, and Word, Excel, PowerPoint "
    "or OpenDocument files."
)


class NotStored(Refusal):
    """The server has no room for the file, or cannot write it."""

    code = "not_stored"
    status = 507


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What lies in the storage, and what the row says of it."""

    name: str
    stored_name: str
    content_type: str
    size: int
    sha256: str


def store(*, name: str, content: bytes, now: datetime) -> Stored:
    """Examine and write a file. What is refused says what to do instead; a write that fails leaves nothing behind."""
    if len(content) > settings.ATTACHMENT_BYTES:
        raise too_large(name)
    try:
        examined = filetypes.examine(content, extension=rules.extension(name))
    except filetypes.Unacceptable as error:
        raise Invalid(_refusal(name, error), code=error.code, field="file") from error
    stored_name = f"attachments/{now:%Y/%m}/{secrets.token_hex(16)}"
    try:
        default_storage.save(stored_name, ContentFile(examined.content))
    except OSError as error:
        log.error("attachment not stored: %s", error)
        delete(stored_name)
        message = _("The server could not store the file; it may be full. Nothing was kept. Tell your administrator.")
        raise NotStored(message) from error
    return Stored(
        name=rules.safe_name(name, ending=examined.extension),
        stored_name=stored_name,
        content_type=examined.content_type,
        size=len(examined.content),
        sha256=hashlib.sha256(examined.content).hexdigest(),
    )


def delete_all(stored_names: Iterable[str]) -> None:
    """The same for several."""
    for stored_name in stored_names:
        delete(stored_name)


def delete(stored_name: str) -> None:
    """Take the bytes away. A storage that fails leaves an orphan and a line in the log, never an error page."""
    try:
        default_storage.delete(stored_name)
    except OSError as error:
        log.error("attachment %s not deleted: %s", stored_name, error)


def too_large(name: str) -> Invalid:
    """What is said of a file over the limit."""
    words = {"name": _shown(name), "limit": filesizeformat(settings.ATTACHMENT_BYTES)}
    message = _("“%(name)s” is larger than %(limit)s. Cut it down, or put a link to it into a note.")
    return Invalid(message % words, code="file_too_large", field="file")


def _refusal(name: str, error: filetypes.Unacceptable) -> str:
    words = {"name": _shown(name), "found": error.found}
    sentences = {
        "file_empty": _("“%(name)s” is empty."),
        "file_damaged": _("“%(name)s” is damaged and would not open anywhere."),
        "file_with_macros": _("“%(name)s” contains a program (macros). Save it without, or as PDF."),
        "picture_damaged": _("“%(name)s” is damaged: it cannot be read as a picture. Take it again or save it as PNG."),
        "picture_too_large": _("“%(name)s” has too many pixels. Make it smaller; 40 million are the most."),
        "picture_moves": _("“%(name)s” is a moving picture. Attach a still one."),
    }
    usual = _("“%(name)s” looks like: %(found)s.") if error.found else _("“%(name)s” is of a kind that is not taken.")
    sentence = sentences.get(error.code)
    return (sentence % words) if sentence else f"{usual % words} {ACCEPTED}"


def _shown(name: str) -> str:
    """The name in a sentence: safe, and short enough to be read."""
    ending = rules.extension(name)
    if ending.isalnum() and len(ending) <= 20:
        return rules.safe_name(name, ending=ending)
    return rules.safe_name(f"{name}.x", ending="x").removesuffix(".x")
