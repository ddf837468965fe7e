"""The times of one incident, each with every value that it ever had."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import representation
from incidents.api.fields import PersonField, visible
from incidents.choices import DetectionSource
from incidents.models import Engagement, Incident, RecordedTime
from incidents.models.incident import TIME_FIELDS
from incidents.queries import times
from incidents.rules import times as rules
from incidents.services.record import details
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many
from mim_portal.api.permissions import Access
from mim_portal.lib.refusals import Invalid
from teams.api.base import signed_in
from teams.rules import roles

_IF_MATCH = [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)]


class RecordedOut(serializers.Serializer[RecordedTime]):
    """One value that was given: in which zone, how exactly, by whom and when; none with a reason is “not known”."""

    at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    precision = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = PersonField(read_only=True)


class TimeOut(serializers.Serializer[times.TimeRow]):
    """One time; `history` has every value, the latest first."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
    is_fixed = serializers.BooleanField()
    is_missing = serializers.BooleanField()
    unknown_because = serializers.CharField()
    history = serializers.SerializerMethodField()

    @extend_schema_field(RecordedOut(many=True))
    def get_history(self, row: times.TimeRow) -> Any:
        given = [row.latest, *row.earlier] if row.latest is not None else []
        return many(RecordedOut, given)


class TeamTimesOut(serializers.Serializer[Engagement]):
    """One team's help: asked, acknowledged, joined and able to act."""

    team = serializers.CharField(source="team.slug")
    paged_at = serializers.DateTimeField(source="asked_at")
    acknowledged_at = serializers.DateTimeField()
    engaged_at = serializers.DateTimeField(source="joined_at")


class TimesOut(serializers.Serializer[Any]):
    """All times of domain.md 1.9. Warnings tell of pairs the wrong way round; they refuse nothing."""

    times = TimeOut(source="rows", many=True)
    detection_source = serializers.ChoiceField(choices=DetectionSource.choices, allow_blank=True)
    missing = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())
    teams = TeamTimesOut(many=True)
    first_comms_at = serializers.DictField(child=serializers.CharField())
    review_published_at = serializers.CharField(allow_null=True)


class RecordedTimeIn(serializers.Serializer[Any]):
    """One time: `at` with its precision, or none with the reason why nobody knows it."""

    name = serializers.CharField(max_length=30)
    at = serializers.DateTimeField(required=False, allow_null=True)
    precision = serializers.ChoiceField(choices=RecordedTime.Precision.choices, required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class UnknownIn(serializers.Serializer[Any]):
    """One reason for all times that are missing, or for those named."""

    names = serializers.ListField(child=serializers.CharField(max_length=30), required=False)
    reason = serializers.CharField(max_length=300)


class TimeList(IdempotentView):
    """Every time with its history; POST gives or corrects one. Both values stay."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("command", roles.COMMANDERS),
    }

    @extend_schema(responses=TimesOut)
    def get(self, request: Request, reference: str) -> Response:
        return _answer(visible(request, reference))

    @extend_schema(request=RecordedTimeIn, responses=TimesOut, parameters=_IF_MATCH)
    def post(self, request: Request, reference: str) -> Response:
        incident = visible(request, reference)
        given = validated(RecordedTimeIn(data=request.data))
        at = given.get("at")
        if at is None and not given.get("reason", "").strip():
            raise Invalid("Give the time, or say why nobody knows it.", code="required", field="reason")
        if at is not None and given.get("reason", "").strip():
            bodies.pass_over(["reason"])  # it says why nobody knows the time
        if at is None and "precision" in given:
            bodies.pass_over(["precision"])
        try:
            recorded = details.record_times(
                reference=reference,
                given={given["name"]: at},
                person=signed_in(request),
                precision=given.get("precision", RecordedTime.Precision.EXACT),
                reason=given.get("reason", "") if at is None else "",
                version=representation.version_of(request, incident),
                now=timezone.now(),
            )
        except Invalid as wrong:
            raise Invalid(wrong.message, code=wrong.code, field=_field(given["name"], wrong.field)) from wrong
        return _answer(recorded)


class TimesUnknown(IdempotentView):
    """What nobody knows is said once, with its reason, and closes the question."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=UnknownIn, responses=TimesOut)
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        given = validated(UnknownIn(data=request.data))
        marked = details.mark_unknown(
            reference=reference,
            person=signed_in(request),
            reason=given["reason"],
            names=given.get("names"),
            now=timezone.now(),
        )
        return _answer(marked)


def _field(name: str, at_fault: str) -> str:
    """Which input of this address it is: the name, where no such time can be given, else the time itself."""
    if at_fault != name:
        return at_fault
    return "at" if name in TIME_FIELDS and name not in rules.FIXED else "name"


def _answer(incident: Incident) -> Response:
    found = times.of(incident)
    shown = {
        "rows": found.rows,
        "detection_source": incident.detection_source,
        "missing": [row.name for row in found.missing],
        "warnings": [warning.message for warning in found.warnings],
        "teams": found.teams,
        "first_comms_at": found.elsewhere.get("first_comms_at", {}),
        "review_published_at": found.elsewhere.get("review_published_at"),
    }
    return Response(TimesOut(shown).data, headers={"ETag": representation.etag(incident)})
