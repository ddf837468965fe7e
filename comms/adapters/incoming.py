"""A mail from outside, taken apart: RFC 5322 bytes in, plain values out. What it carries is data, never markup."""

import hashlib
import html
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Final, TypeAlias

import nh3

from comms.rules import mail_reports, replies
from comms.rules.replies import Incoming

BYTES_LIMIT: Final = 512 * 1024  # the words of a mail stand before its files; what follows is not read
PARTS_LIMIT: Final = 100
_HEADER_LIMIT: Final = 8000
_FILES: Final = 20
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"\\]{1,64}@[^\s<>()\[\],;:\"\\@]{1,255}")
_BREAK: Final = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


Part: TypeAlias = "Message[str, str]"


class NoMail(ValueError):
    """These bytes are no mail: there is nothing in them that says who wrote it."""


def parse(raw: bytes) -> Incoming:
    """The mail's values, each bounded; NoMail where it names no sender."""
    cut = raw[:BYTES_LIMIT]
    message = message_from_bytes(cut)
    written = _header(message, "From")
    found = _ADDRESS.search(parseaddr(written)[1]) or _ADDRESS.search(written)
    if found is None:
        raise NoMail("It has no From with an address.")
    return Incoming(
        message_id=_own_id(message, cut),
        sender=found[0].lower(),
        sender_name=replies.one_line(parseaddr(written)[0], limit=120),
        subject=replies.one_line(_header(message, "Subject"), limit=400),
        text=_text(message),
        answers=replies.message_ids(_header(message, "In-Reply-To"), _header(message, "References")),
        files=tuple(_files(message)),
        headers={name.lower(): replies.one_line(_decoded(value), limit=400) for name, value in message.raw_items()},
        is_report=message.get_content_type() == "multipart/report",
        report=mail_reports.read(cut),
    )


def _header(message: Part, name: str) -> str:
    return next((_decoded(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")


def _decoded(value: object) -> str:
    """A header as text, also where it is so broken or so long that its own rules do not help."""
    raw = str(value)[:_HEADER_LIMIT].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return _storable(str(make_header(decode_header(raw))))
    except (HeaderParseError, LookupError, ValueError):
        return _storable(raw)


def _storable(text: str) -> str:
    """Without what a database cannot keep: odd character sets make half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _own_id(message: Part, raw: bytes) -> str:
    given = replies.message_ids(_header(message, "Message-ID"))
    return given[0][:400] if given else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _parts(message: Part) -> Iterator[Part]:
    for number, part in enumerate(message.walk()):
        if number >= PARTS_LIMIT:
            return
        yield part


def _text(message: Part) -> str:
    """The first plain text that is no file; else the first HTML, as text."""
    found: dict[str, str] = {}
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"} and not _is_file(part):
            found.setdefault(kind, _content(part))
    plain = found.get("text/plain", "")
    return plain if plain.strip() else _plain(found.get("text/html", ""))


def _content(part: Part) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return _storable(raw.decode(part.get_content_charset() or "utf-8", errors="replace"))
    except (LookupError, ValueError):
        return _storable(raw.decode("utf-8", errors="replace"))


def _plain(markup: str) -> str:
    """What HTML says, without what it quotes: lines by its blocks, every tag gone."""
    cleaned = nh3.clean(
        markup[: 60 * replies.TEXT_LIMIT],
        tags={"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"},
        clean_content_tags={"script", "style", "title", "blockquote"},
        attributes={},
        link_rel=None,
    )
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", cleaned.replace("\n", " "))))


def _is_file(part: Part) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _files(message: Part) -> list[str]:
    """Names of what hangs on the mail; the files themselves are not taken."""
    named = [part for part in _parts(message) if not part.is_multipart() and _is_file(part)]
    names = [_decoded(part.get_filename() or part.get_content_type()) for part in named[:_FILES]]
    return [replies.one_line(name, limit=120) for name in names]
