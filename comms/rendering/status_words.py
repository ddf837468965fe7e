"""What a status page says in its own words: one plain sentence for everything, one word for each state."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.choices import ComponentState, MaintenanceState, Repeat, UpdateKind
from comms.queries.status_facts import PageFacts
from comms.rules import public_state

NAMED_AT_MOST = 3  # more services than these are counted, not listed


def status(code: str) -> str:
    """Where an incident stands, for people who wait."""
    return {
        public_state.INVESTIGATING: _("We are finding out why"),
        public_state.IDENTIFIED: _("We know why and are fixing it"),
        public_state.MONITORING: _("Works again, we keep watching"),
        public_state.RESOLVED: _("Over"),
    }.get(code, _("We are finding out why"))


def kind(code: str) -> str:
    """What an update was for, where that helps the reader."""
    return {
        UpdateKind.WORKAROUND: _("What you can do"),
        UpdateKind.CORRECTION: _("Correction"),
        UpdateKind.RESTORED: _("Works again"),
        UpdateKind.CLOSURE: _("Over"),
    }.get(UpdateKind(code), _("Update"))


def component(state: str) -> str:
    return str(ComponentState(state).label)


def window(state: str) -> str:
    return str(MaintenanceState(state).label)


def repeat(code: str) -> str:
    return str(Repeat(code).label)


def is_same_day(one: datetime, other: datetime) -> bool:
    """By the calendar of the zone that is spoken in: the second time needs no date."""
    return timezone.localdate(one) == timezone.localdate(other)


def short(tone: str) -> str:
    """The state of the whole page in a word or two, for a badge."""
    return {
        "good": _("works"),
        "maintenance": _("maintenance"),
        "degraded": _("slow"),
        "partial": _("works in part"),
        "major": _("does not work"),
    }[tone]


def headline(facts: PageFacts) -> tuple[str, str]:
    """The state of the whole page and the sentence that says it: "Payroll does not work. Everything else works." """
    troubled = {component.name: component.state for component in facts.components if not _works(component.state)}
    listed = {component.service_id for component in facts.components}
    for incident in facts.live:
        if incident.service_id not in listed:
            state = incident.latest.new_state
            troubled[incident.service] = public_state.worst([troubled.get(incident.service, state), state])
    troubled = {name: state for name, state in troubled.items() if not _works(state)}
    worked_on = [name for name, state in troubled.items() if state == ComponentState.UNDER_MAINTENANCE]
    if worked_on and len(worked_on) < len(troubled):
        return _mixed(facts, troubled, worked_on)
    if not troubled:
        watched = [incident.service for incident in facts.live]
        return "good", _watching(watched) if watched else _("Everything works.")
    working = len([component for component in facts.components if _works(component.state)])
    trouble = _maintained(worked_on) if worked_on else _trouble(troubled)
    tone = _tone(public_state.worst(troubled.values()))
    return tone, " ".join(filter(None, [trouble, _rest(len(troubled), working)]))


def _mixed(facts: PageFacts, troubled: dict[str, str], worked_on: Sequence[str]) -> tuple[str, str]:
    """What is broken and what is worked on are two sentences: a planned window is no problem."""
    broken = {name: state for name, state in troubled.items() if name not in worked_on}
    working = len([component for component in facts.components if _works(component.state)])
    said = [_trouble(broken), _maintained(worked_on), _rest(len(troubled), working)]
    return _tone(public_state.worst(broken.values())), " ".join(filter(None, said))


def _maintained(names: Sequence[str]) -> str:
    if len(names) == 1:
        return _("%(name)s is under maintenance.") % {"name": names[0]}
    if len(names) <= NAMED_AT_MOST:
        return _("%(names)s are under maintenance.") % {"names": _named(names)}
    return ngettext(
        "%(count)d service is under maintenance.", "%(count)d services are under maintenance.", len(names)
    ) % {"count": len(names)}


def _tone(worst: str) -> str:
    return {
        ComponentState.MAJOR_OUTAGE: "major",
        ComponentState.PARTIAL_OUTAGE: "partial",
        ComponentState.UNDER_MAINTENANCE: "maintenance",
    }.get(ComponentState(worst), "degraded")


def _works(state: str) -> bool:
    return state == ComponentState.OPERATIONAL


def _watching(services: Sequence[str]) -> str:
    names = _named(list(dict.fromkeys(services)))
    return _("Everything works. We keep watching %(names)s.") % {"names": names}


def _trouble(troubled: dict[str, str]) -> str:
    if len(troubled) == 1:
        (name, state), *_rest_of = troubled.items()
        return {
            ComponentState.MAJOR_OUTAGE: _("%(name)s does not work."),
            ComponentState.PARTIAL_OUTAGE: _("%(name)s works only in part."),
            ComponentState.DEGRADED_PERFORMANCE: _("%(name)s is slow or unreliable."),
        }[ComponentState(state)] % {"name": name}
    if len(troubled) <= NAMED_AT_MOST:
        return _("%(names)s have problems.") % {"names": _named(list(troubled))}
    return ngettext("%(count)d service has problems.", "%(count)d services have problems.", len(troubled)) % {
        "count": len(troubled)
    }


def _rest(troubled: int, working: int) -> str:
    if not working:
        return ""
    if troubled <= NAMED_AT_MOST:
        return _("Everything else works.")
    return ngettext("The other one works.", "The other %(count)d work.", working) % {"count": working}


def _named(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
