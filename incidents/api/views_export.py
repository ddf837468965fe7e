"""The list of incidents as a file for spreadsheets."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from incidents.api import filters
from incidents.models import Incident
from incidents.queries import command, incidents
from mim_portal.api.negotiation import Whatever
from mim_portal.api.permissions import Access
from mim_portal.lib import cells, merged, times
from mim_portal.lib.merged import Ordered
from mim_portal.models import AuditEntry
from teams.api.base import signed_in
from teams.models import Person
from teams.rules import roles

CHUNK = 500  # rows in memory at once
TIMES = (
    "impact_started_at",
    "detected_at",
    "declared_at",
    "service_restored_at",
    "resolved_at",
    "closed_at",
)
HEADINGS = (
    "reference", "external_ref", "title", "service", "priority", "state", "manager", "exercise", "private", *TIMES
)  # fmt: skip


class IncidentsFile(APIView):
    """Everything that the same filters list, as CSV in UTF-8; times in UTC; written as it is read."""

    content_negotiation_class = Whatever
    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(parameters=filters.FILTERS, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> StreamingHttpResponse:
        person = signed_in(request)
        found = incidents.listing(person, filters.filters(request))
        subject = request.META.get("QUERY_STRING", "")[:200]
        AuditEntry.objects.create(actor=person, verb="incidents.exported", subject=subject, data={})
        response = StreamingHttpResponse(lines(found), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="incidents-{timezone.now():%Y-%m-%d}.csv"'
        response["Cache-Control"] = "no-store"
        return response


class _Echo:
    """What csv writes into: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def lines(found: Ordered[Incident]) -> Iterator[str]:
    """The headings, then a line for each incident; whatever is declared meanwhile shifts none."""
    writer: Any = csv.writer(_Echo())
    yield writer.writerow(HEADINGS)
    for rows in merged.chunks(found, CHUNK):
        managers = command.managers_of([row.pk for row in rows])
        yield "".join(writer.writerow(_cells(row, managers.get(row.pk))) for row in rows)


def _cells(row: Incident, manager: Person | None) -> list[str]:
    texts = (row.reference, row.external_ref, row.title, row.service.name, row.priority, row.state)
    flags = (row.is_exercise, row.is_private)
    return [
        *(cells.plain(text) for text in (*texts, manager.name if manager else "")),
        *("yes" if flag else "no" for flag in flags),
        *(_time(getattr(row, name)) for name in TIMES),
    ]


def _time(at: datetime | None) -> str:
    return "" if at is None else times.iso(at)
