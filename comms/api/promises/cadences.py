"""cadence-policies/ and service-audiences/: how often which audience hears, and where services differ."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.models import Audience
from comms.queries.promises import cadences as queries
from comms.rules.promises import cadence, policies
from comms.services.promises import cadences
from comms.services.promises.cadences import Wanted
from incidents.choices import Priority
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.models import Service
from teams.rules import roles

TAGS = ["deadlines"]


class _Minutes(serializers.IntegerField):
    def __init__(self) -> None:
        super().__init__(min_value=cadence.SHORTEST, max_value=cadence.LONGEST, allow_null=True, required=False)


class CadenceIn(serializers.Serializer[Any]):
    """What changes; empty minutes mean on change only."""

    first_minutes = _Minutes()
    every_minutes = _Minutes()
    later_minutes = _Minutes()
    is_owed = serializers.BooleanField(required=False)


class CadenceOut(serializers.Serializer[Any]):
    """One audience at one priority. Running incidents keep what was frozen at their declaration."""

    priority = serializers.ChoiceField(choices=Priority.choices)
    audience = serializers.SlugField()
    first_minutes = serializers.IntegerField(allow_null=True)
    every_minutes = serializers.IntegerField(allow_null=True)
    later_minutes = serializers.IntegerField(allow_null=True)
    is_owed = serializers.BooleanField()
    is_default = serializers.BooleanField()


class CadenceChanged(CadenceOut):
    """With what to think about, and the live incidents that it does not touch."""

    advice = serializers.ListField(child=serializers.CharField())
    not_touched = serializers.ListField(child=serializers.CharField())


class ServiceAudienceShape(serializers.Serializer[Any]):
    """Whether a service owes an audience updates by default; null: as the priority says."""

    service = serializers.SlugRelatedField(slug_field="slug", queryset=Service.objects.all())
    audience = serializers.SlugRelatedField(slug_field="code", queryset=Audience.objects.filter(is_active=True))
    is_owed = serializers.BooleanField(allow_null=True)


class CadenceList(IdempotentView):
    """Every priority and audience."""

    access = {"read": Access("read", roles.ROOM_READERS)}

    @extend_schema(tags=TAGS, operation_id="cadence_policies", responses=CadenceOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(CadenceOut([queries.plain(row) for row in queries.table()], many=True).data)


class CadenceDetail(IdempotentView):
    """One row: PATCH changes it, DELETE makes it the usual one again."""

    access = {"PATCH": Access("admin", roles.POLICY_EDITORS), "DELETE": Access("admin", roles.POLICY_EDITORS)}

    @extend_schema(tags=TAGS, request=CadenceIn, responses=CadenceChanged)
    def patch(self, request: Request, priority: str, audience: str) -> Response:
        given = validated(CadenceIn(data=request.data))
        before = self._row(priority, audience)
        minutes = {name: given.get(name, before.minutes[name]) for name in policies.FIELDS}
        owed = given.get("is_owed", before.is_owed)
        wanted = Wanted(priority=priority, audience=audience, minutes=minutes, is_owed=owed)
        advice = cadences.change(person=signed_in(request), rows=[wanted])
        return Response(self._changed(request, priority, audience, advice=advice))

    @extend_schema(tags=TAGS, responses=CadenceChanged)
    def delete(self, request: Request, priority: str, audience: str) -> Response:
        cadences.reset(person=signed_in(request), priority=priority, audience=audience)
        return Response(self._changed(request, priority, audience, advice=[]))

    def _changed(self, request: Request, priority: str, audience: str, *, advice: list[str]) -> Any:
        untouched = [
            one.incident.reference for one in queries.kept(signed_in(request)) if one.incident.priority == priority
        ]
        row = queries.plain(self._row(priority, audience)) | {"advice": advice, "not_touched": untouched}
        return CadenceChanged(row).data

    def _row(self, priority: str, audience: str) -> queries.Row:
        for row in queries.table():
            if (row.priority, row.audience.code) == (priority, audience):
                return row
        raise cadences.UnknownPolicy(f"There is no cadence of {priority} {audience}.")


class ServiceAudiences(IdempotentView):
    """Where services differ; POST sets one, or with `is_owed` null takes the difference away."""

    access = {"read": Access("read", roles.ROOM_READERS), "POST": Access("admin", roles.POLICY_EDITORS)}

    @extend_schema(tags=TAGS, operation_id="service_audiences", responses=ServiceAudienceShape(many=True))
    def get(self, request: Request) -> Response:
        return Response(ServiceAudienceShape(queries.differing(), many=True).data)

    @extend_schema(
        tags=TAGS,
        operation_id="service_audience_set",
        request=ServiceAudienceShape,
        responses=ServiceAudienceShape(many=True),
    )
    def post(self, request: Request) -> Response:
        cadences.differ(person=signed_in(request), **validated(ServiceAudienceShape(data=request.data)))
        return self.get(request)
