"""Where a room hears what changed: the address of its live stream, with a ticket for one person."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings

from mim_portal.lib import tickets


def stream(*, reference: str, person_id: int, now: datetime, name: str = "") -> str:
    """The stream of one incident for somebody who may see it; good for opening it within a minute.

    The name is shown to others in the room, so a ticket carries one for readers of the room only, never for executives.
    """
    ticket = tickets.issue(
        reference=reference,
        person_id=person_id,
        name=name,
        key=tickets.derive_key(settings.SECRET_KEY),
        now=now.timestamp(),
    )
    return f"{settings.LIVE_URL}/live?{urlencode({'ticket': ticket})}"
