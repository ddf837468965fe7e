"""Mail over one reused SMTP connection. The in-memory twin is in mailbox."""

import hmac
import re
import smtplib
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Protocol

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.crypto import salted_hmac

_POLICY = policy.SMTP.clone(cte_type="7bit")
_CLOSING = 421
_LOCAL = re.compile(r"[!-~]{1,64}")  # printable ASCII without spaces
_OURS = re.compile(r"<?d(\d{1,18})\.([0-9a-f]{16})@[^<>\s@]+>?", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9.\[\]:-]{1,255}")


class ServerUnavailable(Exception):
    """The mail server cannot be reached, or stopped answering: nothing is wrong with the message."""


class TryLater(Exception):
    """The server refused this mailbox for now."""


class Refused(Exception):
    """The server refused this mailbox or this message for good."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """What many addresses get. `thread` is one for the whole incident; `reply_to` is empty for the sender's address."""

    id: int
    subject: str
    text: str
    html: str
    thread: str
    created_at: datetime
    reply_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The list that this address stands on, and the address's own ways to leave it: a link, and a mail where one is
    read.
    """

    name: str
    opt_out: str
    opt_out_mail: str = ""


class Mailer(Protocol):
    """What the delivery run speaks to: the real server or its twin."""

    def open(self) -> None:
        """Connect; ServerUnavailable where that fails."""

    def send(self, text: Text, *, delivery_id: int, address: str, listed: Listed | None = None) -> None:
        """Hand one message over; TryLater, Refused or ServerUnavailable where it was not taken."""

    def close(self) -> None:
        """Leave politely."""


def message_id(delivery_id: int) -> str:
    """The same for every attempt at a delivery, so that a repeated message is recognised."""
    return f"<d{delivery_id}.{_digest(delivery_id)}@{_host()}>"


def _digest(delivery_id: int) -> str:
    return salted_hmac("comms.delivery", str(delivery_id), algorithm="sha256").hexdigest()[:16]


def delivery_of(text: str) -> int | None:
    """The delivery whose Message-ID this is; None where it was not made here."""
    found = _OURS.fullmatch(text.strip())
    if found is None:
        return None
    pk = int(found[1])
    return pk if hmac.compare_digest(found[2], _digest(pk)) else None


def thread_id(thread: str) -> str:
    """The message that does not exist and that everything about the incident answers."""
    return f"<{thread}@{_host()}>"


def _host() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def envelope_address(address: str) -> str:
    """The address as it travels: a domain of any script, a plain local part, nothing that could add a header."""
    local, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    if not (at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)):
        raise Refused("This cannot be used as an address.")
    return f"{local}@{ascii_domain}"


def can_carry(address: str) -> bool:
    """Whether the address can stand in a header as it is."""
    try:
        return envelope_address(address) == address
    except Refused:
        return False


class Smtp:
    """Django's mail settings (EMAIL_URL), one connection, each text composed once."""

    def __init__(self) -> None:
        self._backend: EmailBackend | None = None
        self._composed: tuple[int, bytes] = (0, b"")
        self._sender = envelope_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])

    def open(self) -> None:
        """Connect, with TLS and sign-in as the settings say."""
        self.close()
        backend = EmailBackend()
        try:
            backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnavailable(_words(error)) from error
        self._backend = backend

    def send(self, text: Text, *, delivery_id: int, address: str, listed: Listed | None = None) -> None:
        """Four exchanges on the open connection."""
        if self._backend is None or self._backend.connection is None:
            raise ServerUnavailable("There is no connection.")
        recipient = envelope_address(address)
        head = f"To: {recipient}\r\nMessage-ID: {message_id(delivery_id)}\r\n{_list_headers(listed)}".encode("ascii")
        try:
            self._backend.connection.sendmail(self._sender, [recipient], head + self._compose(text))
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnavailable(_words(error)) from error

    def close(self) -> None:
        """Say goodbye, whether or not the server still listens."""
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.fail_silently = True
            backend.close()

    def _compose(self, text: Text) -> bytes:
        """Everything but the headers that differ by recipient."""
        if self._composed[0] != text.id:
            self._composed = (text.id, compose(text))
        return self._composed[1]


def compose(text: Text) -> bytes:
    """Headers and both parts of a text as they travel: 7 bit, CRLF."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = " ".join(text.subject.split())
    message["From"] = settings.DEFAULT_FROM_EMAIL
    if text.reply_to:
        message["Reply-To"] = text.reply_to
    message["Date"] = formatdate()
    message["In-Reply-To"] = thread_id(text.thread)
    message["References"] = thread_id(text.thread)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text.text)
    if text.html:
        message.add_alternative(text.html, subtype="html")
    return message.as_bytes()


def _list_headers(listed: Listed | None) -> str:
    """RFC 2919, RFC 2369 and RFC 8058: mail programs show a button that posts to the link without asking."""
    if listed is None:
        return ""
    ways = ",\r\n ".join(f"<{way}>" for way in (listed.opt_out, listed.opt_out_mail) if way)
    lines = [f"List-Id: <{listed.name}.updates.{_host()}>", f"List-Unsubscribe: {ways}"]
    if listed.opt_out.startswith("https://"):
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{line}\r\n" for line in lines)


def _refusal(code: int, answer: bytes | str) -> Exception:
    words = f"{code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
    if code == _CLOSING:
        return ServerUnavailable(words)
    return Refused(words) if code >= 500 else TryLater(words)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
