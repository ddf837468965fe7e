"""“No change since 10:10 (UTC+0)”: what a holding update says before a person adds to it."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.queries import updates
from incidents.choices import IncidentState
from incidents.models import ImpactStatement, Incident
from incidents.rules import impact
from mim_portal.lib import times

_BEING_DONE = {
    IncidentState.DECLARED: gettext_lazy("Our teams have been called in and are looking into it."),
    IncidentState.INVESTIGATING: gettext_lazy("Our teams are investigating."),
    IncidentState.IDENTIFIED: gettext_lazy("Our teams know what has to be repaired and are preparing it."),
    IncidentState.MITIGATING: gettext_lazy("Our teams are putting a way around the problem in place."),
    IncidentState.MONITORING: gettext_lazy("The service works again and our teams are watching it."),
}


def text(*, incident: Incident, statement: ImpactStatement) -> str:
    """No change since the last message, what is being done, and what people can do meanwhile."""
    last = updates.last_published(incident)
    since = last.published_at if last is not None and last.published_at is not None else incident.declared_at
    local = times.clock_time(since, timezone.get_default_timezone())
    doing = _BEING_DONE.get(IncidentState(incident.state), gettext_lazy("Our teams are following it up."))
    parts = [_("No change since %(time)s.") % {"time": local}, str(doing)]
    workaround = impact.known(statement.workaround)
    if workaround:
        parts.append(_("Until then: %(workaround)s") % {"workaround": _as_sentence(workaround)})
    return " ".join(parts)


def _as_sentence(words: str) -> str:
    stripped = words.strip()
    return stripped if stripped[-1:] in ".!?" else f"{stripped}."
