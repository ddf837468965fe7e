"""Statuspage's public v2 API, so that existing clients read our pages unchanged.

Keys, types, order (newest first), limits and time format follow real bodies. Words in it are Statuspage's own and are
not translated: clients compare them.
"""

import hashlib
import json
import string
from collections.abc import Iterable
from typing import Any

from comms.queries.status_facts import ComponentFacts, IncidentFacts, PageFacts, UpdateFacts
from comms.rules import public_state
from mim_portal.lib import addresses, times

CONTENT_TYPE = "application/json; charset=utf-8"
_ALPHABET = string.digits + string.ascii_lowercase

Body = dict[str, Any]


def bodies(facts: PageFacts) -> dict[str, bytes]:
    """Every address below the page that answers JSON, with its bytes."""
    page = {"page": _page(facts)}
    components = _components(facts)
    incidents = [_incident(facts, incident) for incident in facts.incidents]
    unresolved = [_incident(facts, incident) for incident in facts.live]
    status = {"status": _status(facts)}
    found: dict[str, Body] = {
        "status": page | status,
        "summary": page | {"components": components, "incidents": unresolved, "scheduled_maintenances": []} | status,
        "components": page | {"components": components},
        "incidents": page | {"incidents": incidents},
        "incidents/unresolved": page | {"incidents": unresolved},
        # Maintenance has no object of its own yet; clients ask for these addresses and read an empty list.
        "scheduled-maintenances": page | {"scheduled_maintenances": []},
        "scheduled-maintenances/active": page | {"scheduled_maintenances": []},
        "scheduled-maintenances/upcoming": page | {"scheduled_maintenances": []},
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
        "id": _group_id(facts, name),
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


def _group_id(facts: PageFacts, name: str) -> str:
    return stable_id("group", f"{facts.id}/{name}")


def _component(facts: PageFacts, component: ComponentFacts) -> Body:
    return {
        "id": stable_id("component", component.id),
        "name": component.name,
        "status": component.state,
        "created_at": times.iso(component.created_at),
        "updated_at": times.iso(component.changed_at),
        "position": component.position,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": _group_id(facts, component.group) if component.group else None,
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
        "shortlink": addresses.absolute(f"{addresses.status_page(facts.slug)}#{incident.reference}"),
        "started_at": times.iso(incident.started_at),
        "page_id": stable_id("page", facts.id),
        "incident_updates": [_update(incident, update, affected) for update in reversed(incident.standing)],
        "components": [_component(facts, component) for component in affected],
    }


def _update(incident: IncidentFacts, update: UpdateFacts, affected: Iterable[ComponentFacts]) -> Body:
    at = times.iso(update.published_at)
    return {
        "id": stable_id("update", update.id),
        "status": update.status,
        "body": update.body,
        "incident_id": stable_id("incident", incident.id),
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": [
            {
                "code": stable_id("component", component.id),
                "name": component.name,
                "old_status": update.old_state,
                "new_status": update.new_state,
            }
            for component in affected
        ]
        or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }
