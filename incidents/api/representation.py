"""Incidents as answers: a page at a time, with a fixed number of reads."""

import re
from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.serializers_incident import IncidentOut, Shown
from incidents.models import Incident
from incidents.queries import command, facets, impact
from incidents.services import locking
from mim_portal.api.paging import many

_VERSION = re.compile(r'(?:W/)?"?(?P<reference>[A-Z]+-\d+-\d+)\.(?P<version>\d+)"?')


def incidents(rows: Sequence[Incident]) -> list[Any]:
    """One read each for managers, statements and every facet, whatever the number of incidents."""
    ids = [row.pk for row in rows]
    managers, statements, added = command.managers_of(ids), impact.current_of(ids), facets.facets(ids)
    shown = [
        Shown(incident=row, manager=managers.get(row.pk), statement=statements.get(row.pk), facets=added[row.pk])
        for row in rows
    ]
    return many(IncidentOut, shown)


def incident(row: Incident) -> dict[str, Any]:
    """One incident."""
    data: dict[str, Any] = incidents([row])[0]
    return data


def etag(row: Incident) -> str:
    """Changes with every edit that another editor would overwrite."""
    return f'"{row.reference}.{row.version}"'


def answer(row: Incident, *, status: int = 200, warnings: Sequence[str] | None = None) -> Response:
    """The incident with its ETag and, when it is new, its address; after a step, with what it still lacks."""
    headers = {"ETag": etag(row)}
    if status == 201:
        headers["Location"] = f"/api/v1/incidents/{row.reference}/"
    data = incident(row) | ({} if warnings is None else {"warnings": list(warnings)})
    return Response(data, status=status, headers=headers)


def version_of(request: Request, incident: Incident) -> int | None:
    """The version that the caller has read, from If-Match; any other tag than one of ours matches nothing."""
    tag = request.headers.get("If-Match", "").strip()
    if not tag or tag == "*":
        return None
    match = _VERSION.fullmatch(tag)
    if match is None or match["reference"] != incident.reference:
        raise locking.Changed("If-Match names another version. Read the incident again.")
    return int(match["version"])
