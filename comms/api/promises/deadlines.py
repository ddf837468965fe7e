"""deadlines/ and incidents/{ref}/deadlines/: what was promised to whom by when, and whether it was kept."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import DeadlineState, EndReason
from comms.models import Audience, UpdateDeadline
from comms.queries.promises import deadlines
from incidents.queries import incidents
from incidents.services import locking
from mim_portal.api.paging import CursorPaging
from mim_portal.api.permissions import Access
from teams.api.base import PersonView
from teams.rules import roles

TAGS = ["deadlines"]


class DeadlineOut(serializers.Serializer[Any]):
    """One promise. `state` is open until kept or ended; `missed_at` says when a late one was recorded."""

    id = serializers.IntegerField()
    incident = serializers.CharField()
    audience = serializers.CharField()
    state = serializers.ChoiceField(choices=[DeadlineState.OPEN, DeadlineState.KEPT, DeadlineState.ENDED])
    is_late = serializers.BooleanField()
    late_seconds = serializers.IntegerField()
    is_first = serializers.BooleanField()
    due_at = serializers.DateTimeField()
    promised_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField()
    warned_at = serializers.DateTimeField(allow_null=True)
    missed_at = serializers.DateTimeField(allow_null=True)
    deputy_told_at = serializers.DateTimeField(allow_null=True)
    practice_lead_told_at = serializers.DateTimeField(allow_null=True)
    kept_at = serializers.DateTimeField(allow_null=True)
    kept_by = serializers.IntegerField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.ChoiceField(choices=EndReason.choices, allow_blank=True)


class DeadlineFilter(serializers.Serializer[Any]):
    """What can be asked for."""

    state = serializers.ChoiceField(choices=DeadlineState.choices, required=False)
    due_before = serializers.DateTimeField(required=False)
    audience = serializers.SlugRelatedField(slug_field="code", queryset=Audience.objects.all(), required=False)


class DeadlineList(PersonView):
    """Promises across the incidents that the caller may see, soonest due first."""

    access = {"read": Access("read", roles.EVERY_ROLE)}
    cursor_ordering = ("due_at", "id")

    @extend_schema(
        tags=TAGS,
        parameters=[DeadlineFilter, OpenApiParameter("cursor", str)],
        responses=DeadlineOut(many=True),
        operation_id="deadlines_list",
    )
    def get(self, request: Request) -> Response:
        return self.listed(deadlines.visible(self.person()))

    def listed(self, rows: QuerySet[UpdateDeadline]) -> Response:
        """A page of what the query asks for."""
        asked = DeadlineFilter(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        if "state" in asked.validated_data:
            rows = deadlines.in_state(rows, asked.validated_data["state"])
        if "due_before" in asked.validated_data:
            rows = rows.filter(due_at__lt=asked.validated_data["due_before"])
        if "audience" in asked.validated_data:
            rows = rows.filter(audience=asked.validated_data["audience"])
        paginator, now = CursorPaging(), timezone.now()
        page = paginator.paginate_queryset(rows, self.request, view=self) or []
        shown = [deadlines.plain(row, now=now) for row in page]
        return paginator.get_paginated_response(DeadlineOut(shown, many=True).data)


class IncidentDeadlineList(DeadlineList):
    """Every promise of one incident, in the order in which they were due."""

    @extend_schema(
        tags=TAGS,
        parameters=[DeadlineFilter, OpenApiParameter("cursor", str)],
        responses=DeadlineOut(many=True),
        operation_id="incident_deadlines_list",
    )
    def get(self, request: Request, reference: str) -> Response:  # type: ignore[override]
        incident = incidents.get(reference, self.person())
        if incident is None:
            raise locking.UnknownIncident(f"There is no incident {reference}.")
        return self.listed(deadlines.of_incident(incident))
