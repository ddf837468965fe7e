"""What readers of a status page are told, derived from published updates and nothing else.

No public state without a published update (DESIGN 1a): an incident that is resolved inside the portal stays as it was
outside until a person says so to its readers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from comms.choices import ComponentState, UpdateKind
from incidents.choices import IncidentState, Level, Priority

INVESTIGATING: Final = "investigating"
IDENTIFIED: Final = "identified"
MONITORING: Final = "monitoring"
RESOLVED: Final = "resolved"

_STATUS_OF_STATE: Final = {
    IncidentState.DECLARED: INVESTIGATING,
    IncidentState.INVESTIGATING: INVESTIGATING,
    IncidentState.IDENTIFIED: IDENTIFIED,
    IncidentState.MITIGATING: IDENTIFIED,
    IncidentState.MONITORING: MONITORING,
    IncidentState.RESOLVED: RESOLVED,
    IncidentState.CLOSED: RESOLVED,
}
_STATE_OF_IMPACT: Final = {
    Level.HIGH: ComponentState.MAJOR_OUTAGE,
    Level.MEDIUM: ComponentState.PARTIAL_OUTAGE,
    Level.LOW: ComponentState.DEGRADED_PERFORMANCE,
}
_WORKING_STATES: Final = frozenset({IncidentState.MONITORING, IncidentState.RESOLVED, IncidentState.CLOSED})
# From best to worst, as a page with several incidents on one service shows the worst.
SEVERITY: Final = (
    ComponentState.OPERATIONAL,
    ComponentState.UNDER_MAINTENANCE,
    ComponentState.DEGRADED_PERFORMANCE,
    ComponentState.PARTIAL_OUTAGE,
    ComponentState.MAJOR_OUTAGE,
)
_IMPACT_OF_PRIORITY: Final = {Priority.P1: "critical", Priority.P2: "major", Priority.P3: "minor"}
_IMPACTS: Final = ("none", "minor", "major", "critical")
_DESCRIPTIONS: Final = {
    "none": "All Systems Operational",
    "maintenance": "Service Under Maintenance",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One published update as far as it decides about states. `chosen` is the component state that its writer set."""

    kind: str
    incident_state: str
    impact: int
    chosen: str = ""
    no_further_updates: bool = False


def component_state(said: Said) -> ComponentState:
    """What the update says about its service: the writer's choice, else by kind, state and impact.

    Impact 1 is a major outage, 2 a partial one, 3 degraded; restored, closed and watched services work.
    """
    if said.chosen:
        return ComponentState(said.chosen)
    if said.kind in (UpdateKind.RESTORED, UpdateKind.CLOSURE) or said.incident_state in _WORKING_STATES:
        return ComponentState.OPERATIONAL
    return _STATE_OF_IMPACT[Level(said.impact)]


def worst(states: Iterable[str]) -> ComponentState:
    """The worst of the states; working where there is none."""
    return max((ComponentState(state) for state in states), key=SEVERITY.index, default=ComponentState.OPERATIONAL)


def status(said: Said, *, before: str = "") -> str:
    """The incident's public status after the update; `before` is the one after the update before it.

    A closure ends it, and so does a restored message after which no more follow. A correction of either changes
    words, not the status.
    """
    if said.kind == UpdateKind.CLOSURE or (said.kind == UpdateKind.RESTORED and said.no_further_updates):
        return RESOLVED
    if said.kind == UpdateKind.CORRECTION and before == RESOLVED:
        return RESOLVED
    by_state = _STATUS_OF_STATE.get(IncidentState(said.incident_state or IncidentState.INVESTIGATING), before)
    if said.kind == UpdateKind.RESTORED and by_state != RESOLVED:
        return MONITORING
    return by_state or INVESTIGATING


def statuses(history: Iterable[Said]) -> list[str]:
    """The public status after each update, oldest first."""
    found: list[str] = []
    for said in history:
        found.append(status(said, before=found[-1] if found else ""))
    return found


def incident_impact(priority: str) -> str:
    """Statuspage's word for how bad an incident is, by the priority that was published."""
    return _IMPACT_OF_PRIORITY.get(Priority(priority), "none") if priority else "none"


def indicator(components: Iterable[str], impacts: Iterable[str]) -> tuple[str, str]:
    """Statuspage's indicator and description of a whole page, from its components and its unresolved incidents.

    Every service out is critical, one of them major, anything less minor; an incident can only make it worse.
    """
    states = [ComponentState(state) for state in components]
    by_components = "none"
    if states and all(state == ComponentState.MAJOR_OUTAGE for state in states):
        by_components = "critical"
    elif ComponentState.MAJOR_OUTAGE in states:
        by_components = "major"
    elif {ComponentState.PARTIAL_OUTAGE, ComponentState.DEGRADED_PERFORMANCE} & set(states):
        by_components = "minor"
    found = max([by_components, *impacts], key=_IMPACTS.index)
    if found == "none" and ComponentState.UNDER_MAINTENANCE in states:
        found = "maintenance"
    degraded_only = found == "minor" and worst(states) == ComponentState.DEGRADED_PERFORMANCE
    return found, "Partially Degraded Service" if degraded_only else _DESCRIPTIONS[found]
