"""A message as each channel carries it."""

from django.utils.crypto import salted_hmac

from comms.adapters import webhook
from comms.adapters.channels import Parcel
from comms.choices import ChannelKind
from comms.models import Message
from comms.rules import sms

MESSAGE = "update.message"  # the text that an audience reads, for a webhook that is one of its addresses


def of(message: Message, *, delivery_id: int, channel: str, address: str) -> Parcel:
    """Chats read what the mail says; a phone a headline; a webhook its event, or the text and whose it is."""
    parcel_id = stable_id(delivery_id)
    if channel == ChannelKind.SMS:
        return Parcel(id=parcel_id, text=sms.headline(message.subject, written=message.short), number=address)
    if channel == ChannelKind.WEBHOOK:
        return Parcel(id=parcel_id, text=message.text if message.event else _said(message))
    return Parcel(id=parcel_id, title=message.subject, text=message.text)


def stable_id(delivery_id: int) -> str:
    """`webhook-id`: the same whenever this delivery is tried, also when somebody sends it again."""
    digest = salted_hmac("comms.parcel", str(delivery_id), algorithm="sha256").hexdigest()[:12]
    return f"msg_{delivery_id}_{digest}"


def _said(message: Message) -> str:
    data = {
        "incident": message.thread,
        "update": message.update_id,
        "audience": message.audience.code if message.audience else "",
        "subject": message.subject,
        "text": message.text,
    }
    return webhook.body(event=MESSAGE, at=message.created_at, data=data)
