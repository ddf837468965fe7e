"""What a text message says where the organisation's template has words for one; otherwise it is the subject.

Nobody has read these words for this incident, so they leave only where nothing in them may have to stop: then the
checked subject stands in, which names priority, what people cannot do, the next time and the reference.
"""

import copy
from collections.abc import Iterable
from datetime import datetime

from comms.choices import ChannelKind, UpdateKind
from comms.models import Endpoint, Message, Update
from comms.queries.writing import facts
from comms.queries.writing import templates as queries
from comms.rendering import draft_values, drafts
from comms.rules import sms
from comms.rules.checking import checks
from comms.rules.templates import Parts
from mim_portal.lib import findings

LONGEST = 400


def write(update: Update, messages: Iterable[Message], *, now: datetime) -> None:
    """Fill `short` of the unsaved messages; nothing where no text message can leave."""
    if not Endpoint.objects.filter(kind=ChannelKind.SMS, is_active=True, team=None).exists():
        return
    for message in messages:
        if message.audience is not None and update.kind != UpdateKind.CORRECTION:
            message.short = _written(update, message, now=now)


def _written(update: Update, message: Message, *, now: datetime) -> str:
    audience = message.audience
    assert audience is not None
    version = queries.in_use(kind=update.kind, audience=audience)
    if version is None or not version.sms:
        return ""
    values = draft_values.of(
        update.incident, kind=update.kind, audience=audience, next_update_at=update.next_update_at, now=now
    )
    texts, faults = drafts.rendered(Parts(sms=version.sms), values)
    if faults or not texts.sms or _stops(update, texts.sms, now=now):
        return ""
    return sms.shorten(sms.seven_bit(texts.sms))[:LONGEST]


def _stops(update: Update, text: str, *, now: datetime) -> bool:
    """Whether anything in the words themselves stops: what is missing from a short text is in the long one."""
    alone = copy.copy(update)
    alone.body, alone.texts = text, {}
    whole, own = facts.drafts_of(alone, incident=update.incident, now=now)
    found = checks.check_all(whole, own, now=now)
    return any(one.severity == findings.ERROR and one.field == "body" and one.end > one.start for one in found)
