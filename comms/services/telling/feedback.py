"""How it went: whoever spoke for a team, and whoever of the desk raised the incident, are asked by mail, with a link of
their own that needs no sign-in.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from comms.services.telling import letters
from incidents.services.desk import desk_survey
from incidents.services.work import feedback


@transaction.atomic
def ask(incident_ids: Collection[int], *, now: datetime) -> int:
    """Queue the questions about these incidents; how many people are asked."""
    asked = feedback.ask(incident_ids=incident_ids, now=now)
    for one in asked:
        context = {"team": one.engagement.team, "link": one.link}
        letters.send("how_it_went", context, to=one.person, incident=one.engagement.incident)
    of_desk = desk_survey.ask(incident_ids=incident_ids, now=now)
    for each in of_desk:
        letters.send("how_it_went", {"team": None, "link": each.link}, to=each.person, incident=each.incident)
    return len(asked) + len(of_desk)
