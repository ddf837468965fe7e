"""What an administrator looks after: health, mail that was caught, and the way to every list."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from comms.queries.writing import templates as template_queries
from mim_portal.lib import access
from mim_portal.views import health
from teams.requests import PersonRequest
from teams.rules import roles

SHOWN_MAILS = 200
_NAME = re.compile(r"[\w.@+-]{1,200}\.eml")


@dataclass(frozen=True)
class CaughtMail:
    """One message that the embedded mail catcher kept instead of sending it."""

    name: str
    at: datetime
    subject: str
    to: str
    sender: str
    text: str
    headers: tuple[tuple[str, str], ...]


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """Components by name, and where everything is set."""
    return render(
        request,
        "pages/settings.html",
        {
            "components": health.components(),
            "catches_mail": settings.MAIL_DIR.is_dir(),
            "faulty_templates": template_queries.faulty(),
        },
    )


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def mails(request: PersonRequest) -> HttpResponse:
    """The latest caught messages, newest first."""
    paths = sorted(settings.MAIL_DIR.glob("*.eml"), key=lambda path: path.name, reverse=True)[:SHOWN_MAILS]
    return render(request, "pages/mails.html", {"mails": [_read(path) for path in paths]})


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def mail(request: PersonRequest, name: str) -> HttpResponse:
    """One message as its reader gets it, in plain text, with its headers."""
    path = settings.MAIL_DIR / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return render(request, "pages/mail.html", {"mail": _read(path)})


@access.allow(read=None)
@require_GET
def own_address(request: PersonRequest) -> HttpResponse:
    """An e-mail address is changed by an administrator: what mail reaches is what signs in."""
    return redirect("me")


def _read(path: Path) -> CaughtMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain", "html"))
    return CaughtMail(
        name=path.name,
        at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        text=str(body.get_content()) if body is not None else "",
        headers=tuple((name, str(value)) for name, value in message.items()),
    )
