"""What a manager must know of each live incident when the portal is gone, as plain data in a fixed number of queries.

Nothing is hidden: briefs are written to an access-controlled place, and a private incident needs its manager too.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from comms.models import UpdateDeadline
from comms.models.deadline import OPEN
from incidents.choices import LIVE_STATES, OPEN_ENGAGEMENTS
from incidents.models import Engagement, Incident
from incidents.queries import command, impact
from mim_portal.lib import times
from teams.models import Contact, Person, RotaShift
from teams.queries import contacts


def live(*, now: datetime) -> list[dict[str, Any]]:
    """One brief an incident, the most urgent first; exercises last."""
    rows = Incident.objects.filter(state__in=sorted(LIVE_STATES)).select_related("service")
    incidents = list(rows.order_by("is_exercise", "priority", "declared_at", "id"))
    ids = [incident.pk for incident in incidents]
    managers, statements = command.managers_of(ids), impact.current_of(ids)
    promises, teams = _promises(ids, now=now), _teams(ids, now=now)
    return [
        {
            "reference": incident.reference,
            "external_ref": incident.external_ref,
            "title": incident.title,
            "service": incident.service.name,
            "priority": incident.priority,
            "state": incident.get_state_display(),
            "is_private": incident.is_private,
            "is_exercise": incident.is_exercise,
            "declared_at": times.iso(incident.declared_at),
            "manager": _person(managers[incident.pk]) if incident.pk in managers else None,
            "impact": impact.sentence(statements[incident.pk], UTC) if incident.pk in statements else "",
            "bridge": incident.bridge_url,
            "promises": promises.get(incident.pk, []),
            "teams": teams.get(incident.pk, []),
            "written_at": times.iso(now),
        }
        for incident in incidents
    ]


def _promises(ids: Sequence[int], *, now: datetime) -> dict[int, list[dict[str, Any]]]:
    rows = UpdateDeadline.objects.filter(OPEN, incident__in=ids).select_related("audience").order_by("due_at", "id")
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        promise = {"audience": row.audience.name, "due_at": times.iso(row.due_at), "is_late": row.due_at < now}
        found.setdefault(row.incident_id, []).append(promise)
    return found


def _teams(ids: Sequence[int], *, now: datetime) -> dict[int, list[dict[str, Any]]]:
    asked = list(
        Engagement.objects.filter(incident__in=ids, state__in=sorted(OPEN_ENGAGEMENTS))
        .select_related("team")
        .order_by("asked_at", "id")
    )
    teams = {engagement.team_id for engagement in asked}
    ways = _by_team(Contact.objects.filter(team__in=teams).order_by("position", "id"))
    shifts = contacts.on_shift(at=now)
    found: dict[int, list[dict[str, Any]]] = {}
    for engagement in asked:
        found.setdefault(engagement.incident_id, []).append(
            {
                "team": engagement.team.name,
                "state": engagement.get_state_display(),
                "asked_at": times.iso(engagement.asked_at),
                "on_shift": _people(shifts, team=engagement.team_id),
                "contacts": ways.get(engagement.team_id, []),
            }
        )
    return found


def _by_team(rows: Iterable[Contact]) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        way = {"kind": row.get_kind_display(), "value": row.value, "note": row.note}
        found.setdefault(row.team_id, []).append(way)
    return found


def _people(shifts: Iterable[RotaShift], *, team: int) -> list[dict[str, str]]:
    people = {row.person_id: row.person for row in shifts if row.rota.team_id == team}
    return [_person(person) for person in people.values()]


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "phone": person.phone, "email": person.email}
