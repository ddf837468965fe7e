"""What a state is entered with: facts about a confirmed cause and about a fix, as they are taken, kept and followed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from incidents.choices import UNRESTORED_STATES, IncidentState
from incidents.models import Incident
from incidents.rules import lifecycle as rules
from mim_portal.lib import times
from mim_portal.lib.refusals import Invalid
from teams.models import Person

LONGEST_TEXT = 500
LONGEST_TIME_BOX = 7 * 24 * 60  # minutes
NAMES = tuple(name for names in rules.NEEDS.values() for name in names)


def given(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that were really said; a name that is none of them, or a value that cannot be, is refused."""
    unknown = sorted(set(facts) - set(NAMES))
    if unknown:
        raise Invalid(_("A step has no %s.") % ", ".join(unknown), field=unknown[0])
    found: dict[str, Any] = {}
    for name, value in facts.items():
        said = value.strip() if isinstance(value, str) else value
        if said is None or said == "":
            continue
        if isinstance(said, str) and len(said) > LONGEST_TEXT:
            raise Invalid(_("Use at most %d characters.") % LONGEST_TEXT, field=name)
        if name == "time_box" and not 1 <= int(said) <= LONGEST_TIME_BOX:
            raise Invalid(_("Give the time box in minutes, up to a week."), field=name)
        found[name] = said
    return found


def plain(facts: Mapping[str, Any], *, to: str, at: datetime) -> dict[str, Any]:
    """The facts as the timeline keeps them: people by id, the end of the time box as an instant, what is not known."""
    wanted = rules.NEEDS.get(IncidentState(to), ())
    data = {name: _plain(facts[name]) for name in wanted if name in facts}
    if "time_box" in data:
        data["until"] = times.iso(at + timedelta(minutes=data["time_box"]))
    unknown = rules.unknown_facts(to=to, facts=facts)
    return data | ({"unknown": list(unknown)} if unknown else {})


def usual_at(incident: Incident, *, to: str, now: datetime) -> datetime:
    """When the step happened where nobody says it: now; or when somebody has recorded that the service was back."""
    recorded = incident.service_restored_at
    if to != IncidentState.MONITORING or incident.state not in UNRESTORED_STATES or recorded is None:
        return now
    return recorded if incident.declared_at <= recorded <= now else now


def follow_cause(incident: Incident, *, to: str, given: Mapping[str, Any], at: datetime) -> None:
    """A cause that somebody confirmed on evidence may be named in messages; a step back to looking takes that away."""
    if to == IncidentState.INVESTIGATING:
        incident.cause_confirmed_at = None
    elif to == IncidentState.IDENTIFIED and not rules.unknown_facts(to=to, facts=given):
        incident.cause_confirmed_at = at


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Person) else value
