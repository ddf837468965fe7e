"""A local SMTP server that keeps every message as one ``.eml`` file instead of sending it anywhere."""

import asyncio
import itertools
import os
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from mim_portal.embedded.failures import Failure
from mim_portal.embedded.ports import LOOPBACK

KEPT_MESSAGES = 5000
PRUNE_EVERY = 500
SIZE_LIMIT_BYTES = 25 * 2**20


class Keeper:
    """Writes messages into a folder: names sort by arrival, files appear whole, the oldest go beyond the limit."""

    def __init__(self, folder: Path, *, kept: int = KEPT_MESSAGES, prune_every: int = PRUNE_EVERY) -> None:
        self.folder = folder
        self.kept = kept
        self.prune_every = prune_every
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        try:
            self.keep(sender=envelope.mail_from or "", recipients=list(envelope.rcpt_tos), content=content)
        except OSError as error:
            return f"452 The message could not be stored: {error.strerror}"
        return "250 Message accepted for delivery"

    def keep(self, *, sender: str, recipients: list[str], content: bytes) -> Path:
        """Store one message with its envelope in two headers of their own, as mail servers note it."""
        number = next(self._numbers)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}-{number:06d}.eml"
        envelope = f"Return-Path: <{sender}>\r\nX-Envelope-To: {', '.join(recipients)}\r\n".encode()
        part = self.folder / f".{name}.part"
        part.write_bytes(envelope + content)
        path = self.folder / name
        part.rename(path)
        if number % self.prune_every == 0:
            self.prune()
        return path

    def prune(self) -> None:
        messages = sorted(self.folder.glob("*.eml"))
        for path in messages[: max(0, len(messages) - self.kept)]:
            path.unlink(missing_ok=True)


async def start(folder: Path, *, port: int) -> tuple[asyncio.Server, str]:
    """Listen, and return the server with the address to send to."""
    loop = asyncio.get_running_loop()
    keeper = Keeper(folder)

    def session() -> SMTP:
        return SMTP(keeper, data_size_limit=SIZE_LIMIT_BYTES, enable_SMTPUTF8=True, hostname="localhost", loop=loop)

    try:
        server = await loop.create_server(session, LOOPBACK, port)
    except OSError as error:
        raise Failure(f"The mail catcher could not listen on port {port} ({error.strerror}).") from error
    bound: int = server.sockets[0].getsockname()[1]
    return server, f"smtp://{LOOPBACK}:{bound}"
