"""A real SMTP server for one test."""

import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Lock

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from mim_portal.embedded.ports import free_port


class MailSink:
    """What has arrived, parsed, in order; ``refuse`` makes the server turn down one recipient as real ones do."""

    def __init__(self) -> None:
        self._messages: list[EmailMessage] = []
        self._refused: dict[str, str] = {}
        self._lock = Lock()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self._refused:
            return self._refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        with self._lock:
            self._messages.append(message)
        return "250 Message accepted for delivery"

    @property
    def messages(self) -> list[EmailMessage]:
        with self._lock:
            return list(self._messages)

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that this recipient got."""
        return [message for message in self.messages if address in message["X-Envelope-To"].split(", ")]

    def clear(self) -> None:
        with self._lock:
            self._messages.clear()

    def refuse(self, address: str, answer: str = "550 No such user") -> None:
        self._refused[address] = answer

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[EmailMessage]:
        """The messages, once at least this many have arrived; fails the test when they do not."""
        patience = time.monotonic() + seconds
        while len(self.messages) < count:
            if time.monotonic() > patience:
                pytest.fail(f"{len(self.messages)} of {count} messages arrived within {seconds:g} s")
            time.sleep(0.02)
        return self.messages


@pytest.fixture
def mail_sink(settings: Settings) -> Iterator[MailSink]:
    """Listens on a free port of this machine; Django's mail goes there by real SMTP for the length of this test."""
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield sink
    finally:
        controller.stop()
