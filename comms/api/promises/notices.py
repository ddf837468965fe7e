"""people/me/notices/: what reaches me and when not, over REST. Nobody reads or changes another's."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import WakeReason
from comms.models import NoticePreference
from comms.services.telling import preferences
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api.base import signed_in

_CLOCK = "%H:%M"


class NoticesShape(serializers.Serializer[Any]):
    """Quiet hours in the person's own zone, null where nothing is quiet, and what wakes an executive."""

    quiet_from = serializers.TimeField(format=_CLOCK, allow_null=True)
    quiet_until = serializers.TimeField(format=_CLOCK, allow_null=True)
    time_zone = serializers.CharField(source="person.time_zone", read_only=True)
    wakes = serializers.ListField(child=serializers.ChoiceField(choices=WakeReason.choices), required=False)


class MyNotices(IdempotentView):
    """GET shows, PUT writes both ends of the quiet hours; `wakes`, an executive's, stays where it is left out."""

    access = {"GET": Access("read"), "PUT": Access("comms")}

    @extend_schema(tags=["people"], responses=NoticesShape)
    def get(self, request: Request) -> Response:
        return _answer(preferences.of(signed_in(request)))

    @extend_schema(tags=["people"], request=NoticesShape, responses=NoticesShape)
    def put(self, request: Request) -> Response:
        given, person = validated(NoticesShape(data=request.data)), signed_in(request)
        wakes = given.get("wakes", preferences.of(person).wakes)
        quiet = {name: given[name] for name in ("quiet_from", "quiet_until")}
        return _answer(preferences.change(person=person, wakes=wakes, **quiet))


def _answer(held: NoticePreference) -> Response:
    return Response(NoticesShape(held).data)
