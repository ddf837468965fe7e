"""A message as each channel carries it."""

from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comms.adapters import webhook
from comms.adapters.channels import Parcel
from comms.choices import ChannelKind
from comms.models import Message
from comms.rendering import page_languages
from comms.rules import sms

MESSAGE = "update.message"  # the text that an audience reads, for a webhook that is one of its addresses
OF_MAINTENANCE = "maintenance.message"


def of(
    message: Message,
    *,
    delivery_id: int,
    channel: str,
    address: str,
    manage: str = "",
    language: str = "",
    home: str = "",
) -> Parcel:
    """Chats read what the mail says; a phone a headline; a webhook its event, or the text and whose it is.

    `manage` is a subscriber's own link, by which what goes there is changed and ended; `language` the page's; `home`
    where it is read, which a phone is told instead of the link.
    """
    parcel_id = stable_id(delivery_id)
    if channel == ChannelKind.SMS:
        text = sms.headline(message.subject, written=message.short, home=home)
        return Parcel(id=parcel_id, text=text, number=address)
    if channel == ChannelKind.WEBHOOK:
        return Parcel(id=parcel_id, text=message.text if message.event else _said(message, manage=manage))
    with page_languages.said_in(language):
        last = "\n{} {}\n".format(_("Change or end these updates:"), manage) if manage else ""
    return Parcel(id=parcel_id, title=message.subject, text=f"{message.text}{last}")


def stable_id(delivery_id: int) -> str:
    """`webhook-id`: the same whenever this delivery is tried, also when somebody sends it again."""
    digest = salted_hmac("comms.parcel", str(delivery_id), algorithm="sha256").hexdigest()[:12]
    return f"msg_{delivery_id}_{digest}"


def _said(message: Message, *, manage: str) -> str:
    about: dict[str, Any] = {"incident": message.thread, "update": message.update_id}
    if message.maintenance_id is not None:
        about = {"maintenance": message.maintenance_id}
    data = {
        **about,
        "audience": message.audience.code if message.audience else "",
        "subject": message.subject,
        "text": message.text,
        **({"manage": manage} if manage else {}),
    }
    event = MESSAGE if message.maintenance_id is None else OF_MAINTENANCE
    return webhook.body(event=event, at=message.created_at, data=data)
