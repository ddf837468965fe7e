"""Mails that readers send, as bytes."""

from email.message import EmailMessage
from types import SimpleNamespace

from comms.adapters import incoming, smtp
from comms.choices import UpdateKind
from comms.models import Delivery
from comms.services.replies import intake
from comms.services.replies.intake import Taken
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests.comms import update_kit


def sent(incident: Incident, cast: SimpleNamespace, *addresses: str) -> list[Delivery]:
    """An update to end users has left; its copies to these addresses."""
    made = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL)
    update_kit.published(made, cast.mia, send_now=True)
    Delivery.objects.filter(message__update=made).update(state="sent", sent_at=dbtime.now())
    copies = Delivery.objects.filter(message__update=made)
    return [copies.get(address=address) for address in addresses]


def mail(
    text: str = "Still broken in Cork.",
    *,
    sender: str = "Anna Byrne <anna@example.com>",
    to: Delivery | None = None,
    subject: str = "Re: your message",
    message_id: str = "<1@mail.example>",
    **headers: str,
) -> bytes:
    """A reply to the copy `to`, where one is named."""
    made = EmailMessage()
    made["From"], made["Subject"] = sender, subject
    if message_id:
        made["Message-ID"] = message_id
    if to is not None:
        made["In-Reply-To"] = smtp.message_id(to.pk)
        made["References"] = f"{smtp.thread_id('MI-1999-0001')} {smtp.message_id(to.pk)}"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def taken(raw: bytes) -> Taken:
    """As the portal takes it in from its own mailbox."""
    return intake.take(mail=incoming.parse(raw), by=None, now=dbtime.now())


def bounce(message_id: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report (RFC 3464) of the message with this Message-ID."""
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: incidents@portal.example\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <bounce@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; anna@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()
