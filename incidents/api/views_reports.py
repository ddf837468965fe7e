"""“Add to this one” and its totals, for incidents and for candidates that are still open."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import serializers_reports as serializers
from incidents.api.fields import visible
from incidents.models import Candidate, DeskReport
from incidents.queries import desk
from incidents.queries import reports as queries
from incidents.services.desk import reports
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

_ORDER = ("-reported_at", "-id")


class IncidentReports(IdempotentView):
    """Reports of an incident, newest first, beside their totals."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("raise", roles.RAISERS),
    }
    cursor_ordering = _ORDER

    @extend_schema(responses=serializers.DeskReportOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        answer = paged(self, request, queries.of_incident(incident), lambda page: many(serializers.DeskReportOut, page))
        answer.data["totals"] = serializers.TotalsOut(queries.totals(incident, tz=UTC)).data
        return answer

    @extend_schema(request=serializers.DeskReportIn, responses={201: serializers.DeskReportAdded})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        added = reports.add_to_incident(
            reference=reference,
            person=signed_in(request),
            now=timezone.now(),
            **validated(serializers.DeskReportIn(data=request.data)),
        )
        return _answer(added)


class CandidateReports(IdempotentView):
    """The same of a candidate; what is added after a manager's decision goes to the incident."""

    access = {
        "read": Access("read", roles.CANDIDATE_READERS),
        "POST": Access("raise", roles.RAISERS),
    }
    cursor_ordering = _ORDER

    @extend_schema(responses=serializers.DeskReportOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        candidate = _candidate(request, reference)
        answer = paged(
            self, request, queries.of_candidate(candidate), lambda page: many(serializers.DeskReportOut, page)
        )
        answer.data["totals"] = serializers.TotalsOut(queries.totals_of_candidate(candidate, tz=UTC)).data
        return answer

    @extend_schema(request=serializers.DeskReportIn, responses={201: serializers.DeskReportAdded})
    def post(self, request: Request, reference: str) -> Response:
        _candidate(request, reference)
        added = reports.add_to_candidate(
            reference=reference,
            person=signed_in(request),
            now=timezone.now(),
            **validated(serializers.DeskReportIn(data=request.data)),
        )
        return _answer(added)


def _candidate(request: Request, reference: str) -> Candidate:
    found = desk.get(person=signed_in(request), reference=reference)
    if found is None:
        raise exceptions.NotFound(f"There is no candidate {reference}.")
    return found


def _answer(added: DeskReport) -> Response:
    data: Mapping[str, Any] = serializers.DeskReportOut(added).data
    if added.incident is not None:
        reference, so_far = added.incident.reference, queries.totals(added.incident, tz=UTC)
    else:
        assert added.candidate is not None
        reference, so_far = None, queries.totals_of_candidate(added.candidate, tz=UTC)
    totals = serializers.TotalsOut(so_far).data
    return Response({**data, "incident": reference, "totals": totals}, status=201)
