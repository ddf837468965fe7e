"""Statuspage's public v2 API, so that existing clients read our pages unchanged.

Keys, types, order (newest first), limits and time format follow real bodies. Words in it are Statuspage's own and are
not translated: clients compare them.
"""

import hashlib
import itertools
import json
import string
from collections.abc import Iterable
from typing import Any, Final

from comms.choices import RUNNING_MAINTENANCE, ComponentState, MaintenanceState
from comms.queries.status_facts import (
    ComponentFacts,
    IncidentFacts,
    PageFacts,
    UpdateFacts,
    WindowFacts,
    WindowUpdateFacts,
)
from comms.rules import public_state
from mim_portal.lib import addresses, times

CONTENT_TYPE = "application/json; charset=utf-8"
# The page knows of more where old ones are still worked on; these have addresses of their own.
LISTED: Final = 50
_ALPHABET = string.digits + string.ascii_lowercase

Body = dict[str, Any]


def bodies(facts: PageFacts) -> dict[str, bytes]:
    """Every address below the page that answers JSON, with its bytes."""
    page = {"page": _page(facts)}
    components = _components(facts)
    incidents = [_incident(facts, incident) for incident in facts.incidents]
    unresolved = [_incident(facts, incident) for incident in facts.live]
    active = [_window(facts, window) for window in facts.running_windows]
    upcoming = [_window(facts, window) for window in facts.windows_ahead]
    windows = [_window(facts, each) for each in facts.windows if each.state != MaintenanceState.CANCELLED]
    status = {"status": _status(facts)}
    found: dict[str, Body] = {
        "status": page | status,
        "summary": page
        | {"components": components, "incidents": unresolved, "scheduled_maintenances": [*active, *upcoming]}
        | status,
        "components": page | {"components": components},
        "incidents": page | {"incidents": incidents[:LISTED]},
        "incidents/unresolved": page | {"incidents": unresolved},
        "scheduled-maintenances": page | {"scheduled_maintenances": windows[:LISTED]},
        "scheduled-maintenances/active": page | {"scheduled_maintenances": active},
        "scheduled-maintenances/upcoming": page | {"scheduled_maintenances": upcoming},
    }
    return {f"api/v2/{name}.json": _encoded(body) for name, body in found.items()}


def stable_id(kind: str, key: object) -> str:
    """Twelve letters and digits that never change for one thing, as clients expect of ids."""
    number = int.from_bytes(hashlib.sha256(f"mim {kind} {key}".encode()).digest()[:10], "big")
    letters = []
    for _ in range(12):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(letters)


def _encoded(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _page(facts: PageFacts) -> Body:
    return {
        "id": stable_id("page", facts.id),
        "name": facts.name,
        "url": addresses.absolute(addresses.status_page(facts.slug)).rstrip("/"),
        "time_zone": "Etc/UTC" if facts.time_zone == "UTC" else facts.time_zone,
        "updated_at": times.iso(facts.changed_at),
    }


def _status(facts: PageFacts) -> Body:
    indicator, description = public_state.indicator(
        [component.state for component in facts.components], [incident.impact for incident in facts.live]
    )
    return {"indicator": indicator, "description": description}


def _components(facts: PageFacts) -> list[Body]:
    """Components in the page's order, each group before its members."""
    found: list[Body] = []
    seen: set[str] = set()
    for component in facts.components:
        if component.group and component.group not in seen:
            seen.add(component.group)
            found.append(_group(facts, component.group))
        found.append(_component(facts, component))
    return found


def _group(facts: PageFacts, name: str) -> Body:
    members = [component for component in facts.components if component.group == name]
    return {
        "id": group_id(facts, name),
        "name": name,
        "status": public_state.worst(member.state for member in members).value,
        "created_at": times.iso(min(member.created_at for member in members)),
        "updated_at": times.iso(max(member.changed_at for member in members)),
        "position": members[0].position,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": stable_id("page", facts.id),
        "group": True,
        "only_show_if_degraded": False,
        "components": [stable_id("component", member.id) for member in members],
    }


def component_id(component: ComponentFacts) -> str:
    """Of a service on the page."""
    return stable_id("component", component.id)


def group_id(facts: PageFacts, name: str) -> str:
    """Of a group of services, by its name on the page."""
    return stable_id("group", f"{facts.id}/{name}")


def _component(facts: PageFacts, component: ComponentFacts) -> Body:
    return {
        "id": component_id(component),
        "name": component.name,
        "status": component.state,
        "created_at": times.iso(component.created_at),
        "updated_at": times.iso(component.changed_at),
        "position": component.position,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": group_id(facts, component.group) if component.group else None,
        "page_id": stable_id("page", facts.id),
        "group": False,
        "only_show_if_degraded": False,
    }


def _incident(facts: PageFacts, incident: IncidentFacts) -> Body:
    affected = [component for component in facts.components if component.service_id == incident.service_id]
    monitoring = incident.since(public_state.MONITORING)
    resolved = incident.since(public_state.RESOLVED) if incident.is_resolved else None
    return {
        "id": stable_id("incident", incident.id),
        "name": incident.name,
        "status": incident.status,
        "created_at": times.iso(incident.started_at),
        "updated_at": times.iso(incident.latest.published_at),
        "monitoring_at": times.iso(monitoring) if monitoring else None,
        "resolved_at": times.iso(resolved) if resolved else None,
        "impact": incident.impact,
        "shortlink": addresses.absolute(addresses.status_incident(facts.slug, incident.reference)),
        "started_at": times.iso(incident.started_at),
        "page_id": stable_id("page", facts.id),
        "incident_updates": [_update(incident, update, affected) for update in reversed(incident.standing)],
        "components": [_component(facts, component) for component in affected],
    }


def _window(facts: PageFacts, window: WindowFacts) -> Body:
    """Planned maintenance: an incident with a window, whose impact is always "maintenance"."""
    affected = [component for component in facts.components if component.service_id in window.services]
    announced = times.iso(window.announced_at)
    done = window.ended_at if window.state == MaintenanceState.COMPLETED else None
    before = [ComponentState.OPERATIONAL, *(_window_state(update) for update in window.updates)]
    told = [
        _window_update(window, update, affected, change=change)
        for update, change in zip(window.updates, itertools.pairwise(before), strict=True)
    ]
    return {
        "id": stable_id("maintenance", window.id),
        "name": window.title,
        "status": window.state,
        "created_at": announced,
        "updated_at": times.iso(window.latest.published_at),
        "monitoring_at": None,
        "resolved_at": times.iso(done) if done else None,
        "impact": "maintenance",
        "shortlink": addresses.absolute(f"{addresses.status_page(facts.slug)}#maintenance-{window.id}"),
        "started_at": announced,
        "page_id": stable_id("page", facts.id),
        "incident_updates": told[::-1],
        "components": [_component(facts, component) for component in affected],
        "scheduled_for": times.iso(window.scheduled_for),
        "scheduled_until": times.iso(window.scheduled_until),
    }


def _window_state(update: WindowUpdateFacts) -> ComponentState:
    running = update.state in RUNNING_MAINTENANCE
    return ComponentState.UNDER_MAINTENANCE if running else ComponentState.OPERATIONAL


def _window_update(
    window: WindowFacts,
    update: WindowUpdateFacts,
    affected: Iterable[ComponentFacts],
    *,
    change: tuple[ComponentState, ComponentState],
) -> Body:
    return _told(
        key=stable_id("maintenance update", update.id),
        of=stable_id("maintenance", window.id),
        status=update.state,
        body=update.body,
        at=times.iso(update.published_at),
        affected=affected,
        change=change,
    )


def _update(incident: IncidentFacts, update: UpdateFacts, affected: Iterable[ComponentFacts]) -> Body:
    return _told(
        key=stable_id("update", update.id),
        of=stable_id("incident", incident.id),
        status=update.status,
        body=update.body,
        at=times.iso(update.published_at),
        affected=affected,
        change=(update.old_state, update.new_state),
    )


def _told(
    *,
    key: str,
    of: str,
    status: str,
    body: str,
    at: str,
    affected: Iterable[ComponentFacts],
    change: tuple[str, str],
) -> Body:
    """One update of an incident or of a window."""
    return {
        "id": key,
        "status": status,
        "body": body,
        "incident_id": of,
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": [
            {
                "code": stable_id("component", component.id),
                "name": _whole_name(component),
                "old_status": change[0],
                "new_status": change[1],
            }
            for component in affected
        ]
        or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _whole_name(component: ComponentFacts) -> str:
    """As Statuspage names a component away from its list: with its group."""
    return f"{component.group} - {component.name}" if component.group else component.name
