"""How it went: whoever spoke for a team is asked by mail, with a link of their own that needs no sign-in."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from comms.services.telling import letters
from incidents.services.work import feedback


@transaction.atomic
def ask(incident_ids: Iterable[int], *, now: datetime) -> int:
    """Queue the questions about these incidents; how many people are asked."""
    asked = feedback.ask(incident_ids=incident_ids, now=now)
    for one in asked:
        context = {"team": one.engagement.team, "link": one.link}
        letters.send("how_it_went", context, to=one.person, incident=one.engagement.incident)
    return len(asked)
