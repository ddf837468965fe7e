"""A mailbox read over IMAP: what nobody has read yet, one mail at a time, each in part only."""

import imaplib
import ssl
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from comms.adapters import incoming

TIMEOUT: Final = 10.0
_PORTS: Final = {"imaps": 993, "imap+tls": 143, "imap": 143}


class MailboxUnavailable(Exception):
    """The server cannot be reached, refuses the sign-in, or stopped answering: its mails stay as they are."""


class Box(Protocol):
    """What the run that reads replies speaks to."""

    def unseen(self) -> list[str]:
        """The mails that nobody has read, the oldest first; MailboxUnavailable where that fails."""

    def fetch(self, uid: str) -> bytes:
        """The first part of a mail, which leaves it unread."""

    def mark(self, uid: str, *, is_flagged: bool = False) -> None:
        """It is read; flagged, it is one that a person should look at."""

    def close(self) -> None:
        """Leave politely."""


class Imap:
    """The mailbox that IMAP_URL names: imaps://user:secret@host/INBOX, imap+tls:// for STARTTLS."""

    def __init__(self, url: str) -> None:
        self._connection = _connected(url)

    def unseen(self) -> list[str]:
        found = self._ask("SEARCH", "UNSEEN")
        return [uid for part in found if isinstance(part, bytes) for uid in part.decode("ascii", "ignore").split()]

    def fetch(self, uid: str) -> bytes:
        answer = self._ask("FETCH", uid, f"(BODY.PEEK[]<0.{incoming.BYTES_LIMIT}>)")
        return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")

    def mark(self, uid: str, *, is_flagged: bool = False) -> None:
        self._ask("STORE", uid, "+FLAGS.SILENT", "(\\Seen \\Flagged)" if is_flagged else "(\\Seen)")

    def close(self) -> None:
        try:
            self._connection.logout()
        except (OSError, imaplib.IMAP4.error):
            self._connection.shutdown()

    def _ask(self, command: str, *arguments: str) -> list[object]:
        try:
            said, answer = self._connection.uid(command, *arguments)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxUnavailable(f"{command}: {type(error).__name__}") from error
        if said != "OK":
            raise MailboxUnavailable(f"{command}: {said}")
        return list(answer)


def _connected(url: str) -> imaplib.IMAP4:
    """Signed in, with the folder selected."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MailboxUnavailable("IMAP_URL is no address of a mailbox.")
    try:
        connection = _opened(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxUnavailable(type(error).__name__) from error
    try:
        if parts.scheme == "imap+tls":
            connection.starttls(ssl.create_default_context())
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        said, _answer = connection.select(_quoted(unquote(parts.path.lstrip("/")) or "INBOX"))
    except (OSError, imaplib.IMAP4.error) as error:
        connection.shutdown()
        raise MailboxUnavailable(type(error).__name__) from error
    if said != "OK":
        connection.shutdown()
        raise MailboxUnavailable("There is no such folder.")
    return connection


def _opened(scheme: str, host: str, port: int) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    return imaplib.IMAP4(host, port, timeout=TIMEOUT)


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
