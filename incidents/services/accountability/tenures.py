"""How accountability itself moves: one tenure ends and the next begins at the same instant of the database's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES
from incidents.models import CommandTenure, Incident
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from teams.models import Person

_SHORTEST_TENURE = timedelta(milliseconds=1)


class HandoverRefused(Refusal):
    """Command cannot be offered, answered or taken now."""

    code = "handover_refused"


def current(incident: Incident) -> CommandTenure:
    """The tenure that runs, locked; the incident is locked already."""
    return CommandTenure.objects.select_for_update(no_key=True).get(incident=incident, ended_at=None)


def commanded(incident: Incident) -> Incident:
    """The incident, as long as somebody has to be accountable for it."""
    if incident.state not in COMMANDED_STATES:
        raise HandoverRefused(_("The incident has ended; nobody needs to be accountable for it."), code="ended")
    return incident


def move(running: Mapping[Incident, CommandTenure], *, to: Person) -> datetime:
    """Move all of these incidents at one instant, read from the database after they were locked; which it was."""
    moved_at = max([dbtime.now(), *(tenure.started_at + _SHORTEST_TENURE for tenure in running.values())])
    CommandTenure.objects.filter(pk__in=[tenure.pk for tenure in running.values()]).update(ended_at=moved_at)
    CommandTenure.objects.bulk_create(
        CommandTenure(incident=incident, manager=to, started_at=moved_at) for incident in running
    )
    return moved_at
